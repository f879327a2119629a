//! Staffing notices of waiting customers.

use expect_test::expect;

use super::script::check;

#[test]
fn who_waits_hears_once_that_nobody_is_ready_and_once_that_somebody_is() {
    check(
        "0 asks_human
         10 duty off
         11 unstaffed
         12 unstaffed
         20 duty on
         21 staffed
         22 staffed
         600 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            10 duty off
                | Queued since 0 priority 5 epoch 2 until 600
            11 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
                 5 Noticed QueueUnstaffed 现在没有坐席
            12 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
            20 duty on
                | Queued since 0 priority 5 epoch 2 until 600
            21 staffed
                | Queued since 0 priority 5 epoch 2 until 600
                 6 Noticed QueueStaffed 坐席回来了
            22 staffed
                | Queued since 0 priority 5 epoch 2 until 600
            600 tick
                | LeavingMessage misses 0 epoch 3 until 900
                 7 MessageAsked
                 8 Noticed NoAgent 没有坐席
        "#]],
    );
}

#[test]
fn that_nobody_is_ready_is_told_at_most_once_in_five_minutes() {
    check(
        "0 asks_human
         10 duty off
         11 unstaffed
         20 duty on
         21 staffed
         30 duty off
         31 unstaffed
         310 unstaffed
         311 unstaffed",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            10 duty off
                | Queued since 0 priority 5 epoch 2 until 600
            11 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
                 5 Noticed QueueUnstaffed 现在没有坐席
            20 duty on
                | Queued since 0 priority 5 epoch 2 until 600
            21 staffed
                | Queued since 0 priority 5 epoch 2 until 600
                 6 Noticed QueueStaffed 坐席回来了
            30 duty off
                | Queued since 0 priority 5 epoch 2 until 600
            31 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
            310 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
            311 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
                 7 Noticed QueueUnstaffed 现在没有坐席
        "#]],
    );
}

#[test]
fn only_what_is_true_at_the_moment_is_told_and_only_to_who_waits() {
    check(
        "0 says 提现多久 -> withdraw.time
         1 duty off
         2 unstaffed
         3 duty on
         4 asks_human
         5 unstaffed
         6 staffed
         7 accept 7
         8 duty off
         9 unstaffed",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 duty off
                | BotActive misses 0 epoch 1 until 300
            2 unstaffed
                | BotActive misses 0 epoch 1 until 300
            3 duty on
                | BotActive misses 0 epoch 1 until 300
            4 asks_human
                | Queued since 4 priority 5 epoch 2 until 604
                 4 HumanAsked
                 5 Queued Asked
                 6 Noticed Queued 已排队
            5 unstaffed
                | Queued since 4 priority 5 epoch 2 until 604
            6 staffed
                | Queued since 4 priority 5 epoch 2 until 604
            7 accept 7
                | AgentActive 7 since 4 priority 5 epoch 3 until 67
                 7 AgentJoined 7
                 8 Noticed AgentJoined 小林来了
            8 duty off
                | AgentActive 7 since 4 priority 5 epoch 3 until 67
            9 unstaffed
                | AgentActive 7 since 4 priority 5 epoch 3 until 67
        "#]],
    );
}

#[test]
fn a_lost_agents_customer_hears_that_nobody_is_ready_and_not_again_after_the_next() {
    check(
        "0 asks_human
         5 accept 7
         6 agent_says 7 您好
         10 agent_lost 7
         25 tick
         26 duty off
         27 unstaffed
         40 duty on
         41 accept 8
         50 agent_lost 8
         65 tick
         66 staffed
         67 duty off
         68 unstaffed",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            5 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 65
                 5 AgentJoined 7
                 6 Noticed AgentJoined 小林来了
            6 agent_says 7 您好
                | AgentActive 7 since 0 priority 5 epoch 3 until 906
                 7 AgentSaid 7 您好
            10 agent_lost 7
                | AgentLost 7 since 0 priority 5 epoch 3 until 25
                 8 AgentLost 7
            25 tick
                | Queued since 0 priority 5 epoch 4 until 625
                 9 Queued AgentLost
                10 Noticed AgentLost 坐席断线，位置保留
            26 duty off
                | Queued since 0 priority 5 epoch 4 until 625
            27 unstaffed
                | Queued since 0 priority 5 epoch 4 until 625
                11 Noticed QueueUnstaffed 现在没有坐席
            40 duty on
                | Queued since 0 priority 5 epoch 4 until 625
            41 accept 8
                | AgentActive 8 since 0 priority 5 epoch 5 until 101
                12 AgentJoined 8
                13 Noticed AgentJoined 小林来了
            50 agent_lost 8
                | AgentLost 8 since 0 priority 5 epoch 5 until 65
                14 AgentLost 8
            65 tick
                | Queued since 0 priority 5 epoch 6 until 665
                15 Queued AgentLost
                16 Noticed AgentLost 坐席断线，位置保留
            66 staffed
                | Queued since 0 priority 5 epoch 6 until 665
            67 duty off
                | Queued since 0 priority 5 epoch 6 until 665
            68 unstaffed
                | Queued since 0 priority 5 epoch 6 until 665
        "#]],
    );
}

#[test]
fn who_leaves_the_queue_while_nobody_is_ready_may_leave_a_message() {
    check(
        "0 asks_human
         10 duty off
         11 unstaffed
         12 leaves_queue
         13 says 提现 -> ! chat.hello
         14 leaves_message 请回电",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            10 duty off
                | Queued since 0 priority 5 epoch 2 until 600
            11 unstaffed
                | Queued since 0 priority 5 epoch 2 until 600
                 5 Noticed QueueUnstaffed 现在没有坐席
            12 leaves_queue
                | LeavingMessage misses 0 epoch 3 until 312
                 6 ReturnedToBot
                 7 Noticed LeftQueue 已取消排队
                 8 MessageAsked
                 9 Noticed NoAgent 没有坐席
            13 says 提现 -> ! chat.hello
                | BotActive misses 0 epoch 3 until 313
                10 CustomerSaid 提现
                11 BotSaid Intent 您好 by chat.hello
            14 leaves_message 请回电
                | MessageLeft epoch 4 until 514
                12 MessageLeft 请回电
                13 Noticed MessageKept 留言已保存
        "#]],
    );
}
