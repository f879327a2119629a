//! The kinds of files that have a schema.

use serde_json::Value;

use super::{entries, industry, intents, settings, tests_file};

/// A kind of YAML file of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// `knowledge/<category>/*.yaml`.
    Entries,
    /// `intents/*.yaml` other than the policy.
    Intents,
    /// `intents/policy.yaml`.
    Policy,
    /// `knowledge/variables.yaml`.
    Variables,
    /// `knowledge/compliance.yaml`.
    Compliance,
    /// `knowledge/hours.yaml`.
    Hours,
    /// `knowledge/synonyms.yaml`.
    Synonyms,
    /// `knowledge/industry.yaml`.
    Industry,
    /// `knowledge/facts.yaml`.
    Facts,
    /// `knowledge/tests.yaml`.
    Tests,
}

impl SchemaKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [SchemaKind; 10] = [
        SchemaKind::Entries,
        SchemaKind::Intents,
        SchemaKind::Policy,
        SchemaKind::Variables,
        SchemaKind::Compliance,
        SchemaKind::Hours,
        SchemaKind::Synonyms,
        SchemaKind::Industry,
        SchemaKind::Facts,
        SchemaKind::Tests,
    ];

    /// Its name, and that of its file without `.json`.
    pub fn name(self) -> &'static str {
        match self {
            SchemaKind::Entries => "entries",
            SchemaKind::Intents => "intents",
            SchemaKind::Policy => "policy",
            SchemaKind::Variables => "variables",
            SchemaKind::Compliance => "compliance",
            SchemaKind::Hours => "hours",
            SchemaKind::Synonyms => "synonyms",
            SchemaKind::Industry => "industry",
            SchemaKind::Facts => "facts",
            SchemaKind::Tests => "tests",
        }
    }

    /// The files of this kind, as globs from the root.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            SchemaKind::Entries => &["knowledge/*/*.yaml", "!knowledge/tests/*.yaml"],
            SchemaKind::Intents => &["intents/*.yaml", "!intents/policy.yaml"],
            SchemaKind::Policy => &["intents/policy.yaml"],
            SchemaKind::Variables => &["knowledge/variables.yaml"],
            SchemaKind::Compliance => &["knowledge/compliance.yaml"],
            SchemaKind::Hours => &["knowledge/hours.yaml"],
            SchemaKind::Synonyms => &["knowledge/synonyms.yaml"],
            SchemaKind::Industry => &["knowledge/industry.yaml"],
            SchemaKind::Facts => &["knowledge/facts.yaml"],
            SchemaKind::Tests => &["knowledge/tests.yaml", "knowledge/tests/*.yaml"],
        }
    }

    /// The kind of a file, by its path from the root; `None` for one that has no schema.
    pub fn of(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_suffix(".yaml")?.split('/').collect();
        match parts.as_slice() {
            ["knowledge", "variables"] => Some(SchemaKind::Variables),
            ["knowledge", "compliance"] => Some(SchemaKind::Compliance),
            ["knowledge", "hours"] => Some(SchemaKind::Hours),
            ["knowledge", "synonyms"] => Some(SchemaKind::Synonyms),
            ["knowledge", "industry"] => Some(SchemaKind::Industry),
            ["knowledge", "facts"] => Some(SchemaKind::Facts),
            ["knowledge", "tests"] | ["knowledge", "tests", _] => Some(SchemaKind::Tests),
            ["knowledge", _] | ["knowledge", _, _] => Some(SchemaKind::Entries),
            ["intents", "policy"] => Some(SchemaKind::Policy),
            ["intents", _] => Some(SchemaKind::Intents),
            _ => None,
        }
    }

    /// The schema, JSON Schema draft 2020-12.
    pub fn schema(self) -> Value {
        let mut schema = match self {
            SchemaKind::Entries => entries::schema(),
            SchemaKind::Intents => intents::schema(),
            SchemaKind::Policy => settings::policy(),
            SchemaKind::Variables => settings::variables(),
            SchemaKind::Compliance => settings::compliance(),
            SchemaKind::Hours => settings::hours(),
            SchemaKind::Synonyms => settings::synonyms(),
            SchemaKind::Industry => industry::schema(),
            SchemaKind::Facts => settings::facts(),
            SchemaKind::Tests => tests_file::schema(),
        };
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["title"] = format!("kefu {}", self.name()).into();
        schema
    }
}
