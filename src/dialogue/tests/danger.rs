//! People in danger: how long it stands, and help where no human can come.

use expect_test::expect;

use super::{fixture, script::check};
use crate::dialogue::{World, first_turn};
use crate::journal::{BotEvent, Event, Notice, Occasion};
use crate::knowledge::{
    Circumstances, Guard, GuardKind, Intent, IntentAction, KnowledgeBase, Watch,
};
use crate::matching::Outcome;

#[test]
fn what_follows_on_danger_is_read_in_it() {
    check(
        "0 duty closed
         1 says 有人骗我转账 -> * fraud fraud.report
         5 says 我已经转了
         8 says 怎么办啊 -> ! chat.hello
         12 says 冻结 -> account.freeze
         15 says 提现还是退款 -> ? withdraw.time fraud.refund
         16 says 然后呢 -> ?? withdraw.time account.freeze
         17 says 客服 -> ?? fraud.refund withdraw.time
         18 says 活动 -> ! promo.ask
         20 says 做假证 -> * harm illegal.ask",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 有人骗我转账 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 有人骗我转账
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report [human]
                 5 Noticed OffHours 11月24日（周二）09:00上班
            5 says 我已经转了
                | BotActive misses 0 epoch 1 until 305
                 6 CustomerSaid 我已经转了
                 7 BotSaid Intent 请先停止转账 by fraud.report [human]
            8 says 怎么办啊 -> ! chat.hello
                | BotActive misses 0 epoch 1 until 308
                 8 CustomerSaid 怎么办啊
                 9 BotSaid Intent 停止转账，打 110。 by fraud.report [human]
            12 says 冻结 -> account.freeze
                | BotActive misses 0 epoch 1 until 312
                10 CustomerSaid 冻结
                11 BotSaid Answer 停止转账，打 110。

            答：怎么冻结账户 [human] (account.freeze 0.988)
            15 says 提现还是退款 -> ? withdraw.time fraud.refund
                | Clarifying misses 0 ["withdraw.time", "fraud.refund"] epoch 1 until 315
                12 CustomerSaid 提现还是退款
                13 BotSaid Clarify 停止转账，打 110。

            您想问的是 [提现多久到账] [退款客服可信吗] [human] (withdraw.time 0.5) (fraud.refund 0.5)
            16 says 然后呢 -> ?? withdraw.time account.freeze
                | BotActive misses 0 epoch 1 until 316
                14 CustomerSaid 然后呢
                15 BotSaid Intent 请先停止转账 by fraud.report [human] (withdraw.time 0.4) (account.freeze 0.4)
            17 says 客服 -> ?? fraud.refund withdraw.time
                | Clarifying misses 0 ["fraud.refund", "withdraw.time"] epoch 1 until 317
                16 CustomerSaid 客服
                17 BotSaid Clarify 停止转账，打 110。

            您想问的是 [退款客服可信吗] [提现多久到账] [human] (fraud.refund 0.4) (withdraw.time 0.4)
            18 says 活动 -> ! promo.ask
                | BotActive misses 0 epoch 1 until 318
                18 CustomerSaid 活动
                19 BotSaid Intent 请先停止转账 by fraud.report [human]
            20 says 做假证 -> * harm illegal.ask
                | BotActive misses 0 epoch 1 until 320
                20 CustomerSaid 做假证
                21 BotSaid Intent 停止转账，打 110。

            不能帮 by illegal.ask
        "#]],
    );
}

