//! The facts of a simulated customer.

use anyhow::{Context, bail};

use crate::knowledge::{Facts, KnowledgeBase, nearest};

/// The facts given as `name=value`. All must be declared: an undeclared fact has no effect, and
/// accepting it would suggest that it has.
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

/// The customer's facts, to be shown after an utterance.
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
