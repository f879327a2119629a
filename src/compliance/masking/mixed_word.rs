//! Words that mix letters, digits and signs, as passwords do.

use super::cells::Cell;
use super::words::PRODUCTS;

/// A word of letters, digits and signs at the start of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct MixedWord {
    /// Its length in cells, without final stops.
    pub(super) cells: usize,
    pub(super) has_letter: bool,
    pub(super) has_digit: bool,
    /// Whether a sign other than a dash or a stop is in it.
    pub(super) has_sign: bool,
    /// Whether it is an e-mail address.
    pub(super) is_address: bool,
    /// Whether a sign is in it that hardly stands in anything but a password.
    pub(super) has_strong_sign: bool,
    /// Whether it has the form of an error code or a model: E10086, 3DS-0412, v3.9.12.
    pub(super) is_code_like: bool,
    /// Whether it is, or begins with, the name of a product.
    pub(super) is_product: bool,
    /// Whether an English word that is no value, such as “wrong”.
    pub(super) is_word: bool,
    /// Whether nothing that could belong to it follows.
    pub(super) ends: bool,
}

impl MixedWord {
    pub(super) fn at(before: &[Cell], rest: &[Cell]) -> Option<MixedWord> {
        let is_part = |cell: &&Cell| {
            cell.is_char() && (cell.c.is_ascii_alphanumeric() || PASSWORD_SIGNS.contains(cell.c))
        };
        if before.last().is_some_and(Cell::is_ascii_alphanumeric) {
            return None;
        }
        let value = rest.get(..rest.iter().take(LONGEST_PASSWORD).take_while(is_part).count())?;
        // A final stop more often ends the sentence than belongs to the password.
        let cells = value.iter().rposition(|cell| !matches!(cell.c, '.' | '~' | '-' | '='))? + 1;
        let value = value.get(..cells)?;
        let letters: String = value.iter().map(|cell| cell.c).collect();
        Some(MixedWord {
            cells,
            has_letter: value.iter().any(Cell::is_ascii_letter),
            has_digit: value.iter().any(Cell::is_ascii_digit),
            has_sign: value.iter().any(|cell| STRONG_SIGNS.contains(cell.c)),
            is_address: letters.split_once('@').is_some_and(|(_, domain)| domain.contains('.')),
            has_strong_sign: value.iter().skip(1).any(|cell| "!@#$%^&*".contains(cell.c)),
            is_code_like: is_code_like(&letters),
            is_product: PRODUCTS.at_start(rest).is_some(),
            is_word: NO_VALUES.contains(&&*letters),
            ends: rest.get(cells).is_none_or(|next| !next.c.is_alphanumeric()),
        })
    }

    /// Whether it mixes letters and digits.
    pub(super) fn is_mixed(&self) -> bool {
        self.has_letter && self.has_digit && !self.is_product
    }
}

/// Whether at most three letters stand before digits, without another sign than dashes and stops.
fn is_code_like(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = word.len() - rest.len();
    let is_plain = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '_'));
    let is_middle =
        word.contains('-') && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (letters <= 3 && is_plain) || (is_middle && letters <= 3)
}

const LONGEST_PASSWORD: usize = 32;

/// Signs that are common in passwords and rare in sentences.
const PASSWORD_SIGNS: &str = "@#$%^&*_+-=!~.";

const STRONG_SIGNS: &str = "@#$%^&*_+!";

/// English words after “password is” that are no password.
const NO_VALUES: &[&str] = &[
    "wrong",
    "incorrect",
    "invalid",
    "expired",
    "not",
    "correct",
    "working",
    "what",
    "changed",
    "right",
    "ok",
    "reset",
    "forgot",
    "forgotten",
    "the",
    "my",
    "same",
    "different",
    "blank",
    "empty",
    "weak",
    "too",
    "strong",
    "required",
    "locked",
    "error",
    "sms",
    "null",
    "undefined",
    "still",
    "always",
    "never",
    "needed",
    "safe",
    "strange",
    "lost",
    "sent",
    "missing",
    "blocked",
    "failed",
    "fine",
    "good",
    "great",
    "secure",
    "there",
    "here",
    "gone",
    "done",
    "long",
    "short",
    "old",
    "new",
    "simple",
    "complex",
    "easy",
    "hard",
    "visible",
    "hidden",
    "saved",
    "stored",
    "known",
    "unknown",
    "leaked",
    "stolen",
    "hacked",
    "okay",
    "broken",
    "accepted",
    "rejected",
    "denied",
    "working",
    "very",
    "really",
    "just",
    "only",
    "also",
    "enough",
    "compromised",
    "shown",
    "typed",
    "entered",
    "asked",
];
