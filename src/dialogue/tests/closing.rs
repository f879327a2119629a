//! Silence, the end, and the rating.

use expect_test::expect;

use super::script::check;

#[test]
fn silence_is_warned_for_and_then_ends_the_episode() {
    check(
        "0 says 提现多久 -> withdraw.time
         299 tick
         300 tick
         499 tick
         500 tick
         599 tick
         600 tick
         700 tick",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            299 tick
                | BotActive misses 0 epoch 1 until 300
            300 tick
                | BotActive misses 0 epoch 1 until 500
                 4 IdleWarned
                 5 Noticed Idle 还在吗
            499 tick
                | BotActive misses 0 epoch 1 until 500
            500 tick
                | Rating epoch 2 until 600
                 6 Ended Idle, rate until 600
                 7 Noticed Rate 请评价
            599 tick
                | Rating epoch 2 until 600
            600 tick
                | Closed epoch 2
                 8 Closed
            700 tick
                | Closed epoch 2
        "#]],
    );
}

#[test]
fn a_word_after_the_warning_begins_the_silence_anew() {
    check(
        "0 says 提现多久 -> withdraw.time
         300 tick
         400 says 还在 -> ! chat.hello
         500 tick",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            300 tick
                | BotActive misses 0 epoch 1 until 500
                 4 IdleWarned
                 5 Noticed Idle 还在吗
            400 says 还在 -> ! chat.hello
                | BotActive misses 0 epoch 1 until 700
                 6 CustomerSaid 还在
                 7 BotSaid Intent 您好 by chat.hello
            500 tick
                | BotActive misses 0 epoch 1 until 700
        "#]],
    );
}

#[test]
fn what_was_never_answered_is_not_rated() {
    check(
        "0 says 啊
         300 tick
         500 tick",
        &expect![[r#"
            0 says 啊
                | BotActive misses 1 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 啊
                 3 BotSaid Fallback 没听懂 [human]
            300 tick
                | BotActive misses 1 epoch 1 until 500
                 4 IdleWarned
                 5 Noticed Idle 还在吗
            500 tick
                | Closed epoch 2
                 6 Ended Idle, nothing to rate
        "#]],
    );
}

#[test]
fn with_an_agent_who_spoke_last_the_customers_silence_lasts_longer() {
    check(
        "0 asks_human
         10 accept 7
         100 says 在吗
         200 agent_says 7 在
         1099 tick
         1100 tick
         1300 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            10 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 70
                 5 AgentJoined 7
                 6 Noticed AgentJoined 小林来了
            100 says 在吗
                | AgentActive 7 since 0 priority 5 epoch 3 until 70
                 7 CustomerSaid 在吗
            200 agent_says 7 在
                | AgentActive 7 since 0 priority 5 epoch 3 until 1100
                 8 AgentSaid 7 在
            1099 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 1100
            1100 tick
                | AgentActive 7 since 0 priority 5 epoch 3 until 1300
                 9 IdleWarned
                10 Noticed Idle 还在吗
            1300 tick
                | Rating epoch 4 until 1400
                11 Ended Idle, rate until 1400
                12 Noticed Rate 请评价
        "#]],
    );
}

#[test]
fn clarifying_and_leaving_a_message_end_by_silence_too() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee
         300 tick
         500 tick",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            300 tick
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 500
                 4 IdleWarned
                 5 Noticed Idle 还在吗
            500 tick
                | Closed epoch 2
                 6 Ended Idle, nothing to rate
        "#]],
    );
    check(
        "0 asks_human
         600 tick
         900 tick
         1100 tick",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            600 tick
                | LeavingMessage misses 0 epoch 3 until 900
                 5 MessageAsked
                 6 Noticed NoAgent 没有坐席
            900 tick
                | LeavingMessage misses 0 epoch 3 until 1100
                 7 IdleWarned
                 8 Noticed Idle 还在吗
            1100 tick
                | Closed epoch 4
                 9 Ended Idle, nothing to rate
        "#]],
    );
}

#[test]
fn an_agent_closes_and_the_customer_rates_once() {
    check(
        "0 asks_human
         5 accept 7
         50 agent_closes 7
         55 rates 6
         56 rates 5 很好
         57 rates 1",
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
            50 agent_closes 7
                | Rating epoch 4 until 150
                 7 Ended Agent, rate until 150
                 8 Noticed Rate 请评价
            55 rates 6
                | Rating epoch 4 until 150
                refused: stars go from 1 to 5
            56 rates 5 很好
                | Closed epoch 4
                 9 Rated 5 很好
                10 Noticed Rated 谢谢评价
                11 Closed
            57 rates 1
                | Closed epoch 4
                refused: the conversation is in another phase
        "#]],
    );
}

#[test]
fn the_customer_ends_and_skips_the_rating() {
    check(
        "0 says 提现多久 -> withdraw.time
         5 ends
         6 ends
         7 ends",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            5 ends
                | Rating epoch 2 until 105
                 4 Ended Customer, rate until 105
                 5 Noticed Rate 请评价
            6 ends
                | Closed epoch 2
                 6 Closed
            7 ends
                | Closed epoch 2
        "#]],
    );
}

#[test]
fn a_message_while_rating_or_after_the_close_begins_the_next_episode() {
    check(
        "0 says 提现多久 -> withdraw.time
         5 ends
         9 says 手续费 -> withdraw.fee
         12 ends
         20 rates 4
         99 says 还有 -> withdraw.time",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            5 ends
                | Rating epoch 2 until 105
                 4 Ended Customer, rate until 105
                 5 Noticed Rate 请评价
            9 says 手续费 -> withdraw.fee
                | BotActive misses 0 epoch 3 until 309
                 6 EpisodeStarted 2
                 7 CustomerSaid 手续费
                 8 BotSaid Answer 答：提现手续费多少 [human] (withdraw.fee 0.988)
            12 ends
                | Rating epoch 4 until 112
                 9 Ended Customer, rate until 112
                10 Noticed Rate 请评价
            20 rates 4
                | Closed epoch 4
                11 Rated 4 
                12 Noticed Rated 谢谢评价
                13 Closed
            99 says 还有 -> withdraw.time
                | BotActive misses 0 epoch 5 until 399
                14 EpisodeStarted 3
                15 CustomerSaid 还有
                16 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
        "#]],
    );
}

#[test]
fn a_late_tick_warns_before_it_ends() {
    check(
        "0 says 提现多久 -> withdraw.time
         9000 tick
         9001 tick
         9200 tick",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            9000 tick
                | BotActive misses 0 epoch 1 until 9200
                 4 IdleWarned
                 5 Noticed Idle 还在吗
            9001 tick
                | BotActive misses 0 epoch 1 until 9200
            9200 tick
                | Rating epoch 2 until 9300
                 6 Ended Idle, rate until 9300
                 7 Noticed Rate 请评价
        "#]],
    );
}