#[test]
fn it_is_over_with_an_answer_about_something_else() {
    check(
        "0 duty closed
         1 says 骗我 -> * fraud fraud.report
         3 says 退款客服可信吗 -> = fraud.refund
         5 presses account.freeze
         7 says 怎么冻结账户 -> = account.freeze
         9 says 提现 -> withdraw.time
         11 says 提现多久到账 -> = withdraw.time
         13 says 怎么办啊",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 骗我 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 骗我
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report [human]
                 5 Noticed OffHours 11月24日（周二）09:00上班
            3 says 退款客服可信吗 -> = fraud.refund
                | BotActive misses 0 epoch 1 until 303
                 6 CustomerSaid 退款客服可信吗
                 7 BotSaid Answer 停止转账，打 110。

            答：退款客服可信吗 [怎么冻结账户] [human] (fraud.refund 0.988)
            5 presses account.freeze
                | BotActive misses 0 epoch 1 until 305
                 8 CustomerSaid account.freeze [account.freeze]
                 9 BotSaid Answer 停止转账，打 110。

            答：怎么冻结账户 [human]
            7 says 怎么冻结账户 -> = account.freeze
                | BotActive misses 0 epoch 1 until 307
                10 CustomerSaid 怎么冻结账户
                11 BotSaid Answer 停止转账，打 110。

            答：怎么冻结账户 [human] (account.freeze 0.988)
            9 says 提现 -> withdraw.time
                | BotActive misses 0 epoch 1 until 309
                12 CustomerSaid 提现
                13 BotSaid Answer 停止转账，打 110。

            答：提现多久到账 [提现手续费多少] [human] (withdraw.time 0.988)
            11 says 提现多久到账 -> = withdraw.time
                | BotActive misses 0 epoch 1 until 311
                14 CustomerSaid 提现多久到账
                15 DangerOver
                16 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            13 says 怎么办啊
                | BotActive misses 1 epoch 1 until 313
                17 CustomerSaid 怎么办啊
                18 BotSaid Fallback 没听懂 [human]
        "#]],
    );
}

#[test]
fn it_is_over_with_a_button_about_something_else() {
    check(
        "0 duty closed
         1 says 骗我 -> * fraud fraud.report
         3 presses withdraw.time
         5 says 怎么办啊",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 骗我 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 骗我
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report [human]
                 5 Noticed OffHours 11月24日（周二）09:00上班
            3 presses withdraw.time
                | BotActive misses 0 epoch 1 until 303
                 6 CustomerSaid withdraw.time [withdraw.time]
                 7 DangerOver
                 8 BotSaid Answer 答：提现多久到账 [提现手续费多少]
            5 says 怎么办啊
                | BotActive misses 1 epoch 1 until 305
                 9 CustomerSaid 怎么办啊
                10 BotSaid Fallback 没听懂 [human]
        "#]],
    );
}

#[test]
fn it_stands_for_half_an_hour_after_the_last_sign() {
    check(
        "0 duty closed
         1 says 骗我 -> * fraud fraud.report
         299 says 嗯
         597 says 还在骗 -> * fraud fraud.report
         890 says 嗯
         1180 says 嗯
         1470 says 嗯
         1760 says 嗯
         2050 says 嗯
         2340 says 嗯
         2396 says 嗯
         2397 says 嗯",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 骗我 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 骗我
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report [human]
                 5 Noticed OffHours 11月24日（周二）09:00上班
            299 says 嗯
                | BotActive misses 0 epoch 1 until 599
                 6 CustomerSaid 嗯
                 7 BotSaid Intent 请先停止转账 by fraud.report [human]
            597 says 还在骗 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 897
                 8 CustomerSaid 还在骗
                 9 DangerFound fraud fraud.report priority 9
                10 BotSaid Intent 请先停止转账 by fraud.report [human]
                11 Noticed OffHours 11月24日（周二）09:00上班
            890 says 嗯
                | BotActive misses 0 epoch 1 until 1190
                12 CustomerSaid 嗯
                13 BotSaid Intent 请先停止转账 by fraud.report [human]
            1180 says 嗯
                | BotActive misses 0 epoch 1 until 1480
                14 CustomerSaid 嗯
                15 BotSaid Intent 请先停止转账 by fraud.report [human]
            1470 says 嗯
                | BotActive misses 0 epoch 1 until 1770
                16 CustomerSaid 嗯
                17 BotSaid Intent 请先停止转账 by fraud.report [human]
            1760 says 嗯
                | BotActive misses 0 epoch 1 until 2060
                18 CustomerSaid 嗯
                19 BotSaid Intent 请先停止转账 by fraud.report [human]
            2050 says 嗯
                | BotActive misses 0 epoch 1 until 2350
                20 CustomerSaid 嗯
                21 BotSaid Intent 请先停止转账 by fraud.report [human]
            2340 says 嗯
                | BotActive misses 0 epoch 1 until 2640
                22 CustomerSaid 嗯
                23 BotSaid Intent 请先停止转账 by fraud.report [human]
            2396 says 嗯
                | BotActive misses 0 epoch 1 until 2696
                24 CustomerSaid 嗯
                25 BotSaid Intent 请先停止转账 by fraud.report [human]
            2397 says 嗯
                | BotActive misses 1 epoch 1 until 2697
                26 CustomerSaid 嗯
                27 BotSaid Fallback 没听懂 [human]
        "#]],
    );
}

