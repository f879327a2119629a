//! JSON Schemas of the files, by which editors complete keys and mark mistakes.
//!
//! Each schema stands beside the reader of its file and uses the same keys and limits. A
//! schema sees one file: mistakes that show between files, such as an unknown id or a question
//! under two entries, are found by `kefu check`.

use serde_json::Value;

use super::{
    compliance_file, entries, facts_file, figures, guard, hours_file, ids_file, industry,
    intent_file, masking_file, policy_file, role::FileRole, synonyms_file, tests_file,
    variables_file,
};

/// A kind of YAML file of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// `knowledge/<category>/*.yaml`.
    Entries,
    /// `intents/*.yaml` other than the policy and the guard.
    Intents,
    /// `intents/policy.yaml`.
    Policy,
    /// `intents/guard.yaml`.
    Guard,
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
    /// `knowledge/figures/*.yaml`.
    Figures,
    /// `knowledge/ids.yaml`.
    Ids,
    /// `knowledge/masking.yaml`.
    Masking,
    /// `knowledge/tests.yaml`.
    Tests,
}

impl SchemaKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [SchemaKind; 14] = [
        SchemaKind::Entries,
        SchemaKind::Intents,
        SchemaKind::Policy,
        SchemaKind::Guard,
        SchemaKind::Variables,
        SchemaKind::Compliance,
        SchemaKind::Hours,
        SchemaKind::Synonyms,
        SchemaKind::Industry,
        SchemaKind::Facts,
        SchemaKind::Figures,
        SchemaKind::Ids,
        SchemaKind::Masking,
        SchemaKind::Tests,
    ];

    /// Its name, and that of its file without `.json`.
    pub fn name(self) -> &'static str {
        match self {
            SchemaKind::Entries => "entries",
            SchemaKind::Intents => "intents",
            SchemaKind::Policy => "policy",
            SchemaKind::Guard => "guard",
            SchemaKind::Variables => "variables",
            SchemaKind::Compliance => "compliance",
            SchemaKind::Hours => "hours",
            SchemaKind::Synonyms => "synonyms",
            SchemaKind::Industry => "industry",
            SchemaKind::Facts => "facts",
            SchemaKind::Figures => "figures",
            SchemaKind::Ids => "ids",
            SchemaKind::Masking => "masking",
            SchemaKind::Tests => "tests",
        }
    }

    /// The files of this kind, as globs from the root.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            SchemaKind::Entries => {
                &["knowledge/*/*.yaml", "!knowledge/tests/*.yaml", "!knowledge/figures/*.yaml"]
            }
            SchemaKind::Intents => {
                &["intents/*.yaml", "!intents/policy.yaml", "!intents/guard.yaml"]
            }
            SchemaKind::Policy => &["intents/policy.yaml"],
            SchemaKind::Guard => &["intents/guard.yaml"],
            SchemaKind::Variables => &["knowledge/variables.yaml"],
            SchemaKind::Compliance => &["knowledge/compliance.yaml"],
            SchemaKind::Hours => &["knowledge/hours.yaml"],
            SchemaKind::Synonyms => &["knowledge/synonyms.yaml"],
            SchemaKind::Industry => &["knowledge/industry.yaml"],
            SchemaKind::Facts => &["knowledge/facts.yaml"],
            SchemaKind::Figures => &["knowledge/figures/*.yaml"],
            SchemaKind::Ids => &["knowledge/ids.yaml"],
            SchemaKind::Masking => &["knowledge/masking.yaml"],
            SchemaKind::Tests => &["knowledge/tests.yaml", "knowledge/tests/*.yaml"],
        }
    }

    /// The kind of a file by its path from the root; `None` for a file without a schema.
    pub fn of(path: &str) -> Option<Self> {
        match FileRole::of(path) {
            FileRole::Entries => Some(SchemaKind::Entries),
            FileRole::Intents => Some(SchemaKind::Intents),
            FileRole::Policy => Some(SchemaKind::Policy),
            FileRole::Guard => Some(SchemaKind::Guard),
            FileRole::Variables => Some(SchemaKind::Variables),
            FileRole::Compliance => Some(SchemaKind::Compliance),
            FileRole::Hours => Some(SchemaKind::Hours),
            FileRole::Synonyms => Some(SchemaKind::Synonyms),
            FileRole::Industry => Some(SchemaKind::Industry),
            FileRole::Facts => Some(SchemaKind::Facts),
            FileRole::Figures => Some(SchemaKind::Figures),
            FileRole::Ids => Some(SchemaKind::Ids),
            FileRole::Masking => Some(SchemaKind::Masking),
            FileRole::Tests => Some(SchemaKind::Tests),
            FileRole::Dictionary | FileRole::Unread => None,
        }
    }

    /// The schema, JSON Schema draft 2020-12.
    pub fn schema(self) -> Value {
        let mut schema = match self {
            SchemaKind::Entries => entries::schema::schema(),
            SchemaKind::Intents => intent_file::schema(),
            SchemaKind::Policy => policy_file::schema(),
            SchemaKind::Guard => guard::schema::schema(),
            SchemaKind::Variables => variables_file::schema(),
            SchemaKind::Compliance => compliance_file::schema(),
            SchemaKind::Hours => hours_file::schema(),
            SchemaKind::Synonyms => synonyms_file::schema(),
            SchemaKind::Industry => industry::schema::schema(),
            SchemaKind::Facts => facts_file::schema(),
            SchemaKind::Figures => figures::file::schema(),
            SchemaKind::Ids => ids_file::schema(),
            SchemaKind::Masking => masking_file::schema(),
            SchemaKind::Tests => tests_file::schema(),
        };
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["title"] = format!("kefu {}", self.name()).into();
        schema
    }
}
