//! Finds answers that begin with yes or no, and questions that ask the opposite of each other.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::text::normalize;

/// Words before yes or no that do not change its meaning: courtesies, and words for how far the
/// answer holds, such as “一般”.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:[\\s*“「\"'，,]|(?:您好|你好|抱歉|很抱歉|非常抱歉|对不起|不好意思|很遗憾|遗憾|亲|好的?|谢谢|多谢|没事|请?放心)[，,！!。：:~\\s]\
         |当然|绝对|肯定|一定|完全|一般情况下?|一般来说|一般|通常情况下?|通常|目前|暂时|现在|基本上?|大多数?|多数\
         |大部分|原则上|正常情况下?|其实|确实|按规定|都|也|还|并|答案是|答[：:]|理论上|我们|平台|您|你|这个?|那个?\
         |应该|可能|恐怕|大概|估计|暂)+",
    )
});

/// Yes or no alone, without the thing that is affirmed or denied. Longer words come first.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:当然|當然|肯定|必须|绝对|嗯|不可行|不可以|不能够|不能|不会|不可|不是|不对|不行|不要|不需要|不支持|不允许|不用|不必|没有|没问题|没错\
         |不准|不许|不得|不會|不對|沒有|沒問題|沒錯|可行|可以|能够|可|能|会|是|有|对|行|要|需要|支持|允许|否|不|没|會|對|沒)\
         (?:的|了|啊|呀|哦|呢|吧)*\\**[”」\"']?(?:[\\n，。、；！：？…—～（,.;!:?~(]|$)",
    )
});

fn pattern(words: &str) -> Regex {
    Regex::new(words).expect("a valid pattern")
}

/// The yes or no at the start of a text, with its punctuation; `None` for a text that begins with
/// a statement, which is true whichever way the question was asked.
pub(crate) fn opening(text: &str) -> Option<&str> {
    let before = BEFORE.find(text).map_or(0, |found| found.end());
    // Some words, such as “当然”, are in both lists: the text is tried with and without them.
    [before, 0].into_iter().find_map(|from| {
        let rest = text.get(from..)?;
        let found = WORD.find(rest)?;
        text.get(..from + found.end()).map(str::trim)
    })
}

/// Words that reverse a question: the answer “no” to “能返现吗” means “yes” to “返现违法吗”.
static TURNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "保本|保息|稳赚|稳拿|保证收益|零风险|无风险|赚|盈利|免费|免手续费|白送|违法|非法|违规|犯法|犯罪|骗人|骗局|诈骗\
         |假的|危险|不靠谱|不可靠|不可信|不安全|不合法|不合规|不正规|禁止|封禁|拒绝|不许|不准|不让|不一样|不同|区别\
         |两回事|失效|过期|作废|无效|自愿|必须|一定要|强制|非要",
    )
});

/// Endings and words of a yes-or-no question.
static YES_OR_NO: LazyLock<Regex> =
    LazyLock::new(|| pattern("(吗|么|吧|嘛|不|没|没有|不成)$|能否|可否|是否|有无"));

/// Words of a question that asks for more than yes or no.
static OPEN: LazyLock<Regex> =
    LazyLock::new(|| pattern("为什么|为啥|为何|怎么|怎样|咋|如何|多久|多少|哪|什么|啥|谁|几"));

/// A “not” that negates the whole question, unless one of [`CAN`] follows it: “没有银行卡能提现吗”
/// asks whether one can.
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "不能|不可以|不可|不会|没有|不是|不行|不要|不用|不必|不需要|不支持|不允许|不影响|不收|不花|无法|没法|无需",
    )
});
static CAN: LazyLock<Regex> = LazyLock::new(|| pattern("能|可以|可|会|行|支持|要|需"));

/// Whether one may leave something undone: 能不还吗, 可以不绑卡吗, 不还行吗.
static CAN_NOT_DO: LazyLock<Regex> = LazyLock::new(|| {
    pattern("(能|可以|可|会|敢|该|要)不[^能可会]|^不.+(可以|行|能行|要紧)(吗|么|吧|不)$")
});

/// Whether some of the questions ask the opposite of others, so that neither yes nor no is true
/// for all of them.
pub(crate) fn are_turned<'q>(questions: impl Iterator<Item = &'q str>) -> bool {
    questions.filter_map(is_turned).collect::<BTreeSet<bool>>().len() == 2
}

/// Whether a yes-or-no question is reversed; `None` for any other question.
fn is_turned(question: &str) -> Option<bool> {
    let (words, is_choice) = without_choice(normalize(question).as_str());
    if OPEN.is_match(&words) || !(is_choice || YES_OR_NO.is_match(&words)) {
        return None;
    }
    // “能提现不” means the same as “能提现吗”.
    let words = words.trim_end_matches("没有").trim_end_matches(['不', '没']);
    let is_whole =
        |found: regex::Match<'_>| words.get(found.end()..).is_some_and(|rest| !CAN.is_match(rest));
    let is_negative = NOT.find(words).is_some_and(is_whole) || CAN_NOT_DO.is_match(words);
    Some(is_negative != TURNED.is_match(words))
}

