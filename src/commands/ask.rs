//! `kefu ask`: one question, or a prompt.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use rustyline::{DefaultEditor, error::ReadlineError};
use serde_json::{Value, json};

use super::{
    assembled::{TableArgs, assembled_root, table_line},
    known_facts::known_facts,
};
use crate::assembly::Assembled;
use crate::config::{Environment, TableChoice};
use crate::dialogue::Clarification;
use crate::knowledge::{
    Circumstances, Entry, EntryId, Facts, HandoffTexts, IntentAction, IntentId, Language,
};
use crate::matching::{Band, Explained, Explanation, FEATURES, Found, Outcome, Snapshot};

/// Asks one question, or opens a prompt.
#[derive(Args, Clone, Debug)]
pub(super) struct AskArgs {
    /// The question. Without one, a prompt: a question a line, or the number of a choice.
    text: Option<String>,
    /// The folder with knowledge/ and intents/. Default: the current folder if it has them,
    /// else the copy inside the program.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Shows every stage on the way to the answer.
    #[arg(long)]
    explain: bool,
    /// Prints one JSON object a question.
    #[arg(long)]
    json: bool,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// What is known of the customer, such as product=wallet; may be given several times.
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    facts: Vec<String>,
    #[command(flatten)]
    table: TableArgs,
}

