//! Counts what a masker finds in generated messages, and what it takes from harmless ones.

use std::collections::BTreeMap;

use kefu::compliance::MaskContext;

use super::class::Class;
use super::dice::Dice;
use super::evasion::Evasion;
use super::harmless::HarmlessKind;
use super::samples::{Sample, Typed};

/// The stored text of a message, by what the messages before it tell.
pub(crate) type Mask<'a> = &'a dyn Fn(&str, &MaskContext) -> String;

/// Values of one kind that were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recall {
    pub(crate) texts: usize,
    pub(crate) found: usize,
    /// What was missed, typed and stored.
    pub(crate) misses: Vec<String>,
}

/// Harmless texts of one kind that were changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touched {
    /// The texts, without those that nobody can tell from cards.
    pub(crate) texts: usize,
    pub(crate) wrongly: Vec<String>,
    /// Texts that nobody can tell from cards.
    pub(crate) like_cards: usize,
}

/// The recall by class.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recalls {
    pub(crate) plain: BTreeMap<Class, Recall>,
    pub(crate) evaded: BTreeMap<Class, Recall>,
    pub(crate) by_evasion: BTreeMap<Evasion, Recall>,
    /// Numbers over two messages, and those of which the first digits stayed.
    pub(crate) split: usize,
    pub(crate) first_parts_left: usize,
}

impl Recall {
    fn note(&mut self, miss: Option<&String>) {
        self.texts += 1;
        self.found += usize::from(miss.is_none());
        self.misses.extend(miss.cloned());
    }

    /// The share of the texts of which the value was found.
    pub(crate) fn share(&self) -> f64 {
        self.found as f64 / self.texts.max(1) as f64
    }

    pub(crate) fn sum<'a>(all: impl IntoIterator<Item = &'a Recall>) -> Recall {
        let mut sum = Recall::default();
        for one in all {
            sum.texts += one.texts;
            sum.found += one.found;
            sum.misses.extend(one.misses.iter().cloned());
        }
        sum
    }
}

impl Recalls {
    /// Masks this many plain texts and this many evaded ones of each class.
    pub(crate) fn count(mask: Mask<'_>, plain: usize, evaded: usize, dice: &mut Dice) -> Recalls {
        let mut recalls = Recalls::default();
        for class in Class::ALL {
            for _ in 0..plain {
                recalls.note(&Sample::plain(class, dice), mask);
            }
            for evasion in class.evasions().iter().cycle().take(evaded) {
                recalls.note(&Sample::evaded(class, *evasion, dice), mask);
            }
        }
        recalls
    }

    fn note(&mut self, sample: &Sample, mask: Mask<'_>) {
        let mut context = MaskContext::default();
        let mut stored = Vec::new();
        for message in &sample.messages {
            let text = mask(&message.text(), &context);
            context.customer_said(&text);
            stored.push(text);
        }
        let is_left = |(message, stored): (&Typed, &String)| {
            !is_found(message, stored, sample.class.is_destroyed())
        };
        let mut pairs = sample.messages.iter().zip(&stored);
        let is_missed = pairs.by_ref().any(|pair| !pair.0.is_first_part && is_left(pair));
        let miss = is_missed.then(|| {
            let typed: Vec<String> = sample.messages.iter().map(Typed::text).collect();
            let spelling = sample.evasion.map_or("plain", Evasion::name);
            let (class, typed, stored) =
                (sample.class.name(), typed.join(" / "), stored.join(" / "));
            format!("{class}, {spelling}: {typed:?} → {stored:?}")
        });
        match sample.evasion {
            None => self.plain.entry(sample.class).or_default().note(miss.as_ref()),
            Some(evasion) => {
                self.evaded.entry(sample.class).or_default().note(miss.as_ref());
                self.by_evasion.entry(evasion).or_default().note(miss.as_ref());
            }
        }
        let mut firsts =
            sample.messages.iter().zip(&stored).filter(|(typed, _)| typed.is_first_part);
        self.split += usize::from(firsts.clone().next().is_some());
        self.first_parts_left += usize::from(firsts.any(is_left));
    }
}

/// Masks this many harmless texts of each kind.
pub(crate) fn count_touched(
    mask: Mask<'_>,
    texts: usize,
    dice: &mut Dice,
) -> BTreeMap<HarmlessKind, Touched> {
    let mut by_kind: BTreeMap<HarmlessKind, Touched> = BTreeMap::new();
    for kind in HarmlessKind::ALL {
        let touched = by_kind.entry(kind).or_default();
        for _ in 0..texts {
            let harmless = kind.draw(dice);
            if harmless.is_like_card {
                touched.like_cards += 1;
                continue;
            }
            touched.texts += 1;
            let stored = mask(&harmless.text, &MaskContext::default());
            if stored != harmless.text {
                touched.wrongly.push(format!("{}: {:?} → {stored:?}", kind.name(), harmless.text));
            }
        }
    }
    by_kind
}

/// Whether nothing of a value is left in the stored text but the tail in a tag.
pub(crate) fn is_found(typed: &Typed, stored: &str, is_destroyed: bool) -> bool {
    let Some(left) = without_tags(stored, is_destroyed) else { return false };
    let left: Vec<char> = left.chars().collect();
    let same =
        |text: &mut dyn Iterator<Item = (char, char)>| text.take_while(|(a, b)| a == b).count();
    let start = same(&mut left.iter().copied().zip(typed.before.chars()));
    let rest = left.get(start..).unwrap_or_default();
    let end = same(&mut rest.iter().rev().copied().zip(typed.after.chars().rev()));
    let rest = rest.get(..rest.len() - end).unwrap_or_default();
    typed.value.is_empty() || !rest.iter().any(|c| tells(*c))
}

/// Whether a character may be part of a value: separators are not.
fn tells(c: char) -> bool {
    c.is_numeric()
        || "零一二三四五六七八九〇幺两洞拐勾".contains(c)
        || plain_width(c).is_ascii_alphanumeric()
}

fn plain_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The text without its tags; `None` if a tag keeps characters and nothing may be kept.
fn without_tags(stored: &str, is_destroyed: bool) -> Option<String> {
    let mut left = String::new();
    let mut rest = stored;
    while let Some((before, after)) = rest.split_once('[') {
        left.push_str(before);
        let tag = after.split_once(']').filter(|(inside, _)| is_tag(inside));
        if let Some((inside, after)) = tag {
            if is_destroyed && inside.contains('…') {
                return None;
            }
            rest = after;
        } else {
            left.push('[');
            rest = after;
        }
    }
    Some(left + rest)
}

/// `密码已删除`, `银行卡8位已删除`, `手机号…8000`.
fn is_tag(inside: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && !name.contains(|c: char| c.is_ascii());
    if let Some(name) = inside.strip_suffix("已删除") {
        let name = name
            .strip_suffix('位')
            .map_or(name, |name| name.trim_end_matches(|c: char| c.is_ascii_digit()));
        return is_name(name);
    }
    inside
        .split_once('…')
        .is_some_and(|(name, tail)| is_name(name) && tail.len() == 4 && tail.is_ascii())
}
