//! A person in danger who waits for a human, or has one.

use expect_test::expect;

use super::script::check;

#[test]
fn a_human_comes_once_one_can_and_not_again_after_that() {
    check(
        "0 duty off
         1 says 骗我 -> * fraud fraud.report
         5 duty on
         6 says 怎么办啊
         9 leaves_queue
         12 says 怎么办啊
         15 says 还在骗 -> * fraud fraud.report",
        &expect![[r#"
            0 duty off
                | Closed epoch 0
            1 says 骗我 -> * fraud fraud.report
                | BotActive misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 骗我
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report [human]
                 5 Noticed NoAgent 没有坐席
            5 duty on
                | BotActive misses 0 epoch 1 until 301
            6 says 怎么办啊
                | Queued since 6 priority 9 epoch 2 until 606
                 6 CustomerSaid 怎么办啊
                 7 BotSaid Intent 请先停止转账 by fraud.report
                 8 Queued Intent
                 9 Noticed Queued 已排队
            9 leaves_queue
                | BotActive misses 0 epoch 3 until 309
                10 ReturnedToBot
                11 Noticed LeftQueue 已取消排队
            12 says 怎么办啊
                | BotActive misses 0 epoch 3 until 312
                12 CustomerSaid 怎么办啊
                13 BotSaid Intent 请先停止转账 by fraud.report [human]
            15 says 还在骗 -> * fraud fraud.report
                | Queued since 15 priority 9 epoch 4 until 615
                14 CustomerSaid 还在骗
                15 DangerFound fraud fraud.report priority 9
                16 BotSaid Intent 请先停止转账 by fraud.report
                17 Queued Intent
                18 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn a_wait_that_was_too_long_ends_in_a_form_only_for_who_asked_for_a_human() {
    check(
        "0 says 骗我 -> * fraud fraud.report
         600 tick",
        &expect![[r#"
            0 says 骗我 -> * fraud fraud.report
                | Queued since 0 priority 9 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 CustomerSaid 骗我
                 3 DangerFound fraud fraud.report priority 9
                 4 BotSaid Intent 请先停止转账 by fraud.report
                 5 Queued Intent
                 6 Noticed Queued 已排队
            600 tick
                | BotActive misses 0 epoch 3 until 900
                 7 ReturnedToBot
                 8 Noticed NoAgent 没有坐席
        "#]],
    );
    check(
        "0 asks_human
         1 says 骗我 -> * fraud fraud.report
         600 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            1 says 骗我 -> * fraud fraud.report
                | Queued since 0 priority 9 epoch 2 until 600
                 5 CustomerSaid 骗我
                 6 DangerFound fraud fraud.report priority 9
                 7 Noticed Safety 停止转账，打 110。
            600 tick
                | LeavingMessage misses 0 epoch 3 until 900
                 8 MessageAsked
                 9 Noticed NoAgent 没有坐席
        "#]],
    );
}

#[test]
fn a_waiting_customer_in_danger_reads_what_to_do_and_moves_up() {
    check(
        "0 says 转人工 -> ! human.request
         2 says 有人骗我 -> * fraud fraud.report
         3 says 还在骗我 -> * fraud fraud.report
         4 says 假的 -> * harm illegal.ask
         5 offer 7
         6 says 不想活了 -> * crisis crisis.self
         7 says 提现 -> ! fraud.report",
        &expect![[r#"
            0 says 转人工 -> ! human.request
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 CustomerSaid 转人工
                 3 Queued Asked
                 4 Noticed Queued 已排队
            2 says 有人骗我 -> * fraud fraud.report
                | Queued since 0 priority 9 epoch 2 until 600
                 5 CustomerSaid 有人骗我
                 6 DangerFound fraud fraud.report priority 9
                 7 Noticed Safety 停止转账，打 110。
            3 says 还在骗我 -> * fraud fraud.report
                | Queued since 0 priority 9 epoch 2 until 600
                 8 CustomerSaid 还在骗我
                 9 DangerFound fraud fraud.report priority 9
            4 says 假的 -> * harm illegal.ask
                | Queued since 0 priority 9 epoch 2 until 600
                10 CustomerSaid 假的
            5 offer 7
                | Offered to 7 since 0 priority 9 epoch 2 until 35
                11 Offered 7
            6 says 不想活了 -> * crisis crisis.self
                | Offered to 7 since 0 priority 9 epoch 2 until 35
                12 CustomerSaid 不想活了
                13 DangerFound crisis crisis.self priority 9
                14 Noticed Safety 很担心您，打 120。
            7 says 提现 -> ! fraud.report
                | Offered to 7 since 0 priority 9 epoch 2 until 35
                15 CustomerSaid 提现
        "#]],
    );
}

#[test]
fn an_agent_keeps_a_customer_in_danger_and_a_lost_one_gives_the_place_back_higher() {
    check(
        "0 asks_human
         2 accept 7
         3 says 骗我 -> * fraud fraud.report
         4 says 骗我 -> * fraud fraud.report
         5 agent_lost 7
         20 tick
         21 says 骗我 -> * fraud fraud.report
         30 accept 8
         31 says 骗我 -> * fraud fraud.report
         32 return_to_bot 8
         33 says 谢谢 -> ! chat.hello",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            2 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 62
                 5 AgentJoined 7
                 6 Noticed AgentJoined 小林来了
            3 says 骗我 -> * fraud fraud.report
                | AgentActive 7 since 0 priority 9 epoch 3 until 62
                 7 CustomerSaid 骗我
                 8 DangerFound fraud fraud.report priority 9
                 9 Noticed Safety 停止转账，打 110。
            4 says 骗我 -> * fraud fraud.report
                | AgentActive 7 since 0 priority 9 epoch 3 until 62
                10 CustomerSaid 骗我
                11 DangerFound fraud fraud.report priority 9
            5 agent_lost 7
                | AgentLost 7 since 0 priority 9 epoch 3 until 20
                12 AgentLost 7
            20 tick
                | Queued since 0 priority 9 epoch 4 until 620
                13 Queued AgentLost
                14 Noticed AgentLost 坐席断线，位置保留
            21 says 骗我 -> * fraud fraud.report
                | Queued since 0 priority 9 epoch 4 until 620
                15 CustomerSaid 骗我
                16 DangerFound fraud fraud.report priority 9
                17 Noticed Safety 停止转账，打 110。
            30 accept 8
                | AgentActive 8 since 0 priority 9 epoch 5 until 90
                18 AgentJoined 8
                19 Noticed AgentJoined 小林来了
            31 says 骗我 -> * fraud fraud.report
                | AgentActive 8 since 0 priority 9 epoch 5 until 90
                20 CustomerSaid 骗我
                21 DangerFound fraud fraud.report priority 9
            32 return_to_bot 8
                | BotActive misses 0 epoch 6 until 332
                22 ReturnedToBot
                23 Noticed BackToBot 机器人回来了
            33 says 谢谢 -> ! chat.hello
                | BotActive misses 0 epoch 6 until 333
                24 CustomerSaid 谢谢
                25 BotSaid Intent 停止转账，打 110。 by fraud.report [human]
        "#]],
    );
}

#[test]
fn an_urgent_customer_whose_message_is_taken_up_keeps_the_priority() {
    check(
        "0 duty closed
         1 leaves_message 请回电
         2 says 骗我 -> * fraud fraud.report
         3 accept 7",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 leaves_message 请回电
                | MessageLeft epoch 2 until 501
                 1 EpisodeStarted 1
                 2 MessageLeft 请回电
                 3 Noticed MessageKept 留言已保存
            2 says 骗我 -> * fraud fraud.report
                | BotActive misses 0 epoch 3 until 302
                 4 EpisodeStarted 2
                 5 CustomerSaid 骗我
                 6 DangerFound fraud fraud.report priority 9
                 7 BotSaid Intent 请先停止转账 by fraud.report [human]
                 8 Noticed OffHours 11月24日（周二）09:00上班
            3 accept 7
                | AgentActive 7 since 3 priority 9 epoch 4 until 63
                 9 AgentJoined 7
                10 Noticed AgentJoined 小林来了
        "#]],
    );
}
