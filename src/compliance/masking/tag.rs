//! Tags, which stand in a text in place of personal data.

use super::personal_data::PersonalData;

/// The replacement for personal data in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) data: PersonalData,
    pub(super) remains: Remains,
}

/// What a tag keeps of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remains {
    /// Nothing: `[密码已删除]`.
    Nothing,
    /// The last four characters: `[手机号…8000]`.
    LastFour([u8; 4]),
    /// The number of characters of a part of a number: `[银行卡9位已删除]`.
    Length(u8),
}

impl Tag {
    /// The tag for `characters` of this class, with the last four of them.
    pub(super) fn last_four(data: PersonalData, characters: &str) -> Tag {
        let mut tail = [b'0'; 4];
        for (kept, c) in tail.iter_mut().rev().zip(characters.bytes().rev()) {
            *kept = c;
        }
        Tag { data, remains: Remains::LastFour(tail) }
    }

    /// The tag that keeps nothing.
    pub(super) fn destroyed(data: PersonalData) -> Tag {
        Tag { data, remains: Remains::Nothing }
    }

    /// Writes the tag in its stored form.
    pub(super) fn write(self, to: &mut String) {
        to.push('[');
        to.push_str(self.data.chinese_name());
        match self.remains {
            Remains::Nothing => to.push_str(REMOVED),
            Remains::LastFour(tail) => {
                to.push(ELLIPSIS);
                to.extend(tail.map(char::from));
            }
            Remains::Length(length) => {
                to.push_str(&length.to_string());
                to.push_str(DIGITS_REMOVED);
            }
        }
        to.push(']');
    }

    /// The tag at the start of a text, with its length in characters.
    pub(super) fn read(text: &[char]) -> Option<(Tag, usize)> {
        let inside = text.strip_prefix(&['['])?;
        PersonalData::ALL.into_iter().find_map(|data| {
            let rest = strip_word(inside, data.chinese_name())?;
            let (remains, rest) = Remains::read(data, rest)?;
            let rest = rest.strip_prefix(&[']'])?;
            Some((Tag { data, remains }, text.len() - rest.len()))
        })
    }
}

impl Remains {
    fn read(data: PersonalData, text: &[char]) -> Option<(Remains, &[char])> {
        if let Some(rest) = strip_word(text, REMOVED) {
            return Some((Remains::Nothing, rest));
        }
        if text.first().is_some_and(char::is_ascii_digit) {
            let digits = text.iter().take(2).take_while(|c| c.is_ascii_digit()).count();
            let (length, rest) = text.split_at_checked(digits)?;
            let length = length.iter().filter_map(|c| c.to_digit(10)).fold(0, |n, d| n * 10 + d);
            return Some((
                Remains::Length(u8::try_from(length).ok()?),
                strip_word(rest, DIGITS_REMOVED)?,
            ));
        }
        let (tail, rest) = text.strip_prefix(&[ELLIPSIS])?.split_first_chunk::<4>()?;
        let is_kept = |c: &char| c.is_ascii_digit() || c.is_ascii_uppercase();
        if data.is_secret() || !tail.iter().all(is_kept) {
            return None;
        }
        Some((Remains::LastFour(tail.map(|c| u8::try_from(c).unwrap_or(b'0'))), rest))
    }
}

const REMOVED: &str = "已删除";
const DIGITS_REMOVED: &str = "位已删除";
const ELLIPSIS: char = '…';

fn strip_word<'a>(text: &'a [char], word: &str) -> Option<&'a [char]> {
    word.chars().try_fold(text, |text, c| text.strip_prefix(&[c]))
}

#[cfg(test)]
mod tests {
    use super::{PersonalData, Remains, Tag};

    #[test]
    fn every_tag_is_read_as_it_was_written() {
        for data in PersonalData::ALL {
            let mut tags = vec![Tag::destroyed(data), Tag { data, remains: Remains::Length(19) }];
            if !data.is_secret() {
                tags.push(Tag::last_four(data, "44052418800101001X"));
            }
            for tag in tags {
                let mut text = String::new();
                tag.write(&mut text);
                let chars: Vec<char> = format!("{text}，").chars().collect();
                assert_eq!(Tag::read(&chars), Some((tag, text.chars().count())), "{text}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_tag_is_none() {
        for text in ["[密码", "[密码…1234]", "[手机号…12a4]", "[手机号]", "手机号…1234]"]
        {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(Tag::read(&chars), None, "{text}");
        }
    }
}
