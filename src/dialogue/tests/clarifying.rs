//! After a clarification the customer presses a choice, names its number, or types something else.

use expect_test::expect;

use super::script::check;

#[test]
fn a_choice_is_pressed() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee promo.old
         5 presses withdraw.fee",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee promo.old
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5) (promo.old 0.5)
            5 presses withdraw.fee
                | BotActive misses 0 epoch 1 until 305
                 4 CustomerSaid withdraw.fee [withdraw.fee]
                 5 BotSaid Answer 答：提现手续费多少 [human]
        "#]],
    );
}

#[test]
fn a_choice_is_named_by_its_number() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee
         5 says 第一个",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            5 says 第一个
                | BotActive misses 0 epoch 1 until 305
                 4 CustomerSaid 第一个
                 5 BotSaid Answer 答：提现多久到账 [提现手续费多少]
        "#]],
    );
}

#[test]
fn free_text_is_matched_against_everything() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee
         5 says 被盗 -> account.stolen",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            5 says 被盗 -> account.stolen
                | Queued since 5 priority 5 epoch 2 until 605
                 4 CustomerSaid 被盗
                 5 BotSaid Answer 答：账户被盗怎么办 (account.stolen 0.988)
                 6 Queued Entry
                 7 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn a_number_beyond_the_choices_and_no_number_at_all_are_misses() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee
         5 says 3
         9 says 都不是",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            5 says 3
                | BotActive misses 1 epoch 1 until 305
                 4 CustomerSaid 3
                 5 BotSaid Fallback 没听懂 [human]
            9 says 都不是
                | Queued since 9 priority 5 epoch 2 until 609
                 6 CustomerSaid 都不是
                 7 BotSaid Fallback 还是没听懂
                 8 Queued Misses
                 9 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn a_miss_before_counts_while_clarifying() {
    check(
        "0 says 啊
         2 says 提现 -> ? withdraw.time withdraw.fee
         5 says 都不是",
        &expect![[r#"
            0 says 啊
                | BotActive misses 1 epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 啊
                 3 BotSaid Fallback 没听懂 [human]
            2 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 1 ["withdraw.time", "withdraw.fee"] epoch 1 until 302
                 4 CustomerSaid 提现
                 5 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            5 says 都不是
                | Queued since 5 priority 5 epoch 2 until 605
                 6 CustomerSaid 都不是
                 7 BotSaid Fallback 还是没听懂
                 8 Queued Misses
                 9 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn asking_again_and_again_leads_to_a_human() {
    check(
        "0 says 提现 -> ? withdraw.time withdraw.fee
         5 says 钱 -> ? withdraw.fee withdraw.time
         9 says 账 -> ? withdraw.time withdraw.fee",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time withdraw.fee
                | Clarifying misses 0 ["withdraw.time", "withdraw.fee"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您想问的是 [提现多久到账] [提现手续费多少] (withdraw.time 0.5) (withdraw.fee 0.5)
            5 says 钱 -> ? withdraw.fee withdraw.time
                | Clarifying misses 1 ["withdraw.fee", "withdraw.time"] epoch 1 until 305
                 4 CustomerSaid 钱
                 5 BotSaid Clarify 您想问的是 [提现手续费多少] [提现多久到账] (withdraw.fee 0.5) (withdraw.time 0.5)
            9 says 账 -> ? withdraw.time withdraw.fee
                | Queued since 9 priority 5 epoch 2 until 609
                 6 CustomerSaid 账
                 7 BotSaid Fallback 还是没听懂 (withdraw.time 0.5) (withdraw.fee 0.5)
                 8 Queued Misses
                 9 Noticed Queued 已排队
        "#]],
    );
}

#[test]
fn nothing_served_to_choose_from_is_a_miss() {
    check(
        "0 says 活动 -> ? promo.old",
        &expect![[r#"
        0 says 活动 -> ? promo.old
            | BotActive misses 1 epoch 1 until 300
             1 EpisodeStarted 1
             2 CustomerSaid 活动
             3 BotSaid Fallback 没听懂 [human] (promo.old 0.5)
    "#]],
    );
}

#[test]
fn one_choice_is_asked_after_and_a_yes_takes_it() {
    check(
        "0 says 提现 -> ? withdraw.time promo.old
         5 says 是的 -> ! chat.hello",
        &expect![[r#"
            0 says 提现 -> ? withdraw.time promo.old
                | Clarifying misses 0 ["withdraw.time"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 提现
                 3 BotSaid Clarify 您是想问「提现多久到账」吗 [提现多久到账] (withdraw.time 0.5) (promo.old 0.5)
            5 says 是的 -> ! chat.hello
                | BotActive misses 0 epoch 1 until 305
                 4 CustomerSaid 是的
                 5 BotSaid Answer 答：提现多久到账 [提现手续费多少]
        "#]],
    );
}

#[test]
fn a_choice_that_tells_of_fraud_is_led_by_what_to_do_at_once() {
    check(
        "0 says 客服让我转回去 -> ? withdraw.time fraud.refund
         5 says 不是 -> ? fraud.refund",
        &expect![[r#"
            0 says 客服让我转回去 -> ? withdraw.time fraud.refund
                | Clarifying misses 0 ["withdraw.time", "fraud.refund"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 客服让我转回去
                 3 BotSaid Clarify 先停下

            您想问的是 [提现多久到账] [退款客服可信吗] [human] (withdraw.time 0.5) (fraud.refund 0.5)
            5 says 不是 -> ? fraud.refund
                | Clarifying misses 1 ["fraud.refund"] epoch 1 until 305
                 4 CustomerSaid 不是
                 5 BotSaid Clarify 先停下

            您是想问「退款客服可信吗」吗 [退款客服可信吗] [human] (fraud.refund 0.5)
        "#]],
    );
}

#[test]
fn a_question_that_names_fraud_leads_whatever_its_class() {
    check(
        "0 says 贷款要我还 -> ? withdraw.time loan.cheated",
        &expect![[r#"
            0 says 贷款要我还 -> ? withdraw.time loan.cheated
                | Clarifying misses 0 ["withdraw.time", "loan.cheated"] epoch 1 until 300
                 1 EpisodeStarted 1
                 2 CustomerSaid 贷款要我还
                 3 BotSaid Clarify 先停下

            您想问的是 [提现多久到账] [骗子骗我贷的款要我还吗] [human] (withdraw.time 0.5) (loan.cheated 0.5)
        "#]],
    );
}
