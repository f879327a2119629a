//! Masking of personal data.

use std::fmt;

use super::cells::{Cell, write};
use super::context::MaskContext;
use super::declared::DeclaredIds;
use super::identifiers::{self, Identifier};
use super::number_words::read_numbers;
use super::numbers::{GroupedNumber, digit};
use super::personal_data::{PersonalData, SecretKind, Treatment};
use super::piece;
use super::policy::MaskingPolicy;
use super::secrets::{self, Secret};
use super::spot::Spot;
use super::tag::Tag;

/// A text without personal data, and the kinds of data that were removed.
///
/// Only [`Masker`] makes one, so a function that takes it cannot get the original.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked {
    text: String,
    found: Vec<PersonalData>,
    flagged: Vec<PersonalData>,
}

impl Masked {
    /// The text, with each find replaced by a tag such as `[手机号…8000]` or `[密码已删除]`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, owned.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The finds, in the order of the text. Tags that were in the original do not count.
    pub fn found(&self) -> &[PersonalData] {
        &self.found
    }

    /// The finds that the policy flags: they stay in the text.
    pub fn flagged(&self) -> &[PersonalData] {
        &self.flagged
    }

    /// Whether the original had a secret, of which the customer should be warned.
    pub fn has_secret(&self) -> bool {
        self.found.iter().any(|data| data.is_secret())
    }

    /// The text without tags, for matching, which knows no tags.
    pub fn without_tags(&self) -> String {
        let chars: Vec<char> = self.text.chars().collect();
        let mut kept = String::with_capacity(self.text.len());
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            if let Some((_, length)) = chars.get(at..).filter(|_| c == '[').and_then(Tag::read) {
                at += length;
            } else {
                kept.push(c);
                at += 1;
            }
        }
        kept
    }
}

/// Shows the finds without the text, because the output may end up in a log.
impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masked").field("found", &self.found).finish_non_exhaustive()
    }
}

/// A text as it was typed. Only masking can read it.
///
/// It has no `Display` and no serialization, so that it reaches neither a store nor a log.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedText(String);

impl TypedText {
    /// The length in characters.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether it is empty or only white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl From<String> for TypedText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for TypedText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Shows the length alone, because the output may end up in a log.
impl fmt::Debug for TypedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedText").field("bytes", &self.0.len()).finish()
    }
}

/// Removes personal data from texts before they are stored and shown.
///
/// The default has the safe policy and knows no numbers of the operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masker {
    /// What is done with each class.
    pub policy: MaskingPolicy,
    /// Numbers of the operator, which stay.
    pub ids: DeclaredIds,
}

impl Masker {
    /// Masks a text that was typed.
    pub fn mask_typed(&self, typed: &TypedText, context: &MaskContext) -> Masked {
        self.mask(&typed.0, context)
    }

    /// Removes personal data from a text. `context` tells what the messages before it were about.
    ///
    /// Of cards, identity numbers and phones the last four characters are kept, unless the policy
    /// says otherwise. Of passwords, one-time codes and other secrets nothing is kept. Full-width,
    /// circled and Chinese digits, spaces, dashes and invisible characters do not hide a number.
    /// Amounts, dates, order numbers, hotlines, and questions about passwords and codes stay
    /// unchanged.
    ///
    /// Masking is idempotent.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::compliance::{MaskContext, Masker};
    ///
    /// let (masker, mut context) = (Masker::default(), MaskContext::default());
    /// let masked = masker.mask("我的手机是１３８ 0013 8000，验证码是", &context);
    /// assert_eq!(masked.text(), "我的手机是[手机号…8000]，验证码是");
    ///
    /// context.customer_said(masked.text());
    /// let masked = masker.mask("482913", &context);
    /// assert_eq!(masked.text(), "[验证码已删除]");
    /// assert!(masked.has_secret());
    ///
    /// assert!(masker.mask("6位验证码收不到怎么办？", &context).found().is_empty());
    /// ```
    pub fn mask(&self, text: &str, context: &MaskContext) -> Masked {
        let mut cells = context.cells_before(read_numbers(text));
        if !may_find(&cells) {
            let (found, flagged) = (Vec::new(), Vec::new());
            return Masked { text: text.to_owned(), found, flagged };
        }
        // A tag may bring a label and another value together, so masking repeats until it finds
        // nothing. Each round but the last puts tags in place of cells, so that there are fewer.
        let flagged = loop {
            let mut round = Round {
                masker: self,
                done: Vec::with_capacity(cells.len()),
                has_found: false,
                flagged: Vec::new(),
            };
            round.run(&cells);
            cells = round.done;
            if !round.has_found {
                break round.flagged;
            }
        };
        let (text, found) = write(text, &cells);
        Masked { text, found, flagged }
    }
}

/// Masks a text outside of a conversation, with the default [`Masker`].
pub fn mask(text: &str) -> Masked {
    Masker::default().mask(text, &MaskContext::default())
}

/// One round over a text.
struct Round<'a> {
    masker: &'a Masker,
    /// The cells that are done, after the hints of earlier messages.
    done: Vec<Cell>,
    has_found: bool,
    flagged: Vec<PersonalData>,
}

/// What is at one place of a text.
enum MaskFind {
    /// Data that a tag replaces, with its length in cells.
    Replaced(Tag, usize),
    /// Something that stays, with its length in cells: a number of the operator, or data of a class
    /// that the policy keeps.
    Left(Option<PersonalData>, usize),
}

