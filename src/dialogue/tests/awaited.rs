//! Which side must answer while an agent owns the conversation.

use expect_test::expect;

use super::script::check;

#[test]
fn a_customer_who_waits_is_not_sent_away_and_the_agent_is_reminded_twice() {
    check(
        "0 asks_human
         5 accept 7
         10 says 在吗
         64 tick
         65 tick
         125 tick
         9000 tick
         9001 agent_says 7 抱歉久等
         9900 tick
         9901 tick
         10101 tick",
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
            10 says 在吗
                | AgentActive 7 since 0 priority 5 epoch 3 until 65
                 7 CustomerSaid 在吗
            64 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 65
            65 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 125
                 8 AgentReminded 7 60
            125 tick
                | AgentActive 7 since 0 priority 5 epoch 3
                 9 AgentReminded 7 120
            9000 tick
                | AgentActive 7 since 0 priority 5 epoch 3
            9001 agent_says 7 抱歉久等
                | AgentActive 7 since 0 priority 5 epoch 3 until 9901
                10 AgentSaid 7 抱歉久等
            9900 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 9901
            9901 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 10101
                11 IdleWarned
                12 Noticed Idle 还在吗
            10101 tick
                | Rating epoch 4 until 10201
                13 Ended Idle, rate until 10201
                14 Noticed Rate 请评价
        "#]],
    );
}

#[test]
fn the_wait_begins_with_the_first_words_without_an_answer() {
    check(
        "0 asks_human
         5 accept 7
         10 agent_says 7 您好
         100 says 钱没到
         130 says 怎么办
         160 tick
         200 agent_says 7 在查
         230 says 好
         289 tick
         290 tick",
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
            10 agent_says 7 您好
                | AgentActive 7 since 0 priority 5 epoch 3 until 910
                 7 AgentSaid 7 您好
            100 says 钱没到
                | AgentActive 7 since 0 priority 5 epoch 3 until 160
                 8 CustomerSaid 钱没到
            130 says 怎么办
                | AgentActive 7 since 0 priority 5 epoch 3 until 160
                 9 CustomerSaid 怎么办
            160 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 220
                10 AgentReminded 7 60
            200 agent_says 7 在查
                | AgentActive 7 since 0 priority 5 epoch 3 until 1100
                11 AgentSaid 7 在查
            230 says 好
                | AgentActive 7 since 0 priority 5 epoch 3 until 290
                12 CustomerSaid 好
            289 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 290
            290 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 350
                13 AgentReminded 7 60
        "#]],
    );
}

#[test]
fn a_late_reminder_is_not_followed_at_once_by_the_second() {
    check(
        "0 asks_human
         5 accept 7
         500 tick
         501 tick
         560 tick",
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
            500 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 560
                 7 AgentReminded 7 495
            501 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 560
            560 tick
                | AgentActive 7 since 0 priority 5 epoch 3
                 8 AgentReminded 7 555
        "#]],
    );
}

#[test]
fn a_message_taken_up_waits_for_the_agents_words_too() {
    check(
        "0 leaves_message 请回电
         900 accept 7
         960 tick
         1020 tick
         5000 tick",
        &expect![[r#"
            0 leaves_message 请回电
                | MessageLeft epoch 2 until 500
                 1 EpisodeStarted 1
                 2 MessageLeft 请回电
                 3 Noticed MessageKept 留言已保存
            900 accept 7
                | AgentActive 7 since 900 priority 5 epoch 3 until 960
                 4 AgentJoined 7
                 5 Noticed AgentJoined 小林来了
            960 tick
                | AgentActive 7 since 900 priority 5 epoch 3 until 1020
                 6 AgentReminded 7 60
            1020 tick
                | AgentActive 7 since 900 priority 5 epoch 3
                 7 AgentReminded 7 120
            5000 tick
                | AgentActive 7 since 900 priority 5 epoch 3
        "#]],
    );
}

#[test]
fn the_wait_goes_on_while_the_agent_is_lost_and_begins_anew_with_another() {
    check(
        "0 asks_human
         5 accept 7
         10 agent_says 7 您好
         20 says 在吗
         30 agent_lost 7
         40 agent_back 7
         80 tick
         90 agent_lost 7
         105 tick
         110 accept 8
         169 tick
         170 tick",
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
            10 agent_says 7 您好
                | AgentActive 7 since 0 priority 5 epoch 3 until 910
                 7 AgentSaid 7 您好
            20 says 在吗
                | AgentActive 7 since 0 priority 5 epoch 3 until 80
                 8 CustomerSaid 在吗
            30 agent_lost 7
                | AgentLost 7 since 0 priority 5 epoch 3 until 45
                 9 AgentLost 7
            40 agent_back 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 80
                10 AgentBack 7
            80 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 140
                11 AgentReminded 7 60
            90 agent_lost 7
                | AgentLost 7 since 0 priority 5 epoch 3 until 105
                12 AgentLost 7
            105 tick
                | Queued since 0 priority 5 epoch 4 until 705
                13 Queued AgentLost
                14 Noticed AgentLost 坐席断线，位置保留
            110 accept 8
                | AgentActive 8 since 0 priority 5 epoch 5 until 170
                15 AgentJoined 8
                16 Noticed AgentJoined 小林来了
            169 tick
                | AgentActive 8 since 0 priority 5 epoch 5 until 170
            170 tick
                | AgentActive 8 since 0 priority 5 epoch 5 until 230
                17 AgentReminded 8 60
        "#]],
    );
}
