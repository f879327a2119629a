//! Facts of a customer on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::knowledge::{DroppedFacts, GivenFacts};

/// Any object is taken. A value that is not a string is dropped later, like an undeclared one.
impl<'de> Deserialize<'de> for GivenFacts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let facts = BTreeMap::<String, Value>::deserialize(from)?;
        let text = |value: Value| if let Value::String(text) = value { Some(text) } else { None };
        Ok(facts.into_iter().map(|(name, value)| (name, text(value))).collect())
    }
}

/// Facts that were not kept, as the knowledge does not declare their name or their value.
#[derive(Debug, Serialize)]
pub struct DroppedFactsView {
    /// At most 16, without names that do not have the form of one.
    pub names: Vec<String>,
    /// The number of all.
    pub count: usize,
}

impl DroppedFactsView {
    /// `None` if nothing was dropped.
    pub(crate) fn of(dropped: &DroppedFacts) -> Option<Self> {
        let view = || Self { names: dropped.names().to_vec(), count: dropped.count() };
        (!dropped.is_empty()).then(view)
    }
}
