//! Facts of a customer, which choose between answers.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

/// The known facts of a customer, such as `product` = `wallet`. Entries name facts in `when`.
///
/// Facts come from the operator's page through the customer's browser, and so may be forged.
/// They choose between answers that anybody may read, and give no rights.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::Facts;
///
/// let facts: Facts = "product=wallet,audience=vip".parse()?;
/// assert_eq!(facts.get("product"), Some("wallet"));
/// assert_eq!(facts.get("channel"), None);
/// assert!("product=钱包".parse::<Facts>().is_err());
/// # Ok::<(), kefu::knowledge::FactsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts(BTreeMap<String, String>);

static NONE: Facts = Facts(BTreeMap::new());

impl Facts {
    /// Most facts of one customer.
    pub const COUNT_MAX: usize = 16;

    /// Longest name or value, in characters.
    pub const WORD_CHARS_MAX: usize = 32;

    /// Checks the form of facts. No entry needs to ask for them.
    pub fn new(facts: impl IntoIterator<Item = (String, String)>) -> Result<Self, FactsError> {
        let mut found = BTreeMap::new();
        for (name, value) in facts {
            if let Some(word) = [&name, &value].into_iter().find(|word| !is_fact_word(word)) {
                return Err(FactsError::Word(word.clone()));
            }
            if found.len() == Self::COUNT_MAX {
                return Err(FactsError::TooMany);
            }
            if found.contains_key(&name) {
                return Err(FactsError::Twice(name));
            }
            found.insert(name, value);
        }
        Ok(Self(found))
    }

    /// No facts: nothing is known of the customer.
    pub fn none() -> &'static Self {
        &NONE
    }

    /// The value of a fact; `None` when it is unknown.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether no fact is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in the order of the names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Reads `product=wallet,audience=vip`. Spaces around words are ignored; an empty text holds no
/// facts.
impl std::str::FromStr for Facts {
    type Err = FactsError;

    fn from_str(text: &str) -> Result<Self, FactsError> {
        let pair = |part: &str| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        let parts = text.split(',').filter(|part| !part.trim().is_empty());
        let pairs: Result<Vec<_>, _> = parts
            .map(|part| pair(part).ok_or_else(|| FactsError::NoPair(part.trim().to_owned())))
            .collect();
        Self::new(pairs?)
    }
}

impl std::fmt::Display for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, (name, value)) in self.pairs().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

/// The customers to whom an entry may be served. For each named fact, the customer must have one
/// of the values. Without named facts, the entry may be served to everybody.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::{Facts, When};
///
/// let when = When::new([("product".to_owned(), vec!["wallet".to_owned(), "loan".to_owned()])]);
/// assert!(when.holds(&"product=loan".parse::<Facts>()?));
/// assert!(!when.holds(Facts::none())); // no answer is better than that of another product
/// # Ok::<(), kefu::knowledge::FactsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When(BTreeMap<String, BTreeSet<String>>);

impl When {
    /// Takes facts with the accepted values. A fact without values holds for nobody.
    pub fn new(facts: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let values = |(name, values): (String, Vec<String>)| (name, values.into_iter().collect());
        Self(facts.into_iter().map(values).collect())
    }

    /// Whether a customer with these facts is among them. An unknown fact counts as not matching.
    pub fn holds(&self, facts: &Facts) -> bool {
        self.0.iter().all(|(name, values)| facts.get(name).is_some_and(|one| values.contains(one)))
    }

    /// Whether no customer is among both: they name a fact with no value in common.
    pub fn excludes(&self, other: &Self) -> bool {
        self.0.iter().any(|(name, values)| {
            other.0.get(name).is_some_and(|others| values.is_disjoint(others))
        })
    }

    /// An example of a customer: the first value of each fact.
    pub fn example(&self) -> Facts {
        let first = |(name, values): (&String, &BTreeSet<String>)| {
            Some((name.clone(), values.first()?.clone()))
        };
        Facts(self.0.iter().filter_map(first).collect())
    }
}

/// Why facts were refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FactsError {
    /// A name or a value is not of lower-case letters, digits and underscores, does not begin with
    /// a letter, or is too long.
    #[error(
        "invalid name or value of a fact “{0}”: expected at most 32 of a-z, 0-9 and _, a letter first"
    )]
    Word(String),
    /// More than [`Facts::COUNT_MAX`].
    #[error("too many facts: expected at most 16")]
    TooMany,
    /// A name is given twice.
    #[error("the fact “{0}” is given twice: expected each name once")]
    Twice(String),
    /// A part has no equals sign.
    #[error("invalid fact “{0}”: expected name=value")]
    NoPair(String),
}

/// Whether a word may be the name or the value of a fact. It begins with a letter, which keeps out
/// phone and card numbers.
pub(crate) fn is_fact_word(word: &str) -> bool {
    word.len() <= Facts::WORD_CHARS_MAX
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_taken_by_their_form() {
        let long = "a".repeat(33);
        let many = (0..17).map(|n| format!("f{n}=x")).collect::<Vec<_>>().join(",");
        let word = |word: &str| Err(FactsError::Word(word.to_owned()));
        let cases = [
            // (what it shows, text, as it is written or why not)
            ("nothing", "", Ok("")),
            (
                "in the order of the names",
                "product=wallet, audience=vip",
                Ok("audience=vip,product=wallet"),
            ),
            ("a comma too much", "product=wallet,", Ok("product=wallet")),
            ("Han", "product=钱包", word("钱包")),
            ("capitals", "Product=wallet", word("Product")),
            ("no value", "product=", word("")),
            ("a number of a person", "phone=13800138000", word("13800138000")),
            ("too long", &format!("a={long}"), word(&long)),
            ("no pair", "wallet", Err(FactsError::NoPair("wallet".to_owned()))),
            ("twice", "a=b,a=c", Err(FactsError::Twice("a".to_owned()))),
            ("too many", &many, Err(FactsError::TooMany)),
        ];
        for (shows, text, expected) in cases {
            let facts = text.parse::<Facts>().map(|facts| facts.to_string());
            assert_eq!(facts, expected.map(str::to_owned), "{shows}");
        }
    }
}