/// Exit code 0, whatever was found; 1 when the knowledge has mistakes.
pub(super) fn run(args: AskArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let AskArgs { text, root, explain, json, today, facts, table } = args;
    let mut assembly = table.assembly(environment)?;
    let Some((assembled, today)) = assembled_root(&mut assembly, root.as_deref(), today)? else {
        return Ok(ExitCode::FAILURE);
    };
    let Assembled { snapshot, table, .. } = assembled;
    let facts = known_facts(&facts, &snapshot.base)?;
    let desk = Desk { snapshot, table: table.which, today, facts, explain, json };
    match text {
        Some(text) => {
            desk.answer(&text)?;
        }
        None => desk.prompt()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What answers at the terminal.
struct Desk {
    snapshot: Snapshot,
    table: TableChoice,
    today: Date,
    facts: Facts,
    explain: bool,
    json: bool,
}

impl Desk {
    /// Questions until the end of input. A number after a clarification takes that choice.
    fn prompt(&self) -> anyhow::Result<()> {
        let mut editor = DefaultEditor::new().context("failed to open the terminal")?;
        let prompt = if std::io::stdin().is_terminal() { "问> " } else { "" };
        let mut choices: Vec<EntryId> = Vec::new();
        loop {
            let line = match editor.readline(prompt) {
                Ok(line) => line,
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(()),
                Err(error) => return Err(error).context("failed to read the terminal"),
            };
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            editor.add_history_entry(line).context("failed to keep the line")?;
            let chosen =
                line.parse().ok().and_then(|number: usize| choices.get(number.checked_sub(1)?));
            if let Some(entry) = chosen.and_then(|id| self.entry(id)) {
                writeln!(std::io::stdout(), "{}\n", entry.answer.trim_end())?;
                choices.clear();
            } else {
                choices = self.answer(line)?;
            }
        }
    }

    /// Prints what is found, and gives the choices of a clarification.
    fn answer(&self, text: &str) -> anyhow::Result<Vec<EntryId>> {
        let circumstances = Circumstances { today: self.today, facts: &self.facts };
        let explanation = self.explain.then(|| self.snapshot.explain(text, circumstances));
        let outcome = match &explanation {
            Some(explanation) => explanation.outcome.clone(),
            None => self.snapshot.find(text, circumstances),
        };
        let mut out = std::io::stdout().lock();
        if self.json {
            let mut object = self.as_json(&outcome);
            if let Some(explanation) = &explanation {
                object["explanation"] = explanation_json(explanation);
            }
            writeln!(out, "{object}")?;
        } else {
            if let Some(explanation) = &explanation {
                writeln!(out, "{}", table_line(Language::Chinese, self.table))?;
                writeln!(out, "{explanation}\n")?;
            }
            writeln!(out, "{}\n", self.reply(&outcome))?;
        }
        Ok(outcome.clarify)
    }

    /// The reply for a person: the band, what it rests on, and the words.
    fn reply(&self, outcome: &Outcome) -> String {
        if let Some(intent) = &outcome.intent {
            let (said, outcomes) = (self.intent_reply(intent), self.outcomes(intent));
            return format!("［意图 {intent}］\n{said}{outcomes}");
        }
        match (outcome.band, outcome.ranked.first()) {
            (Band::Answer, Some(first)) => {
                let answer = self.entry(&first.entry).map_or("", |entry| entry.answer.trim_end());
                let (id, confidence) = (&first.entry, first.confidence.get());
                let question = self.question(id);
                format!("［直接回答］{question}（{id}，置信度 {confidence:.3}）\n{answer}")
            }
            (Band::Clarify, Some(_)) => {
                let entries: Vec<&Entry> =
                    outcome.clarify.iter().filter_map(|id| self.entry(id)).collect();
                let asked = Clarification::of(&entries, &self.snapshot.base.policy);
                let mut lines = vec![format!("［反问］{}", asked.text)];
                for (id, number) in outcome.clarify.iter().zip(1..) {
                    let found = outcome.ranked.iter().find(|candidate| candidate.entry == *id);
                    let confidence = found.map_or(0.0, |found| found.confidence.get());
                    let question = self.question(id);
                    lines.push(format!("  {number}. {question}（{id}，置信度 {confidence:.3}）"));
                }
                if asked.offer_human {
                    lines.push("（带转人工的按钮）".to_owned());
                }
                lines.join("\n")
            }
            (Band::Fallback, _) | (Band::Answer | Band::Clarify, None) => {
                format!("［兜底］{}", self.snapshot.base.policy.texts.fallback)
            }
        }
    }

    fn intent_reply(&self, id: &IntentId) -> String {
        let intent = self.snapshot.base.intent(id);
        match intent.map(|intent| &intent.action) {
            Some(IntentAction::Reply { text, .. }) => text.trim_end().to_owned(),
            Some(IntentAction::Answer { entry }) => self
                .entry(entry)
                .map_or_else(String::new, |entry| entry.answer.trim_end().to_owned()),
            Some(IntentAction::Handoff { text, .. }) => {
                format!("{}\n（转人工）", text.trim_end())
            }
            None => String::new(),
        }
    }

    /// What an intent says of what came of its handoff, a line each.
    fn outcomes(&self, id: &IntentId) -> String {
        let intent = self.snapshot.base.intent(id);
        let Some(IntentAction::Handoff { texts, .. }) = intent.map(|intent| &intent.action) else {
            return String::new();
        };
        let HandoffTexts { queued, nobody, closed } = texts;
        [("排上队", queued), ("没人在线", nobody), ("不在工作时间", closed)]
            .into_iter()
            .filter_map(|(when, text)| Some(format!("\n［{when}］{}", text.as_ref()?.trim_end())))
            .collect()
    }

    fn question<'a>(&'a self, id: &'a EntryId) -> &'a str {
        self.entry(id).map_or(id.as_str(), |entry| entry.standard_question.as_str())
    }

    fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.snapshot.base.entry(id)
    }

    fn as_json(&self, outcome: &Outcome) -> Value {
        let ranked: Vec<Value> = outcome
            .ranked
            .iter()
            .map(|one| {
                json!({
                    "id": one.entry,
                    "question": one.question,
                    "score": one.score.get(),
                    "confidence": one.confidence.get(),
                })
            })
            .collect();
        let answer = match (outcome.band, &outcome.intent, outcome.ranked.first()) {
            (Band::Answer, Some(intent), _) => Some(self.intent_reply(intent)),
            (Band::Answer, None, Some(first)) => {
                self.entry(&first.entry).map(|entry| entry.answer.clone())
            }
            (Band::Answer, None, None) | (Band::Clarify | Band::Fallback, _, _) => None,
        };
        json!({
            "normalized": outcome.normalized,
            "band": outcome.band.as_str(),
            "intent": outcome.intent,
            "answer": answer,
            "clarify": outcome.clarify,
            "ranked": ranked,
            "static_table": self.table.as_str(),
        })
    }
}

fn explanation_json(explanation: &Explanation) -> Value {
    let candidate = |one: &Explained| {
        let features: serde_json::Map<String, Value> = FEATURES
            .iter()
            .zip(one.shares)
            .map(|(feature, share)| {
                let value = json!({"value": one.features.get(*feature), "share": share});
                (feature.to_string(), value)
            })
            .collect();
        let (kind, id) = match &one.found {
            Found::Entry(id) => ("entry", id.as_str()),
            Found::Intent(id) => ("intent", id.as_str()),
        };
        json!({
            "kind": kind,
            "id": id,
            "question": one.question,
            "score": one.score.get(),
            "margin": one.margin,
            "confidence": one.confidence.get(),
            "features": features,
        })
    };
    let shared: Vec<[usize; 2]> =
        explanation.shared.iter().map(|range| [range.start, range.end]).collect();
    json!({
        "shared": shared,
        "core": explanation.core,
        "meant": explanation.meant,
        "words": explanation.words,
        "candidates": explanation.candidates.iter().map(candidate).collect::<Vec<_>>(),
        "answer_threshold": explanation.answer.at.get(),
        "clarify_threshold": explanation.clarify.at.get(),
        "reason": explanation.reason.to_string(),
    })
}
