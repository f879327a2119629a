//! What is shown to a customer who types.

use std::ops::Range;

use super::{SuggestIndex, search::Found, typed::Typed};
use crate::knowledge::{Circumstances, EntryId};
use crate::matching::Snapshot;
use crate::text::normalize;

/// A question of the knowledge base that a customer may be typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The entry that it asks for.
    pub entry: EntryId,
    /// The standard question, or the similar one that fits better; as written in the files.
    /// Sent as a message, it finds the entry.
    pub wording: String,
    /// Which characters of the wording take up what is typed, to be highlighted: in
    /// characters from 0, without the end, in order, apart and not empty.
    pub matched: Vec<Range<usize>>,
}

impl Snapshot {
    /// The questions that a customer may be typing, best first: at most five, one of an entry,
    /// none of an entry that is not served on that day. None when nothing fits.
    ///
    /// What is typed may be Chinese of either script, pinyin without tones, its initials, or
    /// all of them mixed; its last syllable need not be finished. The first 30 characters
    /// count, after normalising. Questions that begin with it come first, then those with a
    /// word that does, then those that have it in order but apart. Among equals the very
    /// characters come before sounds and whole syllables before initials, then words that
    /// more questions have, standard questions, short ones, and the order of the files.
    ///
    /// The first call builds an index and takes some milliseconds for each thousand questions;
    /// [`prepare_suggestions`](Self::prepare_suggestions) does it ahead.
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::civil::date;
    /// use kefu::knowledge::questions_only;
    /// use kefu::matching::Snapshot;
    ///
    /// let lines = r#"{"id": "withdraw", "question": "提现多久到账", "similar": ["银行卡几天到账"]}
    ///                {"id": "bind", "question": "怎么绑定银行卡"}"#;
    /// let base = questions_only(lines.as_bytes()).base.expect("two good lines");
    /// let snapshot = Snapshot::build(base)?;
    ///
    /// let today = date(2026, 11, 22);
    /// for typed in ["提現", "tixian", "tx", "tixdz", "提x"] {
    ///     assert_eq!(snapshot.suggest(typed, today)[0].wording, "提现多久到账", "{typed}");
    /// }
    /// let suggested = snapshot.suggest("yhk", today);
    /// assert_eq!((&*suggested[0].wording, &*suggested[0].matched), ("银行卡几天到账", &[0..3][..]));
    /// assert_eq!((&*suggested[1].wording, &*suggested[1].matched), ("怎么绑定银行卡", &[4..7][..]));
    /// assert!(snapshot.suggest("天气", today).is_empty());
    /// # Ok::<(), kefu::matching::MatchingError>(())
    /// ```
    pub fn suggest<'f>(
        &self,
        prefix: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Vec<Suggestion> {
        let circumstances = circumstances.into();
        let Some(typed) = Typed::new(prefix) else { return Vec::new() };
        let is_served = |place: u32| {
            self.base
                .entries
                .get(place as usize)
                .is_some_and(|entry| entry.is_served_in(circumstances))
        };
        let found = self.suggest_index().search(&typed, is_served);
        found.into_iter().filter_map(|found| self.suggestion(found)).collect()
    }

    /// Builds what [`suggest`](Self::suggest) looks through, so that the first customer who
    /// types need not wait. Once is enough; more often does nothing.
    pub fn prepare_suggestions(&self) {
        self.suggest_index();
    }

    /// Whether that was done.
    pub fn has_suggestions(&self) -> bool {
        self.suggest_index.get().is_some()
    }

    pub(super) fn suggest_index(&self) -> &SuggestIndex {
        let segmenter = self.matcher.bank().segmenter();
        self.suggest_index.get_or_init(|| SuggestIndex::build(&self.base, segmenter))
    }

    fn suggestion(&self, found: Found) -> Option<Suggestion> {
        let entry = self.base.entries.get(found.entry as usize)?;
        let wording = entry.questions().nth(found.number as usize)?;
        let origins = normalize(wording);
        let matched = ranges(origins.origins(), found.marks);
        Some(Suggestion { entry: entry.id.clone(), wording: wording.to_owned(), matched })
    }
}

/// The marked characters of a normalised text as ranges of the original. What is dropped
/// between two that are neighbours there, such as a space, is within the range.
fn ranges(origins: &[u32], marks: u64) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut before = None;
    for (&origin, at) in origins.iter().zip(0..u64::BITS).filter(|(_, at)| marks & (1 << at) != 0) {
        let start = origin as usize;
        let is_neighbour = before.is_some_and(|before| before + 1 == at);
        match ranges.last_mut() {
            Some(last) if is_neighbour || start <= last.end => last.end = last.end.max(start + 1),
            Some(_) | None => ranges.push(start..start + 1),
        }
        before = Some(at);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::ranges;
    use crate::text::normalize;

    #[test]
    fn marks_of_the_normalised_text_become_ranges_of_the_original() {
        let cases = [
            ("nothing", "提现", 0, vec![]),
            ("two runs", "提现手续费", 0b1_1011, vec![(0, 2), (3, 5)]),
            ("a space between neighbours", "提 现", 0b11, vec![(0, 3)]),
            ("marks before", "“提现”多久", 0b0011, vec![(1, 3)]),
            ("one character that became two", "㎡多少", 0b011, vec![(0, 1)]),
        ];
        for (shows, wording, marks, expected) in cases {
            let ranges = ranges(normalize(wording).origins(), marks);
            let found: Vec<_> = ranges.into_iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected, "{shows}");
        }
    }
}
