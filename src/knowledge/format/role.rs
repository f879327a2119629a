//! The role of a file, which follows from its path.

use super::{guard, industry};

/// The role of a file, which follows from its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileRole {
    Entries,
    Variables,
    Compliance,
    Hours,
    Dictionary,
    Synonyms,
    Industry,
    Facts,
    Figures,
    Ids,
    Masking,
    Guard,
    Intents,
    Policy,
    Tests,
    Unread,
}

impl FileRole {
    pub(crate) const REQUIRED: [(FileRole, &str); 4] = [
        (FileRole::Variables, "knowledge/variables.yaml"),
        (FileRole::Compliance, "knowledge/compliance.yaml"),
        (FileRole::Hours, "knowledge/hours.yaml"),
        (FileRole::Policy, "intents/policy.yaml"),
    ];
    const OPTIONAL: [(FileRole, &str); 6] = [
        (FileRole::Synonyms, "knowledge/synonyms.yaml"),
        (FileRole::Facts, "knowledge/facts.yaml"),
        (FileRole::Ids, "knowledge/ids.yaml"),
        (FileRole::Masking, "knowledge/masking.yaml"),
        (FileRole::Industry, industry::file::PATH),
        (FileRole::Guard, guard::file::PATH),
    ];

    /// Whether the parts of such a file can be checked without the others. The rules of the rest
    /// name concepts and words of the same file.
    pub(crate) fn is_read_by_parts(self) -> bool {
        !matches!(self, FileRole::Compliance | FileRole::Guard | FileRole::Industry)
    }

    pub(crate) fn of(path: &str) -> Self {
        let special = || Self::REQUIRED.iter().chain(&Self::OPTIONAL);
        if let Some((role, _)) = special().find(|(_, special)| *special == path) {
            return *role;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let is_yaml = |name: &str| name.strip_suffix(".yaml").is_some_and(|stem| !stem.is_empty());
        // Entries about these may stand in a folder, as they could before the files were read.
        let elsewhere = || {
            special().filter(|(role, _)| {
                use FileRole::{Guard, Ids, Industry, Masking};
                !matches!(role, Industry | Guard | Ids | Masking)
            })
        };
        let is_special =
            |name: &str| elsewhere().any(|(_, special)| special.rsplit('/').next() == Some(name));
        match parts.as_slice() {
            ["knowledge", "dict.txt"] => FileRole::Dictionary,
            ["knowledge", "tests.yaml"] => FileRole::Tests,
            ["knowledge", "tests", name] if is_yaml(name) => FileRole::Tests,
            ["knowledge", "figures", name] if is_yaml(name) => FileRole::Figures,
            ["knowledge", name] if is_yaml(name) => FileRole::Entries,
            ["knowledge", _, name] if is_yaml(name) && !is_special(name) => FileRole::Entries,
            ["intents", name] if is_yaml(name) => FileRole::Intents,
            _ => FileRole::Unread,
        }
    }
}
