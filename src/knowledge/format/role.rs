//! What a file is, by its path.

/// What a file is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Entries,
    Variables,
    Classes,
    Hours,
    Dictionary,
    Synonyms,
    Facts,
    Intents,
    Policy,
    Tests,
    Unread,
}

impl Role {
    pub(crate) const REQUIRED: [(Role, &str); 4] = [
        (Role::Variables, "knowledge/variables.yaml"),
        (Role::Classes, "knowledge/compliance.yaml"),
        (Role::Hours, "knowledge/hours.yaml"),
        (Role::Policy, "intents/policy.yaml"),
    ];
    const OPTIONAL: [(Role, &str); 2] =
        [(Role::Synonyms, "knowledge/synonyms.yaml"), (Role::Facts, "knowledge/facts.yaml")];

    pub(crate) fn of(path: &str) -> Self {
        let special = || Self::REQUIRED.iter().chain(&Self::OPTIONAL);
        if let Some((role, _)) = special().find(|(_, special)| *special == path) {
            return *role;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let is_yaml = |name: &str| name.strip_suffix(".yaml").is_some_and(|stem| !stem.is_empty());
        let is_special =
            |name: &str| special().any(|(_, special)| special.rsplit('/').next() == Some(name));
        match parts.as_slice() {
            ["knowledge", "dict.txt"] => Role::Dictionary,
            ["knowledge", "tests.yaml"] => Role::Tests,
            ["knowledge", "tests", name] if is_yaml(name) => Role::Tests,
            ["knowledge", name] if is_yaml(name) => Role::Entries,
            ["knowledge", _, name] if is_yaml(name) && !is_special(name) => Role::Entries,
            ["intents", name] if is_yaml(name) => Role::Intents,
            _ => Role::Unread,
        }
    }
}
