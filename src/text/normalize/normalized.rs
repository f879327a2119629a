//! A normalized text with the origins of its characters.

use std::ops::Range;

/// A text after [`normalize`](crate::text::normalize), with the origins of its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalized {
    pub(crate) text: String,
    pub(crate) origins: Vec<u32>,
    /// For each character, the index after its last original character. Empty if each came from a
    /// single one.
    pub(crate) ends: Vec<u32>,
}

impl Normalized {
    /// The normalized text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// For each normalized character, the index of its original character, in characters from 0.
    /// All digits of a spelled-out number have the index of its first character. Never decreases.
    pub fn origins(&self) -> &[u32] {
        &self.origins
    }

    /// The range of original characters for a range of normalized characters. Both count characters
    /// from 0.
    ///
    /// Part of a spelled-out number gives all of that number. A range past the end is cut off, and
    /// an empty range gives an empty result.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::text::normalize;
    ///
    /// let normalized = normalize("提 現 三万五，多久？");
    /// assert_eq!(normalized.as_str(), "提现35000多久");
    /// assert_eq!(normalized.original_range(0..2), 0..3); // 提 現
    /// assert_eq!(normalized.original_range(3..5), 4..7); // 三万五
    /// assert_eq!(normalized.original_range(7..9), 8..10); // 多久
    /// ```
    pub fn original_range(&self, chars: Range<usize>) -> Range<usize> {
        let last = chars.end.min(self.origins.len()).checked_sub(1);
        let Some(last) = last.filter(|last| chars.start <= *last) else { return 0..0 };
        let end = self.ends.get(last).copied().unwrap_or(self.origins[last] + 1);
        self.origins[chars.start] as usize..end as usize
    }

    /// The normalized text, owned.
    pub fn into_string(self) -> String {
        self.text
    }
}
