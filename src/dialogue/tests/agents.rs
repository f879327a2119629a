//! An agent owns the conversation: answers, gives it back, is lost, comes back.

use expect_test::expect;

use super::script::check;

#[test]
fn an_agent_takes_the_offer_answers_and_gives_it_back() {
    check(
        "0 asks_human
         5 offer 7
         6 accept 8
         8 accept 7
         9 says 提现多久 -> withdraw.time
         12 agent_says 7 您好
         20 return_to_bot 7
         25 says 提现多久 -> withdraw.time",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            5 offer 7
                | Offered to 7 since 0 priority 5 epoch 2 until 35
                 5 Offered 7
            6 accept 8
                | Offered to 7 since 0 priority 5 epoch 2 until 35
                refused: the conversation is not this agent's
            8 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 68
                 6 AgentJoined 7
                 7 Noticed AgentJoined 小林来了
            9 says 提现多久 -> withdraw.time
                | AgentActive 7 since 0 priority 5 epoch 3 until 68
                 8 CustomerSaid 提现多久
            12 agent_says 7 您好
                | AgentActive 7 since 0 priority 5 epoch 3 until 912
                 9 AgentSaid 7 您好
            20 return_to_bot 7
                | BotActive misses 0 epoch 4 until 320
                10 ReturnedToBot
                11 Noticed BackToBot 机器人回来了
            25 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 4 until 325
                12 CustomerSaid 提现多久
                13 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
        "#]],
    );
}

#[test]
fn a_waiting_conversation_may_be_claimed() {
    check(
        "0 asks_human
         5 accept 8
         6 accept 7",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            5 accept 8
                | AgentActive 8 since 0 priority 5 epoch 3 until 65
                 5 AgentJoined 8
                 6 Noticed AgentJoined 小林来了
            6 accept 7
                | AgentActive 8 since 0 priority 5 epoch 3 until 65
                refused: the conversation is not this agent's
        "#]],
    );
}

