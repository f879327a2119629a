//! Cuts a text into pieces: the most likely cut by a unigram model (Kudo 2018).

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Stands for a space, and at the beginning of a text.
const SPACE: char = '\u{2581}';

/// The piece that stands for a character without one.
pub(super) const UNKNOWN: u32 = 0;
/// The pieces before and after every text.
const BEGIN: u32 = 1;
const END: u32 = 2;

/// How many of the first pieces match no text.
pub(super) const SPECIAL: usize = 3;

/// So many characters of a text count: the others cost time and belong to a story.
const CHARS_MAX: usize = 128;

/// The pieces with their scores, which are logarithms of their frequency.
#[derive(Clone, Debug)]
pub(super) struct PieceCutter {
    ids: HashMap<Box<str>, u32, FixedState>,
    scores: Vec<f32>,
    unknown_score: f32,
    /// The longest piece, in characters.
    longest: usize,
}

/// The best cut of the text up to some place.
#[derive(Clone, Copy)]
struct Best {
    score: f64,
    /// Where its last piece begins.
    from: usize,
    piece: u32,
}

impl PieceCutter {
    /// The pieces in their order, the special ones first. `None` when one occurs twice.
    pub(super) fn new(pieces: &[(&str, f32)], unknown_score: f32) -> Option<Self> {
        let mut ids: HashMap<Box<str>, u32, FixedState> = HashMap::default();
        for (id, (text, _)) in pieces.iter().enumerate().skip(SPECIAL) {
            if ids.insert(Box::from(*text), id as u32).is_some() {
                return None;
            }
        }
        let longest = pieces.iter().map(|(text, _)| text.chars().count()).max().unwrap_or(1);
        let scores = pieces.iter().map(|(_, score)| *score).collect();
        Some(Self { ids, scores, unknown_score, longest })
    }

    /// The pieces of a text, between those for its beginning and its end.
    pub(super) fn cut(&self, text: &str) -> Vec<u32> {
        let words = text.split_whitespace();
        let text: String =
            words.flat_map(|word| std::iter::once(SPACE).chain(word.chars())).collect();
        let mut bounds: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        bounds.push(text.len());
        bounds.truncate(CHARS_MAX + 1);
        let best = self.best_cuts(&text, &bounds);
        let mut pieces = vec![END];
        let mut place = best.len() - 1;
        while place > 0 {
            pieces.push(best[place].piece);
            place = best[place].from;
        }
        if pieces.len() == 1 {
            pieces.push(UNKNOWN);
        }
        pieces.push(BEGIN);
        pieces.reverse();
        pieces
    }

    /// For each place between characters, the best cut of what is before it. The earlier beginning
    /// wins a tie.
    fn best_cuts(&self, text: &str, bounds: &[usize]) -> Vec<Best> {
        let none = Best { score: f64::NEG_INFINITY, from: 0, piece: UNKNOWN };
        let mut best = vec![none; bounds.len()];
        best[0].score = 0.0;
        for from in 0..bounds.len() - 1 {
            let before = best[from].score;
            let mut take = |to: usize, piece: u32, score: f32| {
                let score = before + f64::from(score);
                if score > best[to].score {
                    best[to] = Best { score, from, piece };
                }
            };
            let mut has_char = false;
            for to in from + 1..bounds.len().min(from + 1 + self.longest) {
                let found = text.get(bounds[from]..bounds[to]).and_then(|part| self.ids.get(part));
                if let Some(&piece) = found {
                    take(to, piece, self.scores[piece as usize]);
                    has_char |= to == from + 1;
                }
            }
            if !has_char {
                take(from + 1, UNKNOWN, self.unknown_score);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> PieceCutter {
        let special = [("", 0.0); SPECIAL];
        let own = [
            ("提现", -3.0),
            ("提", -2.0),
            ("现", -2.5),
            ("▁", -1.0),
            ("▁提", -2.5),
            ("到账", -9.0),
        ];
        PieceCutter::new(&[&special[..], &own].concat(), -20.0).unwrap()
    }

    #[test]
    fn the_most_likely_cut_is_taken() {
        let cases: [(&str, &str, &[u32]); 5] = [
            // (what it shows, text, pieces)
            ("two pieces for three characters", "提现", &[1, 6, 3, 2]),
            ("a space before each word", "提现 提", &[1, 6, 3, 7, 2]),
            ("a character without a piece", "提钱现", &[1, 7, 0, 5, 2]),
            ("nothing", "", &[1, 0, 2]),
            ("white space alone", " \n", &[1, 0, 2]),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(pieces().cut(text), expected, "{shows}");
        }
    }

    #[test]
    fn a_long_text_is_cut_off() {
        assert_eq!(pieces().cut(&"钱".repeat(1_000)).len(), CHARS_MAX + 2);
    }

    #[test]
    fn a_piece_that_occurs_twice_is_refused() {
        let twice = [("", 0.0), ("", 0.0), ("", 0.0), ("提", -1.0), ("提", -2.0)];
        assert!(PieceCutter::new(&twice, -20.0).is_none());
    }
}
