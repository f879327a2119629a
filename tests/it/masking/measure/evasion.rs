//! Spellings that hide a value.

use super::class::Class;
use super::dice::Dice;

/// A way to write a value so that a search for it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Evasion {
    Spaces,
    Dashes,
    Dots,
    /// Characters that do not show.
    ZeroWidth,
    FullWidth,
    /// 零一二 or 〇幺二.
    Chinese,
    /// 洞幺两拐勾.
    Spoken,
    Circled,
    /// Digits of other scripts, and mathematical ones.
    OtherScript,
    /// Each digit in another way, with signs between some.
    Mixed,
    LineBreak,
    /// Letters directly before it.
    Letters,
    /// An address with words for its signs.
    Words,
    /// The label in one message and the value in the next.
    LabelFirst,
    /// The label with the first digits in one message, the others in the next.
    TwoBubbles,
}

impl Evasion {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Evasion::Spaces => "spaces",
            Evasion::Dashes => "dashes",
            Evasion::Dots => "dots",
            Evasion::ZeroWidth => "invisible characters",
            Evasion::FullWidth => "full width",
            Evasion::Chinese => "Chinese numerals",
            Evasion::Spoken => "洞幺两拐勾",
            Evasion::Circled => "circled",
            Evasion::OtherScript => "digits of other scripts",
            Evasion::Mixed => "mixed",
            Evasion::LineBreak => "line break",
            Evasion::Letters => "letters attached",
            Evasion::Words => "words for signs",
            Evasion::LabelFirst => "label in the message before",
            Evasion::TwoBubbles => "number over two messages",
        }
    }

    /// The value in this spelling.
    pub(crate) fn write(self, class: Class, value: &str, dice: &mut Dice) -> String {
        match self {
            Evasion::Spaces if class == Class::LoginPassword => one_by_one(value),
            Evasion::Spaces if class == Class::Email => {
                value.replace('@', " @ ").replace('.', dice.pick(&[" . ", ".", ". "]))
            }
            Evasion::Spaces => part(value, &[" ", " ", "\u{3000}", "  "], dice),
            Evasion::Dashes => part(value, &["-", "－", "—", " - ", "–"], dice),
            Evasion::Dots => part(value, &[".", "·", "•"], dice),
            Evasion::ZeroWidth => part(value, INVISIBLE, dice),
            Evasion::FullWidth => value.chars().map(full_width).collect(),
            Evasion::Chinese => {
                spell(value, dice.pick(&["零一二三四五六七八九", "〇幺二三四五六七八九"]))
            }
            Evasion::Spoken => spell(value, "洞幺两三四五六拐八勾"),
            Evasion::Circled => circled(value, dice),
            Evasion::OtherScript => spell(value, dice.pick(SCRIPTS)),
            Evasion::Mixed => mixed(value, dice),
            Evasion::LineBreak => line_break(value, dice),
            Evasion::Words => in_words(value, dice),
            Evasion::Letters | Evasion::LabelFirst | Evasion::TwoBubbles => value.to_owned(),
        }
    }
}

const INVISIBLE: &[&str] = &["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}"];

const SCRIPTS: &[&str] = &[
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "०१२३४५६७८९",
    "০১২৩৪৫৬৭৮৯",
    "๐๑๒๓๔๕๖๗๘๙",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
];

/// One of the signs after each character, or between groups.
fn part(value: &str, signs: &[&str], dice: &mut Dice) -> String {
    let (plus, value) = match value.strip_prefix('+') {
        Some(value) => ("+", value),
        None => ("", value),
    };
    let sign = dice.pick(signs);
    let width = dice.within(1, 4);
    let characters: Vec<char> = value.chars().collect();
    // A short value in one group would be no evasion.
    let width = width.min(characters.len() / 2).max(1);
    let groups: Vec<String> = characters.chunks(width).map(String::from_iter).collect();
    format!("{plus}{}", groups.join(sign))
}

fn one_by_one(value: &str) -> String {
    value.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// Each digit as the character of its place.
fn spell(value: &str, digits: &str) -> String {
    let digit = |c: char| digits.chars().nth(c.to_digit(10)? as usize);
    value.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

fn full_width(c: char) -> char {
    if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c }
}

fn circled(value: &str, dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => spell(value, "⓪①②③④⑤⑥⑦⑧⑨"),
        1 => spell(value, "⓿❶❷❸❹❺❻❼❽❾"),
        // Key caps.
        _ => value
            .chars()
            .map(
                |c| if c.is_ascii_digit() { format!("{c}\u{fe0f}\u{20e3}") } else { c.to_string() },
            )
            .collect(),
    }
}

/// Each digit in one of several scripts, and the same sign after some of them.
fn mixed(value: &str, dice: &mut Dice) -> String {
    let sign = dice.pick(&["", " ", "-", ".", "\u{200b}"]);
    let ways = ["0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨"];
    let mut written = String::new();
    for (at, c) in value.chars().enumerate() {
        if at > 0 && dice.one_in(4) {
            written.push_str(sign);
        }
        written.push_str(&spell(&c.to_string(), dice.pick(&ways)));
    }
    written
}

fn line_break(value: &str, dice: &mut Dice) -> String {
    let characters: Vec<char> = value.chars().collect();
    let half = characters.len() / 2;
    let at = if half > 4 && dice.one_in(2) { 4 } else { half };
    let (first, second) = characters.split_at(at);
    format!("{}\n{}", String::from_iter(first), String::from_iter(second))
}

fn in_words(address: &str, dice: &mut Dice) -> String {
    let (at, dot) =
        [(" at ", " dot "), ("(at)", "(dot)"), ("艾特", "点"), ("[at]", ".")][dice.below(4)];
    address.replace('@', at).replace('.', dot)
}
