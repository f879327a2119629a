//! A normalised text, and what its characters came from.

use std::ops::Range;

/// A text after [`normalize`](super::normalize), and where each of its characters came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalized {
    pub(super) text: String,
    pub(super) origins: Vec<u32>,
    /// For each character, the index after the last character of the original that it came
    /// from; nothing when each came from one alone.
    pub(super) ends: Vec<u32>,
}

impl Normalized {
    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// For each character of the normalised text, the index, in characters from 0, of the
    /// character of the original that it came from; for the digits of a number that was
    /// spelled out, that of its first character. Never falls.
    pub fn origins(&self) -> &[u32] {
        &self.origins
    }

    /// The characters of the original, from the first up to the last, that a range of
    /// characters of the normalised text came from. Both count characters from 0.
    ///
    /// A part of a number that was spelled out leads to the whole of it. What lies past the
    /// end is left out; of an empty range nothing came, and the result is empty.
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

    /// The normalised text alone.
    pub fn into_string(self) -> String {
        self.text
    }
}
