//! Kinds of personal data, and the tags that replace them in a text.

/// A kind of personal data that [`mask`](super::mask) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonalData {
    /// A bank card or account number; the last four digits are kept.
    Card,
    /// A resident identity number; the last four characters are kept.
    IdNumber,
    /// A mobile phone number of the mainland; the last four digits are kept.
    Phone,
    /// A secret that authenticates the customer. Nothing of it is kept.
    Secret(SecretKind),
}

/// A kind of secret that a customer must tell nobody: class C3 of JR/T 0171.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// A password or PIN.
    Password,
    /// A single-use code from a message or a token.
    OneTimeCode,
    /// The three or four digits on the back of a card.
    Cvv,
    /// The month in which a card expires.
    Expiry,
}

/// The replacement for personal data in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) data: PersonalData,
    /// The last four characters, for kinds that keep them; zeros otherwise.
    pub(super) tail: [char; 4],
}

impl PersonalData {
    const ALL: [PersonalData; 7] = [
        PersonalData::Card,
        PersonalData::IdNumber,
        PersonalData::Phone,
        PersonalData::Secret(SecretKind::Password),
        PersonalData::Secret(SecretKind::OneTimeCode),
        PersonalData::Secret(SecretKind::Cvv),
        PersonalData::Secret(SecretKind::Expiry),
    ];

    /// Whether nothing of it is kept.
    pub fn is_secret(self) -> bool {
        matches!(self, PersonalData::Secret(_))
    }

    fn chinese_name(self) -> &'static str {
        match self {
            PersonalData::Card => "银行卡",
            PersonalData::IdNumber => "身份证号",
            PersonalData::Phone => "手机号",
            PersonalData::Secret(SecretKind::Password) => "密码",
            PersonalData::Secret(SecretKind::OneTimeCode) => "验证码",
            PersonalData::Secret(SecretKind::Cvv) => "安全码",
            PersonalData::Secret(SecretKind::Expiry) => "有效期",
        }
    }
}

impl Tag {
    /// The tag for `digits` of this kind, with the last four if the kind keeps them.
    pub(super) fn new(data: PersonalData, digits: &str) -> Tag {
        let mut tail = ['0'; 4];
        if !data.is_secret() {
            for (kept, c) in tail.iter_mut().rev().zip(digits.chars().rev()) {
                *kept = c;
            }
        }
        Tag { data, tail }
    }

    /// Writes the tag in its stored form, such as `[手机号…8000]` or `[密码已删除]`.
    pub(super) fn write(self, to: &mut String) {
        to.push('[');
        to.push_str(self.data.chinese_name());
        if self.data.is_secret() {
            to.push_str(REMOVED);
        } else {
            to.push(ELLIPSIS);
            to.extend(self.tail);
        }
        to.push(']');
    }

    /// The tag at the start of a text, with its length in characters.
    pub(super) fn read(text: &[char]) -> Option<(Tag, usize)> {
        let inside = text.strip_prefix(&['['])?;
        PersonalData::ALL.into_iter().find_map(|data| {
            let rest = strip_word(inside, data.chinese_name())?;
            let (tail, rest) = if data.is_secret() {
                (['0'; 4], strip_word(rest, REMOVED)?)
            } else {
                let (tail, rest) = rest.strip_prefix(&[ELLIPSIS])?.split_first_chunk::<4>()?;
                (Some(*tail).filter(is_tail)?, rest)
            };
            let rest = rest.strip_prefix(&[']'])?;
            Some((Tag { data, tail }, text.len() - rest.len()))
        })
    }
}

const REMOVED: &str = "已删除";
const ELLIPSIS: char = '…';

fn is_tail(&[a, b, c, last]: &[char; 4]) -> bool {
    [a, b, c].iter().all(char::is_ascii_digit) && (last.is_ascii_digit() || last == 'X')
}

fn strip_word<'a>(text: &'a [char], word: &str) -> Option<&'a [char]> {
    word.chars().try_fold(text, |text, c| text.strip_prefix(&[c]))
}

#[cfg(test)]
mod tests {
    use super::{PersonalData, Tag};

    #[test]
    fn every_tag_is_read_as_it_was_written() {
        for data in PersonalData::ALL {
            let tag = Tag::new(data, "44052418800101001X");
            let mut text = String::new();
            tag.write(&mut text);
            let chars: Vec<char> = format!("{text}，").chars().collect();
            assert_eq!(Tag::read(&chars), Some((tag, chars.len() - 1)), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_tag_is_text() {
        for text in
            ["", "[", "[手机号]", "[手机号…13800138000]", "[密码123456已删除]", "[手机号…80x0]"]
        {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(Tag::read(&chars), None, "{text}");
        }
    }
}