#[test]
fn a_more_urgent_danger_takes_the_place_of_another() {
    check(
        "0 duty closed
         1 says 心里难受 -> * distress distress.low
         3 says 不想活了 -> * crisis crisis.self
         5 says 都被骗光了 -> * fraud fraud.report
         7 says 嗯
         9 says 心里难受 -> * distress distress.low",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 心里难受 -> * distress distress.low
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 心里难受
                 3 DangerFound distress distress.low priority 6
                 4 BotSaid Intent 愿意听您说。打 12356。 by distress.low [human]
            3 says 不想活了 -> * crisis crisis.self
                | BotActive misses 0 epoch 1 until 303
                 5 CustomerSaid 不想活了
                 6 DangerFound crisis crisis.self priority 9
                 7 BotSaid Intent 很担心您，打 120。 by crisis.self [human]
                 8 Noticed OffHours 11月24日（周二）09:00才有客服，打 12356
            5 says 都被骗光了 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 305
                 9 CustomerSaid 都被骗光了
                10 DangerFound fraud fraud.report priority 9
                11 BotSaid Intent 很担心您，打 120。

            请先停止转账 by fraud.report [human]
                12 Noticed OffHours 11月24日（周二）09:00上班
            7 says 嗯
                | BotActive misses 0 epoch 1 until 307
                13 CustomerSaid 嗯
                14 BotSaid Intent 很担心您，打 120。 by crisis.self [human]
            9 says 心里难受 -> * distress distress.low
                | BotActive misses 0 epoch 1 until 309
                15 CustomerSaid 心里难受
                16 DangerFound distress distress.low priority 6
                17 BotSaid Intent 很担心您，打 120。

            愿意听您说。打 12356。 by distress.low [human]
        "#]],
    );
}