#[test]
fn who_holds_an_old_epoch_or_does_not_own_it_is_refused() {
    check(
        "0 says 你好 -> ! chat.hello
         1 accept 7
         2 asks_human
         3 offer @1 7
         4 accept @1 7
         5 accept 7
         6 agent_says @2 7 晚了
         7 agent_says 8 不是我的
         8 return_to_bot @2 7
         9 agent_closes 8
         10 offer 8",
        &expect![[r#"
            0 says 你好 -> ! chat.hello
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 你好
                 3 BotSaid Intent 您好 by chat.hello
            1 accept 7
                | BotActive misses 0 epoch 1 until 300
                refused: the conversation is in another phase
            2 asks_human
                | Queued since 2 priority 5 epoch 2 until 602
                 4 HumanAsked
                 5 Queued Asked
                 6 Noticed Queued 已排队
            3 offer @1 7
                | Queued since 2 priority 5 epoch 2 until 602
                refused: the conversation has changed hands since
            4 accept @1 7
                | Queued since 2 priority 5 epoch 2 until 602
                refused: the conversation has changed hands since
            5 accept 7
                | AgentActive 7 since 2 priority 5 epoch 3 until 65
                 7 AgentJoined 7
                 8 Noticed AgentJoined 小林来了
            6 agent_says @2 7 晚了
                | AgentActive 7 since 2 priority 5 epoch 3 until 65
                refused: the conversation has changed hands since
            7 agent_says 8 不是我的
                | AgentActive 7 since 2 priority 5 epoch 3 until 65
                refused: the conversation is not this agent's
            8 return_to_bot @2 7
                | AgentActive 7 since 2 priority 5 epoch 3 until 65
                refused: the conversation has changed hands since
            9 agent_closes 8
                | AgentActive 7 since 2 priority 5 epoch 3 until 65
                refused: the conversation is not this agent's
            10 offer 8
                | AgentActive 7 since 2 priority 5 epoch 3 until 65
                refused: the conversation is in another phase
        "#]],
    );
}

#[test]
fn a_lost_agent_comes_back_in_time() {
    check(
        "0 asks_human
         5 accept 7
         100 agent_lost 8
         101 agent_lost 7
         102 says 人呢
         110 agent_back 8
         115 agent_back 7
         116 agent_back 7",
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
            100 agent_lost 8
                | AgentActive 7 since 0 priority 5 epoch 3 until 65
            101 agent_lost 7
                | AgentLost 7 since 0 priority 5 epoch 3 until 116
                 7 AgentLost 7
            102 says 人呢
                | AgentLost 7 since 0 priority 5 epoch 3 until 116
                 8 CustomerSaid 人呢
            110 agent_back 8
                | AgentLost 7 since 0 priority 5 epoch 3 until 116
            115 agent_back 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 65
                 9 AgentBack 7
            116 agent_back 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 65
        "#]],
    );
}

#[test]
fn words_of_a_lost_agent_show_that_the_agent_is_back() {
    check(
        "0 asks_human
         5 accept 7
         100 agent_lost 7
         105 agent_says 7 我在",
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
            100 agent_lost 7
                | AgentLost 7 since 0 priority 5 epoch 3 until 115
                 7 AgentLost 7
            105 agent_says 7 我在
                | AgentActive 7 since 0 priority 5 epoch 3 until 1005
                 8 AgentBack 7
                 9 AgentSaid 7 我在
        "#]],
    );
}

#[test]
fn a_customer_who_lost_the_agent_keeps_the_place_and_the_priority() {
    check(
        "0 says 我被骗了 -> ! fraud.report
         5 accept 7
         2000 agent_says 7 请看
         2010 agent_lost 7
         2024 tick
         2025 tick
         2026 agent_back 7
         2027 agent_says 7 我回来了
         2030 offer 8
         2035 accept 8
         2040 agent_lost 8
         2055 tick
         2655 tick",
        &expect![[r#"
            0 says 我被骗了 -> ! fraud.report
                | Queued since 0 priority 9 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 CustomerSaid 我被骗了
                 3 BotSaid Intent 请先停止转账 by fraud.report
                 4 Queued Intent
                 5 Noticed Queued 已排队
            5 accept 7
                | AgentActive 7 since 0 priority 9 epoch 3 until 65
                 6 AgentJoined 7
                 7 Noticed AgentJoined 小林来了
            2000 agent_says 7 请看
                | AgentActive 7 since 0 priority 9 epoch 3 until 2900
                 8 AgentSaid 7 请看
            2010 agent_lost 7
                | AgentLost 7 since 0 priority 9 epoch 3 until 2025
                 9 AgentLost 7
            2024 tick
                | AgentLost 7 since 0 priority 9 epoch 3 until 2025
            2025 tick
                | Queued since 0 priority 9 epoch 4 until 2625
                10 Queued AgentLost
                11 Noticed AgentLost 坐席断线，位置保留
            2026 agent_back 7
                | Queued since 0 priority 9 epoch 4 until 2625
            2027 agent_says 7 我回来了
                | Queued since 0 priority 9 epoch 4 until 2625
                refused: the conversation is not this agent's
            2030 offer 8
                | Offered to 8 since 0 priority 9 epoch 4 until 2060
                12 Offered 8
            2035 accept 8
                | AgentActive 8 since 0 priority 9 epoch 5 until 2095
                13 AgentJoined 8
                14 Noticed AgentJoined 小林来了
            2040 agent_lost 8
                | AgentLost 8 since 0 priority 9 epoch 5 until 2055
                15 AgentLost 8
            2055 tick
                | Queued since 0 priority 9 epoch 6 until 2655
                16 Queued AgentLost
                17 Noticed AgentLost 坐席断线，位置保留
            2655 tick
                | LeavingMessage misses 0 epoch 7 until 2955
                18 MessageAsked
                19 Noticed NoAgent 没有坐席
        "#]],
    );
}
