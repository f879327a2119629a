//! What is known of the customer in whose place a person asks.

use anyhow::{Context, bail};

use crate::knowledge::{Facts, KnowledgeBase, nearest};

/// The facts given as `name=value`, which must all be declared: one that is not would only
/// make a person believe that it has an effect.
pub(super) fn known_facts(given: &[String], base: &KnowledgeBase) -> anyhow::Result<Facts> {
    let facts: Facts = given.join(",").parse().context("failed to use --fact")?;
    for (name, value) in facts.pairs() {
        let Some(values) = base.facts.get(name) else {
            refuse(name, "fact", base.facts.keys().map(String::as_str))?;
            continue;
        };
        if !values.iter().any(|known| known == value) {
            refuse(value, "value", values.iter().map(String::as_str))?;
        }
    }
    Ok(facts)
}

/// A customer of whom something is known, for people: after an utterance.
pub(super) fn customer(facts: &Facts) -> String {
    if facts.is_empty() { String::new() } else { format!("（客户：{facts}）") }
}

fn refuse<'w>(
    word: &str,
    what: &str,
    known: impl Iterator<Item = &'w str> + Clone,
) -> anyhow::Result<()> {
    if let Some(guess) = nearest(word, known.clone()) {
        bail!("no {what} “{word}” in knowledge/facts.yaml; did you mean “{guess}”?");
    }
    let known: Vec<&str> = known.collect();
    bail!("no {what} “{word}” in knowledge/facts.yaml; there are: {}", known.join(", "))
}
