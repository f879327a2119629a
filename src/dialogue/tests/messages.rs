//! Messages left for the agents, and agents who take them up.

use expect_test::expect;

use super::script::check;

#[test]
fn a_message_is_left_and_an_agent_takes_it_up() {
    check(
        "0 duty closed
         1 asks_human
         9 leaves_message 请回电
         30 accept 7",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 asks_human
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 MessageAsked
                 4 Noticed OffHours 11月24日（周二）09:00上班
            9 leaves_message 请回电
                | MessageLeft epoch 2 until 509
                 5 MessageLeft 请回电
                 6 Noticed MessageKept 留言已保存
            30 accept 7
                | AgentActive 7 since 30 priority 5 epoch 3 until 90
                 7 AgentJoined 7
                 8 Noticed AgentJoined 小林来了
        "#]],
    );
}

#[test]
fn the_customer_writes_again_and_the_message_stays_open() {
    check(
        "0 leaves_message 请回电
         9 says 提现多久 -> withdraw.time
         10 accept 7
         11 agent_closes 7
         12 accept 7",
        &expect![[r#"
            0 leaves_message 请回电
                | MessageLeft epoch 2 until 500
                 1 EpisodeStarted 1
                 2 MessageLeft 请回电
                 3 Noticed MessageKept 留言已保存
            9 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 3 until 309
                 4 EpisodeStarted 2
                 5 CustomerSaid 提现多久
                 6 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            10 accept 7
                | AgentActive 7 since 10 priority 5 epoch 4 until 70
                 7 AgentJoined 7
                 8 Noticed AgentJoined 小林来了
            11 agent_closes 7
                | Rating epoch 5 until 111
                 9 Ended Agent, rate until 111
                10 Noticed Rate 请评价
            12 accept 7
                | Rating epoch 5 until 111
                refused: the conversation is in another phase
        "#]],
    );
}

#[test]
fn an_agent_takes_up_a_message_after_the_close() {
    check(
        "0 leaves_message 请回电
         500 tick
         9000 accept 7",
        &expect![[r#"
            0 leaves_message 请回电
                | MessageLeft epoch 2 until 500
                 1 EpisodeStarted 1
                 2 MessageLeft 请回电
                 3 Noticed MessageKept 留言已保存
            500 tick
                | Closed epoch 2
                 4 Closed
            9000 accept 7
                | AgentActive 7 since 9000 priority 5 epoch 4 until 9060
                 5 EpisodeStarted 2
                 6 AgentJoined 7
                 7 Noticed AgentJoined 小林来了
        "#]],
    );
}

#[test]
fn a_message_is_taken_while_waiting_and_not_while_an_agent_answers() {
    check(
        "0 asks_human
         9 leaves_message 不等了
         10 asks_human
         11 accept 7
         12 leaves_message 请回电",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            9 leaves_message 不等了
                | MessageLeft epoch 3 until 509
                 5 MessageLeft 不等了
                 6 Noticed MessageKept 留言已保存
            10 asks_human
                | Queued since 10 priority 5 epoch 5 until 610
                 7 EpisodeStarted 2
                 8 HumanAsked
                 9 Queued Asked
                10 Noticed Queued 已排队
            11 accept 7
                | AgentActive 7 since 10 priority 5 epoch 6 until 71
                11 AgentJoined 7
                12 Noticed AgentJoined 小林来了
            12 leaves_message 请回电
                | AgentActive 7 since 10 priority 5 epoch 6 until 71
                refused: the conversation is in another phase
        "#]],
    );
}

#[test]
fn the_message_may_be_long_but_not_without_end() {
    let long = |chars: usize| format!("0 leaves_message {}", "长".repeat(chars));
    check(
        &long(161),
        &expect![[r#"
        0 leaves_message 长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长
            | Closed epoch 0
            refused: the text is too long
    "#]],
    );
    check(
        "0 leaves_message",
        &expect![[r#"
        0 leaves_message
            | Closed epoch 0
            refused: the text is empty
    "#]],
    );
}

#[test]
fn a_handoff_is_told_as_it_comes_out_and_promises_nobody_who_cannot_come() {
    check(
        "0 says 不想活 -> ! crisis.self",
        &expect![[r#"
            0 says 不想活 -> ! crisis.self
                | Queued since 0 priority 9 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 CustomerSaid 不想活
                 3 BotSaid Intent 很担心您，打 120。
            正在为您联系人工客服，请稍候。 by crisis.self
                 4 Queued Intent
                 5 Noticed Queued 已请客服优先接待
        "#]],
    );
    check(
        "0 duty away
         1 says 不想活 -> ! crisis.self
         2 says 转人工 -> ! human.request",
        &expect![[r#"
            0 duty away
                | Closed epoch 0
            1 says 不想活 -> ! crisis.self
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 不想活
                 3 BotSaid Intent 很担心您，打 120。 by crisis.self
                 4 MessageAsked
                 5 Noticed NoAgent 没有客服在线，打 12356
            2 says 转人工 -> ! human.request
                | LeavingMessage misses 0 epoch 1 until 302
                 6 CustomerSaid 转人工
                 7 MessageAsked
                 8 Noticed NoAgent 没有坐席
        "#]],
    );
    check(
        "0 duty closed
         1 says 不想活 -> ! crisis.self
         2 says 被骗 -> ! fraud.report",
        &expect![[r#"
            0 duty closed
                | Closed epoch 0
            1 says 不想活 -> ! crisis.self
                | LeavingMessage misses 0 epoch 1 until 301
                 1 EpisodeStarted 1
                 2 CustomerSaid 不想活
                 3 BotSaid Intent 很担心您，打 120。 by crisis.self
                 4 MessageAsked
                 5 Noticed OffHours 11月24日（周二）09:00才有客服，打 12356
            2 says 被骗 -> ! fraud.report
                | LeavingMessage misses 0 epoch 1 until 302
                 6 CustomerSaid 被骗
                 7 BotSaid Intent 请先停止转账 by fraud.report
                 8 MessageAsked
                 9 Noticed OffHours 11月24日（周二）09:00上班
        "#]],
    );
}
