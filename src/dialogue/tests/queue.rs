//! In the queue: waiting, offered, leaving, and no agent on duty.

use expect_test::expect;

use super::script::check;

#[test]
fn the_bot_is_silent_while_the_customer_waits() {
    check(
        "0 asks_human
         5 says 提现多久 -> withdraw.time
         6 asks_human
         7 presses withdraw.fee",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            5 says 提现多久 -> withdraw.time
                | Queued since 0 priority 5 epoch 2 until 600
                 5 CustomerSaid 提现多久
            6 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 6 HumanAsked
            7 presses withdraw.fee
                | Queued since 0 priority 5 epoch 2 until 600
                 7 CustomerSaid withdraw.fee [withdraw.fee]
        "#]],
    );
}

#[test]
fn the_customer_leaves_the_queue_and_the_bot_answers_again() {
    check(
        "0 says 啊
         3 asks_human
         9 offer 7
         12 leaves_queue
         13 leaves_queue
         15 says 提现多久 -> withdraw.time",
        &expect![[r#"
            0 says 啊
                | BotActive misses 1 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 啊
                 3 BotSaid Fallback 没听懂 [human]
            3 asks_human
                | Queued since 3 priority 5 epoch 2 until 603
                 4 HumanAsked
                 5 Queued Asked
                 6 Noticed Queued 已排队
            9 offer 7
                | Offered to 7 since 3 priority 5 epoch 2 until 39
                 7 Offered 7
            12 leaves_queue
                | BotActive misses 0 epoch 3 until 312
                 8 ReturnedToBot
                 9 Noticed LeftQueue 已取消排队
            13 leaves_queue
                | BotActive misses 0 epoch 3 until 312
            15 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 3 until 315
                10 CustomerSaid 提现多久
                11 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
        "#]],
    );
}

#[test]
fn an_agent_who_was_quicker_than_leaving_has_it() {
    check(
        "0 asks_human
         9 accept 7
         9 leaves_queue",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            9 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 69
                 5 AgentJoined 7
                 6 Noticed AgentJoined 小林来了
            9 leaves_queue
                | AgentActive 7 since 0 priority 5 epoch 3 until 69
                refused: the conversation is in another phase
        "#]],
    );
}

#[test]
fn the_queue_gives_up_in_time_and_asks_for_a_message() {
    check(
        "0 asks_human
         599 tick
         600 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            599 tick
                | Queued since 0 priority 5 epoch 2 until 600
            600 tick
                | LeavingMessage misses 0 epoch 3 until 900
                 5 MessageAsked
                 6 Noticed NoAgent 没有坐席
        "#]],
    );
    check(
        "0 asks_human
         300 duty closed
         600 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            300 duty closed
                | Queued since 0 priority 5 epoch 2 until 600
            600 tick
                | LeavingMessage misses 0 epoch 3 until 900
                 5 MessageAsked
                 6 Noticed OffHours 11月24日（周二）09:00上班
        "#]],
    );
}

#[test]
fn an_offer_not_taken_keeps_the_place() {
    check(
        "0 asks_human
         9 offer 7
         10 offer 8
         11 decline 8
         20 decline 7
         25 offer 8
         54 tick
         55 tick
         600 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            9 offer 7
                | Offered to 7 since 0 priority 5 epoch 2 until 39
                 5 Offered 7
            10 offer 8
                | Offered to 7 since 0 priority 5 epoch 2 until 39
                refused: the conversation is in another phase
            11 decline 8
                | Offered to 7 since 0 priority 5 epoch 2 until 39
            20 decline 7
                | Queued since 0 priority 5 epoch 2 until 600
                 6 OfferEnded 7
            25 offer 8
                | Offered to 8 since 0 priority 5 epoch 2 until 55
                 7 Offered 8
            54 tick
                | Offered to 8 since 0 priority 5 epoch 2 until 55
            55 tick
                | Queued since 0 priority 5 epoch 2 until 600
                 8 OfferEnded 8
            600 tick
                | LeavingMessage misses 0 epoch 3 until 900
                 9 MessageAsked
                10 Noticed NoAgent 没有坐席
        "#]],
    );
}

#[test]
fn an_offer_stands_past_the_time_of_the_queue() {
    check(
        "0 asks_human
         590 offer 7
         601 tick
         610 accept 7",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            590 offer 7
                | Offered to 7 since 0 priority 5 epoch 2 until 620
                 5 Offered 7
            601 tick
                | Offered to 7 since 0 priority 5 epoch 2 until 620
            610 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 670
                 6 AgentJoined 7
                 7 Noticed AgentJoined 小林来了
        "#]],
    );
}

#[test]
fn an_agent_lost_while_offered_lets_it_pass_at_once() {
    check(
        "0 asks_human
         9 offer 7
         10 agent_lost 8
         11 agent_lost 7",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            9 offer 7
                | Offered to 7 since 0 priority 5 epoch 2 until 39
                 5 Offered 7
            10 agent_lost 8
                | Offered to 7 since 0 priority 5 epoch 2 until 39
            11 agent_lost 7
                | Queued since 0 priority 5 epoch 2 until 600
                 6 OfferEnded 7
        "#]],
    );
}

#[test]
fn without_a_human_a_message_is_asked_for() {
    check(
        "0 duty closed
         1 asks_human
         2 asks_human
         3 says 提现 -> withdraw.time
         4 duty off
         5 says 我被骗了 -> ! fraud.report
         6 duty on
         7 asks_human",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 asks_human
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 MessageAsked
                 4 Noticed OffHours 11月24日（周二）09:00上班
            2 asks_human
                | LeavingMessage misses 0 epoch 1 until 302
                 5 HumanAsked
                 6 MessageAsked
                 7 Noticed OffHours 11月24日（周二）09:00上班
            3 says 提现 -> withdraw.time
                | BotActive misses 0 epoch 1 until 303
                 8 CustomerSaid 提现
                 9 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            4 duty off
                | BotActive misses 0 epoch 1 until 303
            5 says 我被骗了 -> ! fraud.report
                | LeavingMessage misses 0 epoch 1 until 305
                10 CustomerSaid 我被骗了
                11 BotSaid Intent 请先停止转账 by fraud.report
                12 MessageAsked
                13 Noticed NoAgent 没有坐席
            6 duty on
                | LeavingMessage misses 0 epoch 1 until 305
            7 asks_human
                | Queued since 7 priority 9 epoch 2 until 607
                14 HumanAsked
                15 Queued Asked
                16 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn misses_while_leaving_a_message_do_not_send_round_in_a_circle() {
    check(
        "0 duty off
         1 says 啊
         2 says 啊
         3 says 啊
         4 duty on
         5 says 啊
         6 says 提现 -> ? withdraw.time withdraw.fee
         7 says 1",
        &expect![[r#"
            0 duty off
                | Closed epoch 0
            1 says 啊
                | BotActive misses 1 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 啊
                 3 BotSaid Fallback 没听懂 [human]
            2 says 啊
                | LeavingMessage misses 2 epoch 1 until 302
                 4 CustomerSaid 啊
                 5 BotSaid Fallback 还是没听懂
                 6 MessageAsked
                 7 Noticed NoAgent 没有坐席
            3 says 啊
                | LeavingMessage misses 3 epoch 1 until 303
                 8 CustomerSaid 啊
                 9 BotSaid Fallback 还是没听懂
            4 duty on
                | LeavingMessage misses 3 epoch 1 until 303
            5 says 啊
                | LeavingMessage misses 4 epoch 1 until 305
                10 CustomerSaid 啊
                11 BotSaid Fallback 还是没听懂 [human]
            6 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 4 ["withdraw.time", "withdraw.fee"] epoch 1 until 306
                12 CustomerSaid 提现
                13 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            7 says 1
                | BotActive misses 0 epoch 1 until 307
                14 CustomerSaid 1
                15 BotSaid Answer 答：提现多久到账 [提现手续费多少]
        "#]],
    );
}

#[test]
fn a_human_is_reached_from_every_phase_in_one_step() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee
         1 asks_human
         2 ends
         3 asks_human
         4 accept 7
         5 asks_human
         6 agent_closes 7
         7 asks_human
         8 leaves_message 请回电
         9 asks_human",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            1 asks_human
                | Queued since 1 priority 5 epoch 2 until 601
                 4 HumanAsked
                 5 Queued Asked
                 6 Noticed Queued 已排队
            2 ends
                | Closed epoch 3
                 7 Ended Customer, nothing to rate
            3 asks_human
                | Queued since 3 priority 5 epoch 5 until 603
                 8 EpisodeStarted 2
                 9 HumanAsked
                10 Queued Asked
                11 Noticed Queued 已排队
            4 accept 7
                | AgentActive 7 since 3 priority 5 epoch 6 until 64
                12 AgentJoined 7
                13 Noticed AgentJoined 小林来了
            5 asks_human
                | AgentActive 7 since 3 priority 5 epoch 6 until 64
                14 HumanAsked
            6 agent_closes 7
                | Rating epoch 7 until 106
                15 Ended Agent, rate until 106
                16 Noticed Rate 请评价
            7 asks_human
                | Queued since 7 priority 5 epoch 9 until 607
                17 EpisodeStarted 3
                18 HumanAsked
                19 Queued Asked
                20 Noticed Queued 已排队
            8 leaves_message 请回电
                | MessageLeft epoch 10 until 508
                21 MessageLeft 请回电
                22 Noticed MessageKept 留言已保存
            9 asks_human
                | Queued since 9 priority 5 epoch 12 until 609
                23 EpisodeStarted 4
                24 HumanAsked
                25 Queued Asked
                26 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn a_full_queue_asks_for_a_message_and_refuses_nobody_in_danger() {
    check(
        "0 duty full
         1 asks_human
         2 says 啊
         3 says 我不想活了 -> ! crisis.self",
        &expect![[r#"
            0 duty full
                | Closed epoch 0
            1 asks_human
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 MessageAsked
                 4 Noticed QueueFull 排队已满，请留言
            2 says 啊
                | LeavingMessage misses 1 epoch 1 until 302
                 5 CustomerSaid 啊
                 6 BotSaid Fallback 还是没听懂
            3 says 我不想活了 -> ! crisis.self
                | Queued since 3 priority 9 epoch 2 until 603
                 7 CustomerSaid 我不想活了
                 8 BotSaid Intent 很担心您，打 120。
            正在为您联系人工客服，请稍候。 by crisis.self
                 9 Queued Intent
                10 Noticed Queued 已请客服优先接待
        "#]],
    );
    check(
        "0 duty full
         1 says 账户被盗 -> account.stolen
         2 duty on
         3 asks_human",
        &expect![[r#"
            0 duty full
                | Closed epoch 0
            1 says 账户被盗 -> account.stolen
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 账户被盗
                 3 BotSaid Answer 答：账户被盗怎么办 (account.stolen 0.988)
                 4 MessageAsked
                 5 Noticed QueueFull 排队已满，请留言
            2 duty on
                | LeavingMessage misses 0 epoch 1 until 301
            3 asks_human
                | Queued since 3 priority 5 epoch 2 until 603
                 6 HumanAsked
                 7 Queued Asked
                 8 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn who_was_in_danger_a_moment_ago_is_not_refused_by_a_full_queue() {
    check(
        "0 duty off
         0 says 不想活了 -> ! crisis.self
         1 duty full
         2 asks_human
         3 leaves_queue
         4 says 转人工 -> ! human.request
         5 ends
         7 asks_human",
        &expect![[r#"
            0 duty off
                | Closed epoch 0
            0 says 不想活了 -> ! crisis.self
                | LeavingMessage misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 不想活了
                 3 BotSaid Intent 很担心您，打 120。 by crisis.self
                 4 MessageAsked
                 5 Noticed NoAgent 没有客服在线，打 12356
            1 duty full
                | LeavingMessage misses 0 epoch 1 until 300
            2 asks_human
                | Queued since 2 priority 9 epoch 2 until 602
                 6 HumanAsked
                 7 Queued Asked
                 8 Noticed Queued 已排队
            3 leaves_queue
                | BotActive misses 0 epoch 3 until 303
                 9 ReturnedToBot
                10 Noticed LeftQueue 已取消排队
            4 says 转人工 -> ! human.request
                | Queued since 4 priority 9 epoch 4 until 604
                11 CustomerSaid 转人工
                12 Queued Asked
                13 Noticed Queued 已排队
            5 ends
                | Closed epoch 5
                14 Ended Customer, nothing to rate
            7 asks_human
                | LeavingMessage misses 0 epoch 6 until 307
                15 EpisodeStarted 2
                16 HumanAsked
                17 MessageAsked
                18 Noticed QueueFull 排队已满，请留言
        "#]],
    );
}
