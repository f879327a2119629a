//! Extracts the core of a text: drops courtesies, and unifies dialect words and common synonyms.

use std::borrow::Cow;

use super::replacements::Replacements;
use crate::knowledge::{Industry, Synonym};

/// Drops courtesies and replaces words by their common synonym, with the words of a trade.
#[derive(Debug)]
pub(crate) struct CommonWording {
    /// Courtesies at the beginning and at the end of a text, the longest first.
    before: Vec<String>,
    after: Vec<String>,
    /// Dialect words, then common synonyms.
    words: Replacements,
}

impl CommonWording {
    pub(crate) fn of(industry: &Industry) -> Self {
        let words = industry.dialect.iter().chain(&industry.same);
        let words = words.map(|Synonym { word, other }| (word.clone(), other.clone()));
        Self {
            before: industry.courtesies.before.clone(),
            after: industry.courtesies.after.clone(),
            words: Replacements::new(words),
        }
    }

    /// The core of a normalised text: without courtesies at its ends, and with one word for all of
    /// its synonyms.
    ///
    /// Utterances and questions both pass through this function, so that “你好请问如何取现啊” and
    /// “怎么提现” have the same core. A text of courtesies alone keeps them.
    pub(crate) fn core_text<'t>(&self, normalized: &'t str) -> Cow<'t, str> {
        self.common_words(self.without_courtesies(normalized))
    }

    /// The text with dialect words and common synonyms replaced.
    pub(crate) fn common_words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.words.replace(text)
    }

    fn without_courtesies<'t>(&self, normalized: &'t str) -> &'t str {
        let before = |rest: &'t str| self.before.iter().find_map(|word| rest.strip_prefix(&**word));
        let after = |rest: &'t str| self.after.iter().find_map(|word| rest.strip_suffix(&**word));
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
        let wording = CommonWording::of(&Industry::shipped());
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
}
