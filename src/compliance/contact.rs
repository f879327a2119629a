//! Contact details that a customer leaves to be called back: the only text that is kept unmasked.

use std::fmt;

use thiserror::Error;

use super::masking::{Masked, PersonalData, mask};
use crate::text::plain_forms;

/// How to reach a customer, such as a phone number or an address for e-mails, as it was typed.
///
/// It never holds card, account or identity numbers, passwords or codes: [`mask`] finds none of
/// them in it, and no number in it is too long for a phone. A secret without a label, such as
/// `abc123456`, cannot be told from the name of an account of `WeChat`.
///
/// # Examples
///
/// ```
/// use kefu::compliance::{ContactError, ContactText};
///
/// let contact = ContactText::new("微信同号 138 0013 8000")?;
/// assert_eq!(contact.as_str(), "微信同号 138 0013 8000");
/// assert_eq!(ContactText::new("卡号6222021234567890128"), Err(ContactError::Secret));
/// # Ok::<(), ContactError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ContactText(String);

/// What stands for contact details of which nothing may be kept.
const REMOVED: &str = "[联系方式已删除]";

/// The most digits of a phone number, with its country code (ITU-T E.164).
const PHONE_DIGITS_MAX: usize = 15;

/// The longest group of digits in a card number that is written in groups.
const GROUP_DIGITS_MAX: usize = 6;

impl ContactText {
    /// The longest contact details, in characters.
    pub const CHARS_MAX: usize = 100;

    /// Checks contact details.
    pub fn new(text: &str) -> Result<Self, ContactError> {
        if text.trim().is_empty() {
            return Err(ContactError::Empty);
        }
        if text.chars().count() > Self::CHARS_MAX {
            return Err(ContactError::TooLong);
        }
        let masked = masked(text);
        if !masked.found().iter().all(|data| is_allowed(*data)) || has_long_number(&masked) {
            return Err(ContactError::Secret);
        }
        Ok(Self(text.to_owned()))
    }

    /// Contact details that were stored by an earlier version, which may have allowed more. What is
    /// no longer allowed is masked.
    pub(crate) fn of_stored(text: &str) -> Self {
        Self::new(text)
            .or_else(|_| Self::new(masked(text).text()))
            .unwrap_or_else(|_| Self(REMOVED.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Shows nothing of the text, because the output may end up in a log.
impl fmt::Debug for ContactText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContactText").finish_non_exhaustive()
    }
}

/// Why contact details are refused. It repeats nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ContactError {
    /// There is nothing but white space.
    #[error("contact is empty")]
    Empty,
    /// There are more than [`ContactText::CHARS_MAX`] characters.
    #[error("contact must have at most 100 characters")]
    TooLong,
    /// It has something that does not serve to reach the customer.
    #[error("contact must have no card, account or identity number, password or code")]
    Secret,
}

/// The one place where contact details are masked.
fn masked(text: &str) -> Masked {
    mask(text)
}

/// Whether contact details may hold it. Each new kind of personal data is decided here.
fn is_allowed(data: PersonalData) -> bool {
    match data {
        PersonalData::Phone
        | PersonalData::HkPhone
        | PersonalData::TaiwanPhone
        | PersonalData::ForeignPhone
        | PersonalData::Landline
        | PersonalData::Email
        | PersonalData::Address => true,
        PersonalData::Card
        | PersonalData::BankAccount
        | PersonalData::Iban
        | PersonalData::IdNumber
        | PersonalData::HkId
        | PersonalData::MacauId
        | PersonalData::TaiwanId
        | PersonalData::Passport
        | PersonalData::Permit
        | PersonalData::Plate
        | PersonalData::Secret(_) => false,
    }
}

/// Whether there is a number, at once or in groups, that is too long for a phone. Phones that were
/// found do not count.
fn has_long_number(masked: &Masked) -> bool {
    let mut plain = String::new();
    for c in masked.text().chars() {
        plain_forms(c, |c| plain.push(c));
    }
    let (mut digits, mut group) = (0, 0);
    for c in plain.chars() {
        if c.is_ascii_digit() {
            (digits, group) = (digits + 1, group + 1);
            if digits > PHONE_DIGITS_MAX {
                return true;
            }
        } else if matches!(c, ' ' | '-' | '.' | '_') && group <= GROUP_DIGITS_MAX {
            group = 0;
        } else {
            (digits, group) = (0, 0);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_a_customer_is_allowed_and_nothing_else() {
        let long = "微".repeat(101);
        let cases = [
            // (what it shows, contact details, whether they are refused)
            ("a phone", "13800138000", None),
            ("a phone in groups", "+86 138-0013-8000", None),
            ("a phone in full width", "电话：１３８００１３８０００", None),
            ("two phones", "13800138000 13900139000", None),
            ("a landline", "010-12345678", None),
            ("a landline with its extension", "(021) 6123 4567 转 8012", None),
            ("two landlines", "010-12345678 021-87654321", None),
            ("a phone abroad", "+852 9123 4567", None),
            ("an e-mail", "zhang.san-01@example.com", None),
            ("a WeChat name", "微信 zhangsan_1990", None),
            ("a number of QQ", "QQ 1234567890", None),
            ("words", "晚上八点以后打给我", None),
            ("nothing", " \u{3000}", Some(ContactError::Empty)),
            ("too long", &long, Some(ContactError::TooLong)),
            ("a card", "6222021234567890128", Some(ContactError::Secret)),
            (
                "a card beside a phone",
                "13800138000 卡4111 1111 1111 1111",
                Some(ContactError::Secret),
            ),
            ("a card without its check digit", "6222021234567890123", Some(ContactError::Secret)),
            ("the same in groups", "6222 0212 3456 7890 123", Some(ContactError::Secret)),
            (
                "the same in full width",
                "６２２２０２１２３４５６７８９０１２３",
                Some(ContactError::Secret),
            ),
            ("an account", "账号1001234567890123456", Some(ContactError::Secret)),
            ("an identity number", "11010519491231002X", Some(ContactError::Secret)),
            ("one with a slip", "440524188001010015", Some(ContactError::Secret)),
            ("a password", "13800138000 密码abc12345", Some(ContactError::Secret)),
            ("a code", "验证码482913", Some(ContactError::Secret)),
        ];
        for (shows, text, refused) in cases {
            let contact = ContactText::new(text);
            assert_eq!(contact.as_ref().err().copied(), refused, "{shows}");
            if let Ok(contact) = contact {
                assert_eq!(contact.as_str(), text, "{shows}");
                assert_eq!(format!("{contact:?}"), "ContactText(..)", "{shows}");
            }
        }
    }

    #[test]
    fn what_an_earlier_version_stored_is_masked() {
        let long = format!("13800138000{}", "微".repeat(101));
        let cases = [
            ("allowed", "13800138000", "13800138000"),
            ("a password", "13800138000 密码abc12345", "[手机号…8000] 密码[密码已删除]"),
            ("a number that is not known", "1234567890123456", REMOVED),
            ("nothing", "", REMOVED),
            ("too long", &long, REMOVED),
        ];
        for (shows, stored, expected) in cases {
            let contact = ContactText::of_stored(stored);
            assert_eq!(contact.as_str(), expected, "{shows}");
            assert_eq!(ContactText::of_stored(contact.as_str()), contact, "{shows}: again");
        }
    }
}