impl Round<'_> {
    /// The cells with a tag in place of each find.
    fn run(&mut self, cells: &[Cell]) {
        let mut left = cells;
        while let Some((first, rest)) = left.split_first() {
            left = match self.find(left) {
                None => {
                    self.done.push(*first);
                    rest
                }
                Some(MaskFind::Left(data, length)) => {
                    self.flagged.extend(data);
                    let (left_alone, rest) = left.split_at(length.clamp(1, left.len()));
                    self.done.extend(left_alone);
                    rest
                }
                Some(MaskFind::Replaced(tag, length)) => self.replace(left, tag, length),
            };
        }
    }

    /// Puts a tag in place of the first cells. Returns the cells after it.
    fn replace<'c>(&mut self, left: &'c [Cell], tag: Tag, length: usize) -> &'c [Cell] {
        self.has_found = true;
        let mut end = length.max(1);
        while let [.., last, next] = left.get(..=end).unwrap_or_default()
            && last.shares_character(next)
        {
            end += 1;
        }
        let (covered, rest) = left.split_at(end.min(left.len()));
        if let Some(first) = covered.first() {
            while self.done.pop_if(|before: &mut Cell| before.shares_character(first)).is_some() {}
        }
        self.done.extend(Cell::over(covered, tag));
        rest
    }

    /// The find at the start of `rest`.
    fn find(&self, rest: &[Cell]) -> Option<MaskFind> {
        let first = rest.first().filter(|first| first.is_char())?;
        let before = &*self.done;
        // Most characters of a text can begin nothing.
        if !may_begin(before.last(), first) {
            return None;
        }
        let spot = Spot::new(before, rest);
        if let Some(length) = self.declared(&spot) {
            // A secret is destroyed, whatever an operator declares.
            let secret = secrets::find_labelled(&spot);
            return Some(secret.map_or(MaskFind::Left(None, length), secret_find));
        }
        let identifier = identifiers::find(&spot);
        if identifier.is_none()
            && let Some((tag, length)) = piece::find(&spot)
            && self.masker.policy.treatment(tag.data).replaces()
        {
            return Some(MaskFind::Replaced(tag, length));
        }
        let secret = secrets::find(&spot);
        match (identifier, secret) {
            (Some(identifier), Some(secret)) if is_password(&identifier, secret) => {
                Some(secret_find(secret))
            }
            (Some(identifier), _) => Some(self.treated(&identifier)),
            (None, secret) => secret.map(secret_find),
        }
    }

    /// What the policy does with an identifier.
    fn treated(&self, identifier: &Identifier) -> MaskFind {
        let Identifier { data, characters, cells } = identifier;
        match self.masker.policy.treatment(*data) {
            Treatment::LastFour => MaskFind::Replaced(Tag::last_four(*data, characters), *cells),
            Treatment::Destroy => MaskFind::Replaced(Tag::destroyed(*data), *cells),
            Treatment::Flag => MaskFind::Left(Some(*data), *cells),
            Treatment::Keep => MaskFind::Left(None, *cells),
        }
    }

    /// The length of the operator's own number at the start.
    fn declared(&self, spot: &Spot<'_>) -> Option<usize> {
        let rest = spot.rest;
        if self.masker.ids.ids().is_empty() || !spot.starts_word() {
            return None;
        }
        let length = rest.iter().take(64).take_while(|cell| cell.is_ascii_alphanumeric()).count();
        let word: String =
            rest.iter().take(length).map(|cell| cell.c.to_ascii_uppercase()).collect();
        if self.masker.ids.find(&word).is_some() {
            return Some(length);
        }
        let mut numbers = spot.run.as_ref()?.numbers().rev().filter(GroupedNumber::is_one);
        numbers.find(|number| self.masker.ids.find(number.digits).is_some()).map(|n| n.cells)
    }
}

/// Whether data may begin anywhere. Most texts of customers have neither a digit nor a letter.
fn may_find(cells: &[Cell]) -> bool {
    let mut before = None;
    cells.iter().any(|cell| {
        let begins = cell.is_char() && may_begin(before, cell);
        before = Some(cell);
        begins
    })
}

/// Whether data may begin at a character.
fn may_begin(before: Option<&Cell>, first: &Cell) -> bool {
    if first.c.is_ascii_alphanumeric() {
        // A number may begin after letters, but no word in the middle of another.
        let follows =
            |fits: fn(&Cell) -> bool| before.is_some_and(|before| before.is_char() && fits(before));
        return if first.is_ascii_digit() {
            !follows(Cell::is_ascii_digit)
        } else {
            !follows(Cell::is_ascii_alphanumeric)
        };
    }
    if first.c.is_ascii() {
        return matches!(
            first.c,
            '@' | '#' | '$' | '%' | '^' | '&' | '*' | '_' | '+' | '-' | '=' | '!' | '~' | '.' | ';'
        );
    }
    digit(first).is_some()
        || identifiers::begins_plate(first.c)
        // A password of Chinese characters.
        || secrets::says(before)
}

/// Whether a number is named as a password: then none of its digits may stay.
fn is_password(identifier: &Identifier, secret: Secret) -> bool {
    secret.kind == SecretKind::Password && secret.cells >= identifier.cells
}

fn secret_find(Secret { kind, cells }: Secret) -> MaskFind {
    MaskFind::Replaced(Tag::destroyed(PersonalData::Secret(kind)), cells)
}