/// Replaces “能不能” by “能”, “可不可以” by “可以”, “有没有” by “有”, and tells whether it did.
fn without_choice(words: &str) -> (String, bool) {
    let chars: Vec<char> = words.chars().collect();
    let is_choice = |at: usize| {
        matches!(chars.get(at), Some('不' | '没'))
            && at > 0
            && chars.get(at - 1) == chars.get(at + 1)
    };
    let mut kept = String::new();
    let (mut at, mut is_found) = (0, false);
    while let Some(c) = chars.get(at) {
        if is_choice(at) {
            is_found = true;
            at += 2;
        } else {
            kept.push(*c);
            at += 1;
        }
    }
    (kept, is_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_begin_with_yes_or_no() {
        let polar = [
            "不能。理财不保本。",
            "**不可以。** 银行卡须是本人的。",
            "可以。建议先投诉。",
            "有，但种类不同：",
            "不会。投诉是您的权利。",
            "是的，需要实名。",
            "抱歉，不行。",
            "您好，可以的！",
            "目前不支持，敬请谅解。",
            "一般情况下，不会。",
            "能",
            "不",
            "需要：先实名",
            "没问题，直接还。",
            "“可以”，但有条件",
            "不用（亲属没有义务）。",
            "都不能。",
            "当然可以，",
            "当然。这是您的权利。",
            "可以哦~点这里",
            "这个不行。",
            "我们不支持。",
            "理论上不能。",
            "必须的，先实名",
            "很抱歉，目前还不能，",
            "不可以\n- 自己没有卡",
            "会的，按日计算",
            "并不会。",
            "暂不支持。",
            "应该可以。",
            "恐怕不行。",
            "好的，可以。",
            "谢谢，不用。",
            "不准。",
            "可行。",
            "亲，没有哦~",
            "不會。",
            "對，要實名。",
            "沒有。",
        ];
        for text in polar {
            assert!(opening(text).is_some(), "{text}");
        }
    }

    #[test]
    fn texts_that_begin_as_statements() {
        let statements = [
            "不能只看收益，还要看风险。",
            "不保本，可能亏损。",
            "理财和基金都不保本。",
            "可以在设置里修改。",
            "有三种方式：",
            "会员等级看这里。",
            "能查到的，都在账单里。",
            "是否到账，看账单。",
            "目前不支持自动提现。",
            "需要先实名。",
            "不一定，看合同。",
            "没有 P2P 平台在运营了。",
            "有 3 种方式。",
            "对账单在这里下载。",
            "要看您的合同。",
            "行程单请在订单里下载。",
            "没有人能提前保证。",
            "好的，已经记下。",
            "不支持信用卡充值。",
            "现在马上做：",
            "可以的话，请先实名。",
            "好的，已经为您登记。",
            "谢谢您的提醒。",
            "没关系。请再说一次。",
            "不客气，还有问题请再问。",
            "应该先报警。",
            "对于逾期，合同里有写。",
            "可行性报告请看附件。",
        ];
        for text in statements {
            assert_eq!(opening(text), None, "{text}");
        }
    }

    #[test]
    fn questions_that_turn_others_round() {
        let turned: [&[&str]; 11] = [
            &["众筹能返现吗", "众筹写固定收益违法吗"],
            &["可以替家人投诉吗", "投诉必须本人来吗"],
            &["能绑别人的卡吗", "别人的卡不能绑吗"],
            &["理财会亏吗", "理财保本吗"],
            &["要手续费吗", "是不是免费的"],
            &["众筹合法吗", "众筹是不是非法集资，犯法吗"],
            &["父母要替我还吗", "我可以不替他还吗"],
            &["会影响征信吗", "不会影响我的征信吧"],
            &["能转到别人卡上吗", "不能转给别人吗"],
            &["这样行吗", "不还行吗"],
            &["优惠券还有效吗", "优惠券是不是作废了"],
        ];
        for questions in turned {
            assert!(are_turned(questions.iter().copied()), "{questions:?}");
        }
        let alike: [&[&str]; 7] = [
            &["能绑别人的卡吗", "可不可以绑我妈的卡", "怎么不能绑别人的卡"],
            &["没有银行卡能提现吗", "能提现吗"],
            &["不是本人的卡能提现吗", "能提现到别人的卡吗"],
            &["为什么不能转给别人", "能转给别人吗"],
            &["有没有众筹平台", "还有众筹平台没有"],
            &["能提现不", "能提现吗"],
            &[],
        ];
        for questions in alike {
            assert!(!are_turned(questions.iter().copied()), "{questions:?}");
        }
    }
}
