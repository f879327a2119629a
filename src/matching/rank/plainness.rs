//! Prefers plain questions for bare ones.
//!
//! A bare question names a subject and nothing else, such as 怎么充值. It is mostly meant as it is
//! said: how that is done, and neither why it fails nor what it costs. The features hardly tell,
//! since the entries about failure and cost name the subject as often, and more often 怎么.

/// A question with at most this many words, stop words aside, is bare.
const BARE_WORDS: usize = 2;

/// What a plain question gains, in log-odds. It equals the bare one up to the words that only
/// ask, so this is nearly the evidence of an equal question.
pub(super) const PLAIN: f32 = 2.5;

/// Whether a question with these words, stop words aside, is bare.
pub(super) fn is_bare(words: &[&str]) -> bool {
    !words.is_empty() && words.len() <= BARE_WORDS
}

/// Whether a question with the words `question` has all words of `subject`, and no others but words
/// that ask in the same way, as in 充值步骤. All are ids.
pub(super) fn is_plain(question: &[u32], subject: &[u32], asking: &[u32]) -> bool {
    let has_subject = subject.iter().all(|word| question.contains(word));
    has_subject && question.iter().all(|word| subject.contains(word) || asking.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_question_has_few_words() {
        assert!(is_bare(&["充值"]) && is_bare(&["买", "基金"]));
        assert!(!is_bare(&[]) && !is_bare(&["充值", "失败", "银行卡"]));
    }

    #[test]
    fn a_plain_question_has_the_topic_and_asks() {
        let (recharge, fail, steps) = (1, 2, 3);
        assert!(is_plain(&[recharge], &[recharge], &[steps]));
        assert!(is_plain(&[recharge, steps], &[recharge], &[steps]));
        assert!(!is_plain(&[recharge, fail], &[recharge], &[steps]), "it says more");
        assert!(!is_plain(&[steps], &[recharge], &[steps]), "it says something else");
    }
}
