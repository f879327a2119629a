//! Messages are masked as the messages before them tell.

use expect_test::expect;

use super::script::check;

#[test]
fn a_secret_is_told_by_the_message_before_it() {
    check(
        "0 says 我的密码是 -> withdraw.time
         1 says Wang3648 -> withdraw.time",
        &expect![[r#"
            0 says 我的密码是 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 我的密码是
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 says Wang3648 -> withdraw.time
                | BotActive misses 0 epoch 1 until 301
                 4 CustomerSaid [密码已删除]
                 5 Noticed SecretDestroyed 密码已删除
                 6 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
        "#]],
    );
}

#[test]
fn an_agent_who_asks_for_a_code_tells_so() {
    check(
        "0 asks_human
         1 accept 7
         2 agent_says 7 请把短信验证码发给我
         3 says 482913
         4 agent_says 7 482913",
        &expect![[r#"
            0 asks_human
                | Queued since 0 priority 5 epoch 2 until 600
                 1 EpisodeStarted 1
                 2 HumanAsked
                 3 Queued Asked
                 4 Noticed Queued 已排队
            1 accept 7
                | AgentActive 7 since 0 priority 5 epoch 3 until 61
                 5 AgentJoined 7
                 6 Noticed AgentJoined 小林来了
            2 agent_says 7 请把短信验证码发给我
                | AgentActive 7 since 0 priority 5 epoch 3 until 902
                 7 AgentSaid 7 请把短信验证码发给我
            3 says 482913
                | AgentActive 7 since 0 priority 5 epoch 3 until 63
                 8 CustomerSaid [验证码已删除]
                 9 Noticed SecretDestroyed 密码已删除
            4 agent_says 7 482913
                | AgentActive 7 since 0 priority 5 epoch 3 until 904
                10 AgentSaid 7 [验证码已删除]
        "#]],
    );
}

#[test]
fn an_episode_starts_without_earlier_messages() {
    check(
        "0 says 我的密码是 -> withdraw.time
         1 ends
         2 says Wang3648 -> withdraw.time",
        &expect![[r#"
            0 says 我的密码是 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 我的密码是
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 ends
                | Rating epoch 2 until 101
                 4 Ended Customer, rate until 101
                 5 Noticed Rate 请评价
            2 says Wang3648 -> withdraw.time
                | BotActive misses 0 epoch 3 until 302
                 6 EpisodeStarted 2
                 7 CustomerSaid Wang3648
                 8 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
        "#]],
    );
}

#[test]
fn a_retry_is_masked_as_the_first_was() {
    check(
        "0 says 我的密码是 -> withdraw.time
         1 says #a Wang3648 -> withdraw.time
         2 says 提现多久 -> withdraw.time
         3 says 手续费多少 -> withdraw.time
         4 says 怎么提现 -> withdraw.time
         5 says 人呢 -> withdraw.time
         6 says #a Wang3648
         7 says #a 提现多久",
        &expect![[r#"
            0 says 我的密码是 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 我的密码是
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 says #a Wang3648 -> withdraw.time
                | BotActive misses 0 epoch 1 until 301
                 4 CustomerSaid [密码已删除]
                 5 Noticed SecretDestroyed 密码已删除
                 6 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            2 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 302
                 7 CustomerSaid 提现多久
                 8 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            3 says 手续费多少 -> withdraw.time
                | BotActive misses 0 epoch 1 until 303
                 9 CustomerSaid 手续费多少
                10 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            4 says 怎么提现 -> withdraw.time
                | BotActive misses 0 epoch 1 until 304
                11 CustomerSaid 怎么提现
                12 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            5 says 人呢 -> withdraw.time
                | BotActive misses 0 epoch 1 until 305
                13 CustomerSaid 人呢
                14 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            6 says #a Wang3648
                | BotActive misses 0 epoch 1 until 305
                taken before, at 4
            7 says #a 提现多久
                | BotActive misses 0 epoch 1 until 305
                refused: the client id was used for another message
        "#]],
    );
}
