//! Suggestions as they are shown to the customer.

use std::ops::Range;

use super::{index::SuggestIndex, search::Suggested, typed::Typed};
use crate::knowledge::{Circumstances, EntryId, KnowledgeBase};
use crate::text::normalize;

/// A question of the knowledge base that a customer may be typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The entry that it asks for.
    pub entry: EntryId,
    /// The question that fits best, as written in the files. Sent as a message, it finds the
    /// entry.
    pub wording: String,
    /// The characters of the wording that match the typed text, to be highlighted. The ranges count
    /// characters from 0; they are sorted, not adjacent, and not empty.
    pub matched: Vec<Range<usize>>,
}

/// The questions that a customer may be typing, best first.
pub(in crate::matching) fn suggest(
    index: &SuggestIndex,
    base: &KnowledgeBase,
    prefix: &str,
    circumstances: Circumstances<'_>,
) -> Vec<Suggestion> {
    let Some(typed) = Typed::new(prefix) else { return Vec::new() };
    let is_served = |place: u32| {
        base.entries.get(place as usize).is_some_and(|entry| entry.is_served_in(circumstances))
    };
    let found = index.search(&typed, is_served);
    found.into_iter().filter_map(|found| suggestion(base, found)).collect()
}

fn suggestion(base: &KnowledgeBase, found: Suggested) -> Option<Suggestion> {
    let entry = base.entries.get(found.entry as usize)?;
    let wording = entry.questions().nth(found.number as usize)?;
    let origins = normalize(wording);
    let matched = ranges(origins.origins(), found.marks);
    Some(Suggestion { entry: entry.id.clone(), wording: wording.to_owned(), matched })
}

/// The marked characters of a normalised text as ranges of the original. A range includes the
/// characters that normalising dropped between two adjacent ones, such as a space.
fn ranges(origins: &[u32], marks: u64) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut previous = None;
    for (&origin, at) in origins.iter().zip(0..u64::BITS).filter(|(_, at)| marks & (1 << at) != 0) {
        let start = origin as usize;
        let is_neighbour = previous.is_some_and(|previous| previous + 1 == at);
        match ranges.last_mut() {
            Some(last) if is_neighbour || start <= last.end => last.end = last.end.max(start + 1),
            Some(_) | None => ranges.push(start..start + 1),
        }
        previous = Some(at);
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
