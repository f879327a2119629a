//! A repeated message is taken once.

use expect_test::expect;

use super::script::check;

#[test]
fn a_retry_gets_the_same_place_whatever_happened_since() {
    check(
        "0 says #a 提现多久 -> withdraw.time
         1 says #a 提现多久 -> withdraw.time
         2 asks_human #b
         3 accept 7
         4 agent_says #c 7 您好
         5 return_to_bot 7
         6 agent_says #c @3 7 您好
         7 asks_human #b
         8 leaves_message #d 请回电
         9 leaves_message #d 请回电
         10 says #e 啊
         11 says #a 提现多久",
        &expect![[r#"
            0 says #a 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 says #a 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                taken before, at 2
            2 asks_human #b
                | Queued since 2 priority 5 epoch 2 until 602
                 4 HumanAsked
                 5 Queued Asked
                 6 Noticed Queued 已排队
            3 accept 7
                | AgentActive 7 since 2 priority 5 epoch 3 until 63
                 7 AgentJoined 7
                 8 Noticed AgentJoined 小林来了
            4 agent_says #c 7 您好
                | AgentActive 7 since 2 priority 5 epoch 3 until 904
                 9 AgentSaid 7 您好
            5 return_to_bot 7
                | BotActive misses 0 epoch 4 until 305
                10 ReturnedToBot
                11 Noticed BackToBot 机器人回来了
            6 agent_says #c @3 7 您好
                | BotActive misses 0 epoch 4 until 305
                taken before, at 9
            7 asks_human #b
                | BotActive misses 0 epoch 4 until 305
                taken before, at 4
            8 leaves_message #d 请回电
                | MessageLeft epoch 5 until 508
                12 MessageLeft 请回电
                13 Noticed MessageKept 留言已保存
            9 leaves_message #d 请回电
                | MessageLeft epoch 5 until 508
                taken before, at 12
            10 says #e 啊
                | BotActive misses 1 epoch 6 until 310
                14 EpisodeStarted 2
                15 CustomerSaid 啊
                16 BotSaid Fallback 没听懂 [human]
            11 says #a 提现多久
                | BotActive misses 1 epoch 6 until 310
                taken before, at 2
        "#]],
    );
}

#[test]
fn a_rating_that_comes_again_is_known_after_the_close() {
    check(
        "0 says 提现多久 -> withdraw.time
         1 ends
         2 rates #r 5 好
         3 rates #r 5 好",
        &expect![[r#"
            0 says 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 ends
                | Rating epoch 2 until 101
                 4 Ended Customer, rate until 101
                 5 Noticed Rate 请评价
            2 rates #r 5 好
                | Closed epoch 2
                 6 Rated 5 好
                 7 Noticed Rated 谢谢评价
                 8 Closed
            3 rates #r 5 好
                | Closed epoch 2
                taken before, at 6
        "#]],
    );
}

#[test]
fn an_id_with_another_body_is_refused() {
    check(
        "0 says #a 提现多久 -> withdraw.time
         1 says #a 手续费 -> withdraw.fee
         2 presses #a withdraw.fee
         3 asks_human #a
         4 leaves_message #a 提现多久",
        &expect![[r#"
            0 says #a 提现多久 -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现多久
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 says #a 手续费 -> withdraw.fee
                | BotActive misses 0 epoch 1 until 300
                refused: the client id was used for another message
            2 presses #a withdraw.fee
                | BotActive misses 0 epoch 1 until 300
                refused: the client id was used for another message
            3 asks_human #a
                | BotActive misses 0 epoch 1 until 300
                refused: the client id was used for another message
            4 leaves_message #a 提现多久
                | BotActive misses 0 epoch 1 until 300
                refused: the client id was used for another message
        "#]],
    );
}

#[test]
fn the_id_of_an_entry_that_is_not_known_is_not_stored() {
    check(
        "0 presses #a my.secret -> withdraw.time
         1 presses #a my.secret -> withdraw.time
         2 presses #b withdraw.fee
         3 presses #b my.secret",
        &expect![[r#"
            0 presses #a my.secret -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid my.secret
                 3 BotSaid Answer 答：提现多久到账 [提现手续费多少] (withdraw.time 0.988)
            1 presses #a my.secret -> withdraw.time
                | BotActive misses 0 epoch 1 until 300
                taken before, at 2
            2 presses #b withdraw.fee
                | BotActive misses 0 epoch 1 until 302
                 4 CustomerSaid withdraw.fee [withdraw.fee]
                 5 BotSaid Answer 答：提现手续费多少 [human]
            3 presses #b my.secret
                | BotActive misses 0 epoch 1 until 302
                refused: the client id was used for another message
        "#]],
    );
}