#[test]
fn where_no_human_can_come_no_form_covers_the_help() {
    check(
        "0 duty closed
         1 asks_human
         2 says 不想活了 -> * crisis crisis.self
         4 says 不想活了 -> * crisis crisis.self
         302 says 不想活了 -> * crisis crisis.self
         304 says 出错 -> fault
         305 says 被盗 -> account.stolen
         306 says 转人工 -> ! human.request",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 asks_human
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 MessageAsked
                 4 Noticed OffHours 11月24日（周二）09:00上班
            2 says 不想活了 -> * crisis crisis.self
                | BotActive misses 0 epoch 1 until 302
                 5 CustomerSaid 不想活了
                 6 DangerFound crisis crisis.self priority 9
                 7 BotSaid Intent 很担心您，打 120。 by crisis.self [human]
                 8 Noticed OffHours 11月24日（周二）09:00才有客服，打 12356
            4 says 不想活了 -> * crisis crisis.self
                | BotActive misses 0 epoch 1 until 304
                 9 CustomerSaid 不想活了
                10 DangerFound crisis crisis.self priority 9
                11 BotSaid Intent 很担心您，打 120。 by crisis.self [human]
            302 says 不想活了 -> * crisis crisis.self
                | BotActive misses 0 epoch 1 until 602
                12 CustomerSaid 不想活了
                13 DangerFound crisis crisis.self priority 9
                14 BotSaid Intent 很担心您，打 120。 by crisis.self [human]
                15 Noticed OffHours 11月24日（周二）09:00才有客服，打 12356
            304 says 出错 -> fault
                | BotActive misses 0 epoch 1 until 604
                16 CustomerSaid 出错
                17 BotSaid Intent 很担心您，打 120。 by crisis.self [human]
            305 says 被盗 -> account.stolen
                | BotActive misses 0 epoch 1 until 605
                18 CustomerSaid 被盗
                19 BotSaid Answer 很担心您，打 120。

            答：账户被盗怎么办 [human] (account.stolen 0.988)
            306 says 转人工 -> ! human.request
                | LeavingMessage misses 0 epoch 1 until 606
                20 CustomerSaid 转人工
                21 BotSaid Intent 很担心您，打 120。 by human.request
                22 MessageAsked
                23 Noticed OffHours 11月24日（周二）09:00上班
        "#]],
    );
    check(
        "0 duty full
         1 says 不想活了 -> * crisis crisis.self",
        &expect![[r#"
            0 duty full
                | Closed epoch 0
            1 says 不想活了 -> * crisis crisis.self
                | Queued since 1 priority 9 epoch 2 until 601
                 1 EpisodeStarted 1
                 2 CustomerSaid 不想活了
                 3 DangerFound crisis crisis.self priority 9
                 4 BotSaid Intent 很担心您，打 120。
            正在为您联系人工客服，请稍候。 by crisis.self
                 5 Queued Intent
                 6 Noticed Queued 已请客服优先接待
        "#]],
    );
}

#[test]
fn it_is_over_with_the_episode() {
    check(
        "0 duty closed
         1 says 骗我 -> * fraud fraud.report
         2 ends
         3 says 怎么办啊",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 骗我 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 骗我
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report [human]
                 5 Noticed OffHours 11月24日（周二）09:00上班
            2 ends
                | Closed epoch 2
                 6 Ended Customer, nothing to rate
            3 says 怎么办啊
                | BotActive misses 1 epoch 3 until 303
                 7 EpisodeStarted 2
                 8 CustomerSaid 怎么办啊
                 9 BotSaid Fallback 没听懂 [human]
        "#]],
    );
}

/// What follows from a first utterance with this outcome while nobody is on duty.
fn follows(base: &KnowledgeBase, outcome: &Outcome) -> Vec<Event> {
    let find = |_: &str, _: Circumstances<'_>| Some(outcome.clone());
    let mut world = World { find: &find, ..fixture::world(base, 0) };
    world.duty.open = false;
    first_turn("他骗我".into(), &world).unwrap().events
}

#[test]
fn an_intent_that_the_guard_looks_for_is_a_danger_however_it_was_found() {
    let watch =
        |kind, intent: &str| Watch { kind, intent: intent.into(), near: None, rules: Vec::new() };
    let watches =
        vec![watch(GuardKind::Fraud, "fraud.report"), watch(GuardKind::Harm, "illegal.ask")];
    let guard = Guard { watches, ..Guard::default() };
    let base = KnowledgeBase { guard: guard.into(), ..fixture::base() };
    let cases = [
        // (what it shows, the outcome, the danger)
        ("by its patterns", fixture::wants("fraud.report"), Some(GuardKind::Fraud)),
        (
            "by the guard",
            fixture::guarded(GuardKind::Theft, "fraud.report"),
            Some(GuardKind::Theft),
        ),
        ("no danger", fixture::wants("illegal.ask"), None),
        ("not looked for", fixture::wants("crisis.self"), None),
        ("no longer there", fixture::guarded(GuardKind::Fraud, "no.such"), None),
    ];
    for (shows, outcome, expected) in cases {
        let kind = follows(&base, &outcome).into_iter().find_map(|event| match event {
            Event::Bot(BotEvent::FoundDanger { kind, .. }) => Some(kind),
            Event::Customer(_)
            | Event::Bot(_)
            | Event::Agent(_)
            | Event::Desk(_)
            | Event::Episode(_) => None,
        });
        assert_eq!(kind, expected, "{shows}");
    }
}

#[test]
fn an_intent_without_a_text_still_helps() {
    let silent = |intent: &Intent| {
        let mut intent = intent.clone();
        if let IntentAction::Handoff { text, .. } = &mut intent.action {
            text.clear();
        }
        intent
    };
    let intents: Vec<Intent> = fixture::base().intents.iter().map(silent).collect();
    let base = KnowledgeBase { intents: intents.into(), ..fixture::base() };
    let crisis = follows(&base, &fixture::guarded(GuardKind::Crisis, "crisis.self"));
    let told = Notice {
        occasion: Occasion::OffHours,
        text: "11月24日（周二）09:00才有客服，打 12356".to_owned(),
    };
    assert_eq!(crisis.last(), Some(&Event::Bot(BotEvent::Noticed(told))));
}
