//! Words that mix letters, digits and signs, as passwords do.

use super::cells::{Cell, is_alphanumeric};
use super::words::PRODUCTS;

/// A word of letters, digits and signs at the start of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct MixedWord<'a> {
    /// Its cells, without final stops.
    value: &'a [Cell],
    /// The cells after it.
    after: &'a [Cell],
    /// Whether it is, or begins with, the name of a product.
    pub(super) is_product: bool,
}

impl<'a> MixedWord<'a> {
    pub(super) fn at(before: &[Cell], rest: &'a [Cell]) -> Option<MixedWord<'a>> {
        let is_part = |cell: &&Cell| {
            cell.is_char() && (cell.is_ascii_alphanumeric() || PASSWORD_SIGNS.contains(&cell.c))
        };
        let goes_on = matches!(before, [.., letter, sign]
            if letter.is_ascii_alphanumeric() && matches!(sign.c, '_' | '-' | '.' | '+'));
        if goes_on || before.last().is_some_and(Cell::is_ascii_alphanumeric) {
            return None;
        }
        let value = rest.get(..rest.iter().take(LONGEST_PASSWORD).take_while(is_part).count())?;
        // A final stop more often ends the sentence than belongs to the password.
        let cells = value.iter().rposition(|cell| !matches!(cell.c, '.' | '~' | '-' | '='))? + 1;
        let (value, after) = rest.split_at_checked(cells)?;
        Some(MixedWord { value, after, is_product: PRODUCTS.at_start(rest).is_some() })
    }

    /// Its length in cells.
    pub(super) fn cells(&self) -> usize {
        self.value.len()
    }

    pub(super) fn has_letter(&self) -> bool {
        self.value.iter().any(Cell::is_ascii_letter)
    }

    pub(super) fn has_digit(&self) -> bool {
        self.value.iter().any(Cell::is_ascii_digit)
    }

    /// Whether a sign other than a dash or a stop is in it.
    pub(super) fn has_sign(&self) -> bool {
        self.value.iter().any(|cell| is_strong(cell) || matches!(cell.c, '_' | '+'))
    }

    /// Whether a sign is in it, after its start, that hardly stands in anything but a password.
    pub(super) fn has_strong_sign(&self) -> bool {
        self.value.iter().skip(1).any(is_strong)
    }

    /// Whether it mixes letters and digits.
    pub(super) fn is_mixed(&self) -> bool {
        self.has_letter() && self.has_digit() && !self.is_product
    }

    /// Whether nothing that could belong to it follows.
    pub(super) fn ends(&self) -> bool {
        self.after.first().is_none_or(|next| !is_alphanumeric(next.c))
    }

    /// Whether it is an e-mail address.
    pub(super) fn is_address(&self) -> bool {
        let at = self.value.iter().position(|cell| cell.c == '@');
        let domain = at.and_then(|at| self.value.get(at..)).unwrap_or_default();
        domain.iter().any(|cell| cell.c == '.')
    }

    /// Whether it is a sum with the sign of its currency, or the code of a stock: HK$560, 0700.HK.
    pub(super) fn is_market_sign(&self) -> bool {
        let letters = self.letters();
        let is_sum = letters.split_once('$').is_some_and(|(currency, sum)| {
            currency.len() <= 3
                && currency.chars().all(|c| c.is_ascii_alphabetic())
                && sum.chars().all(|c| c.is_ascii_digit() || c == '.')
        });
        let is_stock = letters.split_once('.').is_some_and(|(code, market)| {
            code.chars().all(|c| c.is_ascii_digit())
                && matches!(market, "hk" | "sh" | "sz" | "us" | "ss" | "bj")
        });
        is_sum || is_stock
    }

    /// Whether it has the form of an error code or a model: E10086, 3DS-0412, v3.9.12.
    pub(super) fn is_code_like(&self) -> bool {
        is_code_like(&self.letters())
    }

    /// Whether it is an English word that is no value, such as “wrong”.
    pub(super) fn is_plain_word(&self) -> bool {
        NO_VALUES.contains(&&*self.letters())
    }

    /// Its characters in lower case.
    pub(super) fn letters(&self) -> String {
        self.value.iter().map(|cell| cell.c).collect()
    }
}

fn is_strong(cell: &Cell) -> bool {
    matches!(cell.c, '!' | '@' | '#' | '$' | '%' | '^' | '&' | '*')
}

/// Whether at most three letters stand before digits, without another sign than dashes and stops.
fn is_code_like(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = word.len() - rest.len();
    let is_plain = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.'));
    let is_middle =
        word.contains('-') && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_hex =
        word.strip_prefix("0x").is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()));
    is_hex || (letters <= 3 && (is_plain || is_middle))
}

const LONGEST_PASSWORD: usize = 32;

/// Signs that are common in passwords and rare in sentences.
const PASSWORD_SIGNS: [char; 14] =
    ['@', '#', '$', '%', '^', '&', '*', '_', '+', '-', '=', '!', '~', '.'];

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
