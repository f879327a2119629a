//! Facts as a page sent them, and those of them that are kept.

use std::{collections::BTreeMap, fmt};

use super::facts::{Facts, is_fact_word};

/// Facts as a page sent them, unchecked: names and values may be anything, even personal data.
///
/// [`KnowledgeBase::keep_declared`](crate::knowledge::KnowledgeBase::keep_declared) makes
/// [`Facts`] of them, and is the only way to do so.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::GivenFacts;
///
/// let sent = [("product".to_owned(), Some("wallet".to_owned())), ("age".to_owned(), None)];
/// let given = GivenFacts::from_iter(sent);
/// assert_eq!(format!("{given:?}"), "GivenFacts(2)"); // neither names nor values
/// ```
#[derive(Clone, Default)]
pub struct GivenFacts(BTreeMap<String, Option<String>>);

impl GivenFacts {
    /// Keeps the facts whose name and value are `declared`, at most [`Facts::COUNT_MAX`].
    pub(super) fn keep(self, declared: &BTreeMap<String, Vec<String>>) -> (Facts, DroppedFacts) {
        let mut kept = Vec::new();
        let mut dropped = DroppedFacts::default();
        for (name, value) in self.0 {
            match value.filter(|value| is_declared(declared, &name, value)) {
                Some(value) if kept.len() < Facts::COUNT_MAX => kept.push((name, value)),
                Some(_) | None => dropped.add(name),
            }
        }
        let facts = Facts::new(kept).expect("they have the form, in number and words");
        (facts, dropped)
    }
}

/// A value that is no text is `None`. Of a name that is given twice the last value counts.
impl FromIterator<(String, Option<String>)> for GivenFacts {
    fn from_iter<I: IntoIterator<Item = (String, Option<String>)>>(facts: I) -> Self {
        Self(facts.into_iter().collect())
    }
}

/// Shows the number alone, because the output may end up in a log.
impl fmt::Debug for GivenFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GivenFacts").field(&self.0.len()).finish()
    }
}

/// The facts of a page that were dropped, for its developer. It holds no values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DroppedFacts {
    names: Vec<String>,
    count: usize,
}

impl DroppedFacts {
    /// Most names that are kept.
    pub const NAMES_MAX: usize = 16;

    /// The names, in their order, at most [`Self::NAMES_MAX`]. Only those that have the form of a
    /// name are here: another may itself be personal data.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of all dropped facts, with or without a name here.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether nothing was dropped.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, name: String) {
        self.count += 1;
        if self.names.len() < Self::NAMES_MAX && is_fact_word(&name) {
            self.names.push(name);
        }
    }
}

/// The facts whose name and value are `declared`, of facts that may have been checked against
/// other declarations.
pub(super) fn still_declared(facts: &Facts, declared: &BTreeMap<String, Vec<String>>) -> Facts {
    let kept = facts.pairs().filter(|(name, value)| is_declared(declared, name, value));
    let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Facts::new(kept).expect("they are some of checked facts")
}

fn is_declared(declared: &BTreeMap<String, Vec<String>>, name: &str, value: &str) -> bool {
    is_fact_word(name)
        && is_fact_word(value)
        && declared.get(name).is_some_and(|values| values.iter().any(|known| known == value))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs<'p> = &'p [(&'p str, Option<&'p str>)];

    fn declared(count: usize) -> BTreeMap<String, Vec<String>> {
        let name = |n| format!("f{n:02}");
        (0..count).map(|n| (name(n), vec!["a".to_owned(), "b".to_owned()])).collect()
    }

    fn given(pairs: Pairs<'_>) -> GivenFacts {
        let pair =
            |(name, value): &(&str, Option<&str>)| ((*name).to_owned(), value.map(str::to_owned));
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_what_is_declared_is_kept() {
        let long = "f".repeat(33);
        let cases: [(&str, Pairs<'_>, &str, &[&str], usize); 11] = [
            // (what it shows, facts, those kept, names dropped, how many dropped)
            ("nothing", &[], "", &[], 0),
            ("declared", &[("f00", Some("a")), ("f01", Some("b"))], "f00=a,f01=b", &[], 0),
            ("an undeclared name", &[("uid", Some("a"))], "", &["uid"], 1),
            ("an undeclared value", &[("f00", Some("c"))], "", &["f00"], 1),
            ("a value of another name's form", &[("f00", Some("13800138000"))], "", &["f00"], 1),
            ("a value that is no text", &[("f00", None), ("f01", Some("a"))], "f01=a", &["f00"], 1),
            ("an empty value", &[("f00", Some(""))], "", &["f00"], 1),
            ("a value of another case", &[("f00", Some("A"))], "", &["f00"], 1),
            ("a name that may be a person's", &[("张三", Some("a")), ("138", None)], "", &[], 2),
            ("a name that is too long", &[(&long, Some("a")), ("", Some("a"))], "", &[], 2),
            ("a name twice", &[("f00", Some("c")), ("f00", Some("b"))], "f00=b", &[], 0),
        ];
        for (shows, pairs, kept, names, count) in cases {
            let (facts, dropped) = given(pairs).keep(&declared(2));
            assert_eq!(facts.to_string(), kept, "{shows}");
            assert_eq!(dropped.names(), names, "{shows}");
            assert_eq!(dropped.count(), count, "{shows}");
            assert_eq!(dropped.is_empty(), count == 0, "{shows}");
        }
    }

    #[test]
    fn facts_and_names_are_limited_in_number() {
        let many: GivenFacts =
            (0..40).map(|n| (format!("f{n:02}"), Some("a".to_owned()))).collect();
        let (facts, dropped) = many.clone().keep(&declared(40));
        assert_eq!(facts.pairs().count(), Facts::COUNT_MAX);
        assert_eq!((dropped.names().len(), dropped.count()), (16, 24));
        let (facts, dropped) = many.keep(&BTreeMap::new());
        assert!(facts.is_empty(), "without declarations nothing is kept");
        assert_eq!((dropped.names().len(), dropped.count()), (16, 40));
    }

    #[test]
    fn stored_facts_are_held_to_the_declarations_of_now() {
        let stored: Facts = "f00=a,f01=c,uid=b".parse().unwrap();
        assert_eq!(still_declared(&stored, &declared(2)).to_string(), "f00=a");
        assert_eq!(still_declared(&stored, &BTreeMap::new()), Facts::default());
    }
}
