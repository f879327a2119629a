//! A list of entries or intents that finds each by its id without a search.

use std::{
    collections::HashMap,
    fmt::{self, Debug},
    hash::Hash,
    ops::{Deref, DerefMut},
};

use foldhash::fast::RandomState;

use super::{
    entry::Entry,
    id::{EntryId, IntentId},
    intent::Intent,
};

/// A type whose values have a stable id.
pub trait Identified {
    /// The type of the id.
    type Id: Clone + Debug + Eq + Hash;

    /// Its stable name.
    fn id(&self) -> &Self::Id;
}

impl Identified for Entry {
    type Id = EntryId;

    fn id(&self) -> &EntryId {
        &self.id
    }
}

impl Identified for Intent {
    type Id = IntentId;

    fn id(&self) -> &IntentId {
        &self.id
    }
}

/// A list that knows the place of each id.
///
/// It reads as a slice. Changes go through [`ById::edit`], which keeps the places up to date.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::{ById, Intent, IntentAction};
///
/// let thanks = Intent {
///     id: "social.thanks".into(),
///     priority: 1,
///     examples: vec!["谢谢".to_owned()],
///     patterns: Vec::new(),
///     line: None,
///     action: IntentAction::Reply { text: "不客气".to_owned(), offer_human: false },
/// };
/// let mut intents = ById::from(vec![thanks.clone()]);
/// assert_eq!(intents.place(&"social.thanks".into()), Some(0));
/// intents.edit().insert(0, Intent { id: "social.hello".into(), ..thanks });
/// assert_eq!(intents.place(&"social.thanks".into()), Some(1));
/// assert_eq!(intents[1].examples, ["谢谢"]);
/// assert!(intents.named(&"social.bye".into()).is_none());
/// ```
#[derive(Clone)]
pub struct ById<T: Identified> {
    all: Vec<T>,
    /// The place of each id; for an id that is in the list twice, the first place.
    places: HashMap<T::Id, u32, RandomState>,
}

impl<T: Identified> ById<T> {
    /// The item with that id.
    pub fn named(&self, id: &T::Id) -> Option<&T> {
        self.all.get(self.place(id)?)
    }

    /// The index of the item with that id.
    pub fn place(&self, id: &T::Id) -> Option<usize> {
        self.places.get(id).map(|&place| place as usize)
    }

    /// Gives access to the list for changes. Dropping the result builds the places anew, in time
    /// linear in the number of items.
    pub fn edit(&mut self) -> Edit<'_, T> {
        Edit { all: std::mem::take(&mut self.all), list: self }
    }
}

impl<T: Identified> Default for ById<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T: Identified> From<Vec<T>> for ById<T> {
    fn from(all: Vec<T>) -> Self {
        let mut places = HashMap::with_capacity_and_hasher(all.len(), RandomState::default());
        for (item, place) in all.iter().zip(0..) {
            places.entry(item.id().clone()).or_insert(place);
        }
        Self { all, places }
    }
}

impl<T: Identified> FromIterator<T> for ById<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

/// Shows the list alone. The places follow from it, and their order differs from run to run.
impl<T: Identified + Debug> Debug for ById<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all.fmt(f)
    }
}

impl<T: Identified> Deref for ById<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

impl<'a, T: Identified> IntoIterator for &'a ById<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

/// A list that is being changed.
#[derive(Debug)]
pub struct Edit<'l, T: Identified> {
    all: Vec<T>,
    list: &'l mut ById<T>,
}

impl<T: Identified> Deref for Edit<'_, T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.all
    }
}

impl<T: Identified> DerefMut for Edit<'_, T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.all
    }
}

impl<T: Identified> Drop for Edit<'_, T> {
    fn drop(&mut self) {
        *self.list = ById::from(std::mem::take(&mut self.all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::IntentAction;

    fn intent(id: &str, priority: u8) -> Intent {
        let action = IntentAction::Reply { text: "好的".to_owned(), offer_human: false };
        Intent {
            id: id.into(),
            priority,
            examples: Vec::new(),
            patterns: Vec::new(),
            line: None,
            action,
        }
    }

    #[test]
    fn places_stay_true_through_changes() {
        let mut list: ById<Intent> =
            ["a.a", "b.b", "a.a"].map(|id| intent(id, 1)).into_iter().collect();
        assert_eq!(list.place(&"a.a".into()), Some(0), "of two, the first");
        list.edit().remove(0);
        assert_eq!(list.place(&"a.a".into()), Some(1));
        list.edit()[0].priority = 7;
        assert_eq!(list.named(&"b.b".into()).map(|intent| intent.priority), Some(7));
        list.edit().clear();
        assert!(list.is_empty() && list.named(&"b.b".into()).is_none());
    }
}
