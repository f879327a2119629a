//! Extracts the core of a text: drops courtesies, and unifies dialect words and common synonyms.

use super::{needed_words::NeededWords, replacements::Replacements};
use crate::knowledge::{Industry, Synonym};

/// Drops courtesies and replaces words by their common synonym, with the words of a trade.
#[derive(Debug)]
pub(crate) struct CommonWording {
    /// Courtesies at the beginning and at the end of a text, the longest first.
    before: Vec<String>,
    after: Vec<String>,
    /// The courtesies and longer words of the base's questions.
    needed: NeededWords,
    /// Dialect words, then common synonyms.
    words: Replacements,
}

impl CommonWording {
    pub(crate) fn of(industry: &Industry, needed: NeededWords) -> Self {
        let words = industry.dialect.iter().chain(&industry.same);
        let words = words.map(|Synonym { word, other }| (word.clone(), other.clone()));
        Self {
            before: industry.courtesies.before.clone(),
            after: industry.courtesies.after.clone(),
            needed,
            words: Replacements::new(words),
        }
    }

    /// The core of a normalised text: without courtesies at its ends, and with one word for all of
    /// its synonyms.
    ///
    /// Utterances and questions both pass through this function, so that “你好请问如何取现啊” and
    /// “怎么提现” have the same core. A text of courtesies alone keeps them. A courtesy that
    /// questions need as a word stays: it may be what the text is about.
    pub(crate) fn core_text(&self, normalized: &str) -> String {
        let is_cut = |word: &str| !self.is_needed(word);
        self.common_words(self.without_courtesies(normalized, is_cut).to_owned())
    }

    /// A core without any courtesy at its ends, not even one that questions need.
    pub(crate) fn bare<'t>(&self, core: &'t str) -> &'t str {
        self.without_courtesies(core, |_| true)
    }

    /// The text with dialect words and common synonyms replaced.
    pub(crate) fn common_words(&self, text: String) -> String {
        self.words.replace(text)
    }

    /// What the questions need.
    pub(crate) fn needed(&self) -> &NeededWords {
        &self.needed
    }

    fn is_needed(&self, courtesy: &str) -> bool {
        self.needed.content.iter().any(|word| word == courtesy)
    }

    /// The text without the courtesies at its ends for which `is_cut` holds. None is cut out of a
    /// longer word.
    fn without_courtesies<'t>(
        &self,
        normalized: &'t str,
        is_cut: impl Fn(&str) -> bool,
    ) -> &'t str {
        let is_word =
            |rest: &str| self.needed.beginnings.iter().any(|word| rest.starts_with(&**word));
        let ends_with_word =
            |rest: &str| self.needed.endings.iter().any(|word| rest.ends_with(&**word));
        let before = |rest: &'t str| {
            let courtesy = self.before.iter().find(|word| rest.starts_with(&***word))?;
            rest.strip_prefix(&**courtesy).filter(|_| is_cut(courtesy) && !is_word(rest))
        };
        let after = |rest: &'t str| {
            let courtesy = self.after.iter().find(|word| rest.ends_with(&***word))?;
            rest.strip_suffix(&**courtesy).filter(|_| is_cut(courtesy) && !ends_with_word(rest))
        };
        let mut rest = normalized;
        while let Some(shorter) = before(rest) {
            rest = shorter;
        }
        while let Some(shorter) = after(rest) {
            rest = shorter;
        }
        if rest.is_empty() { normalized } else { rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courtesies_go_and_synonyms_meet() {
        let wording = CommonWording::of(&Industry::shipped(), NeededWords::default());
        let cases = [
            // (what it shows, normalised, expected)
            ("both ends", "你好请问一下怎么提现啊", "怎么提现"),
            ("nothing to do", "怎么提现", "怎么提现"),
            ("courtesy alone", "你好", "你好"),
            ("several courtesies alone", "你好谢谢", "你好谢谢"),
            ("inside a question", "好友请问候我", "好友请问候我"),
            ("synonyms", "如何更改帐号", "怎么改账户"),
            ("Cantonese", "唔记得登入密码点算", "忘登录密码怎么办"),
            ("the longer word first", "手机号码没法用", "手机号不能用"),
        ];
        for (shows, normalized, expected) in cases {
            assert_eq!(wording.core_text(normalized), expected, "{shows}");
        }
    }

    #[test]
    fn no_word_of_the_questions_is_cut_off() {
        let needed = NeededWords {
            content: vec!["客服".to_owned()],
            beginnings: vec!["亲戚".to_owned()],
            endings: vec!["干嘛".to_owned()],
        };
        let wording = CommonWording::of(&Industry::shipped(), needed);
        let cases = [
            // (what it shows, normalised, core, bare core)
            ("a needed courtesy", "客服怎么联系", "客服怎么联系", "怎么联系"),
            ("behind another", "你好客服怎么联系", "客服怎么联系", "怎么联系"),
            ("a longer word", "亲戚借钱", "亲戚借钱", "亲戚借钱"),
            ("and the courtesy in it", "亲借钱", "借钱", "借钱"),
            ("a longer word at the end", "打我电话干嘛", "打我电话干嘛", "打我电话干嘛"),
            ("and the courtesy in it", "打我电话嘛", "打我电话", "打我电话"),
        ];
        for (shows, normalized, core, bare) in cases {
            assert_eq!(wording.core_text(normalized), core, "{shows}");
            assert_eq!(wording.bare(core), bare, "{shows}");
        }
    }
}
