//! The texts of people in events.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Serialize};

use crate::compliance::Masked;

/// A text of a person, without the personal data that masking found, as it is stored.
///
/// One is made from [`Masked`], so that no other text gets into an event. Reading an event makes
/// one, too: stored texts were masked before they were written.
///
/// # Examples
///
/// ```
/// use kefu::{compliance::mask, journal::MaskedText};
///
/// let text = MaskedText::from(mask("我的手机是13800138000"));
/// assert_eq!(&*text, "我的手机是[手机号…8000]");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaskedText(String);

impl MaskedText {
    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<Masked> for MaskedText {
    fn from(masked: Masked) -> Self {
        Self(masked.into_text())
    }
}

impl From<&Masked> for MaskedText {
    fn from(masked: &Masked) -> Self {
        Self(masked.text().to_owned())
    }
}

impl Deref for MaskedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Shows the length alone, because the output may end up in a log.
impl fmt::Debug for MaskedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MaskedText").field("bytes", &self.0.len()).finish()
    }
}
