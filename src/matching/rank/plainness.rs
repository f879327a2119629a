//! Prefers plain entries for bare questions.
//!
//! A bare question names a topic and nothing else, such as 怎么充值. It is mostly meant as it is
//! said: how that is done, and neither why it fails nor what it costs. Wordings hardly tell, since
//! the entries about failure and cost name the topic as often.

/// A question with at most this many words, stop words aside, is bare.
const BARE_WORDS: usize = 2;

/// What the entry gains whose standard question has no further word, in log-odds: enough to
/// decide between entries that fit about as well.
const PLAIN: f32 = 0.6;

/// What an entry loses whose standard question asks for another kind of answer.
const OTHER_KIND: f32 = 0.6;

/// The standard question of an entry beside a bare question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plainness {
    /// Both ask for a kind of answer, and the kinds differ.
    pub(super) kind_differs: bool,
    /// The standard question has a word that the bare question does not have.
    pub(super) has_more: bool,
}

impl Plainness {
    /// How much likelier that makes the entry.
    pub(super) fn log_odds(self) -> f32 {
        let of_words = if self.has_more { 0.0 } else { PLAIN };
        let of_kind = if self.kind_differs { OTHER_KIND } else { 0.0 };
        of_words - of_kind
    }
}

/// Whether a question with these words, stop words aside, is bare.
pub(super) fn is_bare(words: &[&str]) -> bool {
    !words.is_empty() && words.len() <= BARE_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_entry_gains_and_one_of_another_kind_loses() {
        let log_odds = |kind_differs, has_more| Plainness { kind_differs, has_more }.log_odds();
        assert!(log_odds(false, false) > log_odds(false, true));
        assert!(log_odds(false, true) > log_odds(true, true));
    }

    #[test]
    fn a_bare_question_has_few_words() {
        assert!(is_bare(&["充值"]) && is_bare(&["买", "基金"]));
        assert!(!is_bare(&[]) && !is_bare(&["充值", "失败", "银行卡"]));
    }
}
