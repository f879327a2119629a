//! YAML text in, a checked [`KnowledgeBase`] or [`Diagnostic`]s with places out.
//!
//! [`load`] reads each file into a tree in which every value knows its place, takes drafts
//! of entries, intents and settings out of the trees, checks the drafts against each other,
//! and builds the knowledge base when nothing is wrong.

mod calendar;
mod cases;
mod cases_file;
mod circumstances;
mod code;
mod codes;
mod cross;
mod diagnostic;
mod entries;
mod facts;
mod facts_file;
mod fields;
mod file;
mod hours;
mod id;
mod intents;
mod load;
mod loader;
mod markdown;
mod match_by;
mod model;
mod places;
mod polarity;
mod policy;
mod policy_file;
mod promise;
mod prose;
mod question;
mod questions_only;
mod report;
mod rules;
mod safety;
mod schema;
mod settings;
mod similar_word;
mod source;
mod spoken;
mod synonyms;
mod syntax;
mod tree;
mod wording;
mod written;
mod yaml;

pub use cases::{Case, Expected, Floor, Said, Split, Tests};
pub use circumstances::Circumstances;
pub use codes::Code;
pub use diagnostic::{Diagnostic, Language, Severity, Span};
pub use facts::{Facts, FactsError, When};
pub use hours::{Hours, operators_day};
pub use id::{EntryId, IntentId};
pub use load::{Loaded, Summary, load};
pub use loader::Loader;
pub use model::{
    Compliance, DictionaryWord, Entry, EntryHandoff, HandoffTexts, Intent, IntentAction,
    KnowledgeBase, MatchBy, Status,
};
pub use places::{Finding, Part};
pub use policy::{Policy, Texts};
pub use promise::without_promises;
pub use questions_only::questions_only;
pub use schema::SchemaKind;
pub(crate) use similar_word::nearest;
pub(crate) use source::Located;
pub use source::SourceFile;
pub use synonyms::{Synonym, Synonyms};
pub(crate) use tree::{Kind, Lookalike, Node};
pub(crate) use written::{Written, categories, is_entry_file};
