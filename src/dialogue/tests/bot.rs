//! The bot answers, misses, and hands over.

use expect_test::expect;

use super::script::check;

#[test]
fn a_first_message_begins_an_episode_and_is_answered_with_follow_ups() {
    check(
        "0 says 提现多久 -> withdraw.time
         9 presses withdraw.fee
         12 presses promo.old -> withdraw.time",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            9 presses withdraw.fee
                | BotActive misses 0 epoch 1 until 309
                 4 CustomerSaid withdraw.fee [withdraw.fee]
                 5 BotSaid Answer 答：提现手续费多少 [human]
            12 presses promo.old -> withdraw.time
                | BotActive misses 0 epoch 1 until 312
                 6 CustomerSaid promo.old [promo.old]
                 7 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
        "#]],
    );
}

#[test]
fn two_misses_in_a_row_lead_to_the_queue() {
    check(
        "0 says 什么
         5 says 啊",
        &expect![[r#"
            0 says 什么
                | BotActive misses 1 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 什么
                 3 BotSaid Fallback 没听懂 [human]
            5 says 啊
                | Queued since 5 priority 5 epoch 2 until 605
                 4 CustomerSaid 啊
                 5 BotSaid Fallback 还是没听懂
                 6 Queued Misses
                 7 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn a_hit_begins_the_count_of_misses_anew() {
    check(
        "0 says 什么
         5 says 提现 -> withdraw.time
         9 says 啊
         12 says 你好 -> ! chat.hello
         15 says 啊",
        &expect![[r#"
            0 says 什么
                | BotActive misses 1 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 什么
                 3 BotSaid Fallback 没听懂 [human]
            5 says 提现 -> withdraw.time
                | BotActive misses 0 epoch 1 until 305
                 4 CustomerSaid 提现
                 5 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            9 says 啊
                | BotActive misses 1 epoch 1 until 309
                 6 CustomerSaid 啊
                 7 BotSaid Fallback 没听懂 [human]
            12 says 你好 -> ! chat.hello
                | BotActive misses 0 epoch 1 until 312
                 8 CustomerSaid 你好
                 9 BotSaid Intent 您好 by chat.hello
            15 says 啊
                | BotActive misses 1 epoch 1 until 315
                10 CustomerSaid 啊
                11 BotSaid Fallback 没听懂 [human]
        "#]],
    );
}

#[test]
fn an_intent_replies_answers_or_hands_over_with_its_words_first() {
    check(
        "0 says 你好 -> ! chat.hello
         2 says 提现 -> ! withdraw.ask
         4 says 去年的活动 -> ! promo.ask
         6 says 没有这个意图 -> ! no.such
         8 ends",
        &expect![[r#"
            0 says 你好 -> ! chat.hello
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 你好
                 3 BotSaid Intent 您好 by chat.hello
            2 says 提现 -> ! withdraw.ask
                | BotActive misses 0 epoch 1 until 302
                 4 CustomerSaid 提现
                 5 BotSaid Answer 答：提现多久到账 by withdraw.ask [提现手续费多少]
            4 says 去年的活动 -> ! promo.ask
                | BotActive misses 1 epoch 1 until 304
                 6 CustomerSaid 去年的活动
                 7 BotSaid Fallback 没听懂 [human]
            6 says 没有这个意图 -> ! no.such
                | Queued since 6 priority 5 epoch 2 until 606
                 8 CustomerSaid 没有这个意图
                 9 BotSaid Fallback 还是没听懂
                10 Queued Misses
                11 Noticed Queued 已排队
            8 ends
                | Rating epoch 3 until 108
                12 Ended Customer, rate until 108
                13 Noticed Rate 请评价
        "#]],
    );
    check(
        "0 says 我被骗了 -> ! fraud.report",
        &expect![[r#"
        0 says 我被骗了 -> ! fraud.report
            | Queued since 0 priority 9 epoch 2 until 600
             1 EpisodeStarted 1
             2 CustomerSaid 我被骗了
             3 BotSaid Intent 请先停止转账 by fraud.report
             4 Queued Intent
             5 Noticed Queued 已排队
    "#]],
    );
    check(
        "0 says 转人工 -> ! human.request",
        &expect![[r#"
        0 says 转人工 -> ! human.request
            | Queued since 0 priority 5 epoch 2 until 600
             1 EpisodeStarted 1
             2 CustomerSaid 转人工
             3 Queued Asked
             4 Noticed Queued 已排队
    "#]],
    );
}

#[test]
fn an_entry_may_offer_a_human_or_force_one() {
    check(
        "0 says 手续费 -> withdraw.fee
         4 says 被盗了 -> account.stolen",
        &expect![[r#"
            0 says 手续费 -> withdraw.fee
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 手续费
                 3 BotSaid Answer 答：提现手续费多少 [human] (withdraw.fee 0.988)
            4 says 被盗了 -> account.stolen
                | Queued since 4 priority 5 epoch 2 until 604
                 4 CustomerSaid 被盗了
                 5 BotSaid Answer 答：账户被盗怎么办 (account.stolen 0.988)
                 6 Queued Entry
                 7 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn an_answer_that_is_no_longer_served_is_a_miss() {
    check(
        "0 says 活动 -> promo.old",
        &expect![[r#"
        0 says 活动 -> promo.old
            | BotActive misses 1 epoch 1 until 300
             1 EpisodeStarted 1
             2 CustomerSaid 活动
             3 BotSaid Fallback 没听懂 [human] (promo.old 0.988)
    "#]],
    );
}

#[test]
fn a_secret_is_told_to_be_destroyed_whoever_owns_the_conversation() {
    check(
        "0 says 密码是abc12345 -> withdraw.time
         3 asks_human
         5 says 验证码482913",
        &expect![[r#"
            0 says 密码是abc12345 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 密码是[密码已删除]
                 3 Noticed SecretDestroyed 密码已删除
                 4 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            3 asks_human
                | Queued since 3 priority 5 epoch 2 until 603
                 5 HumanAsked
                 6 Queued Asked
                 7 Noticed Queued 已排队
            5 says 验证码482913
                | Queued since 3 priority 5 epoch 2 until 603
                 8 CustomerSaid 验证码[验证码已删除]
                 9 Noticed SecretDestroyed 密码已删除
        "#]],
    );
}

#[test]
fn empty_and_overlong_texts_are_refused() {
    check(
        "0 says \u{3000}
         1 says 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一",
        &expect![[r#"
            0 says
                | Closed epoch 0
                refused: the text is empty
            1 says 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一
                | Closed epoch 0
                refused: the text is too long
        "#]],
    );
}

#[test]
fn a_fault_of_the_bot_ends_in_a_human() {
    check(
        "0 says 提现多久 -> fault
         1 leaves_queue
         2 duty off
         3 says 提现多久 -> fault",
        &expect![[r#"
            0 says 提现多久 -> fault
                | Queued since 0 priority 6 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 Queued BotFailed
                 4 Noticed Queued 已排队
            1 leaves_queue
                | BotActive misses 0 epoch 3 until 301
                 5 ReturnedToBot
                 6 Noticed LeftQueue 已取消排队
            2 duty off
                | BotActive misses 0 epoch 3 until 301
            3 says 提现多久 -> fault
                | LeavingMessage misses 0 epoch 3 until 303
                 7 CustomerSaid 提现多久
                 8 MessageAsked
                 9 Noticed NoAgent 没有坐席
        "#]],
    );
}
