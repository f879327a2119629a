//! `kefu ask`: one question, or a prompt.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use jiff::{Timestamp, civil::Date};
use rustyline::{DefaultEditor, error::ReadlineError};
use serde_json::{Value, json};

use super::{
    assembled::{TableArgs, assembled_root, table_line},
    known_facts::known_facts,
    today::now,
};
use crate::assembly::Assembled;
use crate::authoring::Talk;
use crate::config::{Environment, TableChoice};
use crate::dialogue::{Answered, Refusal};
use crate::journal::{Reply, ReplyKind};
use crate::knowledge::{EntryId, HandoffTexts, IntentAction, IntentId, Language};
use crate::matching::{Band, Explained, Explanation, FEATURES, Found, Snapshot};
use crate::text::normalize;

/// Asks one question, or opens a prompt.
#[derive(Args, Clone, Debug)]
pub(super) struct AskArgs {
    /// The question. Without one, a prompt: a conversation, a message a line.
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
    /// The day that decides which entries are served, at noon. Default: now.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// What is known of the customer, such as product=wallet; may be given several times.
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    facts: Vec<String>,
    /// As if an agent were ready. Default: as when nobody is.
    #[arg(long)]
    staffed: bool,
    #[command(flatten)]
    table: TableArgs,
}

/// Exit code 0, whatever was found; 1 when the knowledge has mistakes.
pub(super) fn run(args: AskArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let AskArgs { text, root, explain, json, today, facts, staffed, table } = args;
    let mut assembly = table.assembly(environment)?;
    let Some((assembled, _)) = assembled_root(&mut assembly, root.as_deref(), today)? else {
        return Ok(ExitCode::FAILURE);
    };
    let Assembled { snapshot, table, .. } = assembled;
    let facts = known_facts(&facts, &snapshot.base)?;
    let now = today.map(|day| snapshot.base.hours.noon(day));
    let talk = Talk::new(&snapshot, facts, staffed);
    let snapshot = &snapshot;
    let mut terminal = Terminal { snapshot, table: table.which, now, talk, explain, json };
    match text {
        Some(text) => terminal.answer(&text).context("failed to ask")?,
        None => terminal.prompt()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A conversation at the terminal.
struct Terminal<'s> {
    snapshot: &'s Snapshot,
    table: TableChoice,
    /// The moment of each question, if it is not the present.
    now: Option<Timestamp>,
    talk: Talk<'s>,
    explain: bool,
    json: bool,
}

impl Terminal<'_> {
    /// Runs one conversation until the end of input.
    fn prompt(&mut self) -> anyhow::Result<()> {
        let mut editor = DefaultEditor::new().context("failed to open the terminal")?;
        let prompt = if std::io::stdin().is_terminal() { "问> " } else { "" };
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
            if let Err(error) = self.answer(line) {
                // A refused message is reported, and the conversation goes on.
                let Some(refusal) = error.downcast_ref::<Refusal>() else { return Err(error) };
                eprintln!("kefu: {refusal}");
            }
        }
    }

    /// Sends the customer's message and prints the reply.
    fn answer(&mut self, text: &str) -> anyhow::Result<()> {
        let now = self.now.unwrap_or_else(|| now().timestamp());
        let (answered, explanation) = if self.explain {
            self.talk.explain(text, now)?
        } else {
            (self.talk.say(text, now)?, None)
        };
        let mut out = std::io::stdout().lock();
        if self.json {
            let mut object = self.as_json(&answered);
            if let Some(explanation) = &explanation {
                object["explanation"] = explanation_json(explanation);
            }
            writeln!(out, "{object}")?;
        } else {
            if let Some(explanation) = &explanation {
                writeln!(out, "{}", table_line(Language::Chinese, self.table))?;
                writeln!(out, "{explanation}\n")?;
            }
            writeln!(out, "{}\n", self.reply(&answered))?;
        }
        Ok(())
    }

    /// The reply as text: what the customer reads, and why.
    fn reply(&self, answered: &Answered) -> String {
        let Reply { kind, text, entry, intent, choices, offer_human, .. } = &answered.reply;
        let mut lines = Vec::new();
        match (kind, intent, entry) {
            (ReplyKind::Answer, None, Some(entry)) => {
                lines.push(format!("［直接回答］{}", self.named(entry, answered)));
                lines.push(answered.reply.whole().trim_end().to_owned());
            }
            (ReplyKind::Clarify, ..) => {
                lines.push(format!("［反问］{text}"));
                lines.extend(choices.iter().zip(1..).map(|(choice, number)| {
                    format!("  {number}. {}", self.named(&choice.entry, answered))
                }));
                if *offer_human {
                    lines.push("（带转人工的按钮）".to_owned());
                }
            }
            (ReplyKind::Fallback, ..) => lines.push(format!("［兜底］{text}")),
            (_, Some(intent), _) => {
                lines.push(format!("［意图 {intent}］"));
                if answered.texts.contains(text) {
                    lines.push(answered.reply.whole().trim_end().to_owned());
                }
                lines.extend(self.handoff_lines(intent));
            }
            (ReplyKind::Intent | ReplyKind::Answer, None, _) => {}
        }
        let notices = answered.texts.iter().filter(|said| *said != text);
        lines.extend(notices.map(|notice| format!("［通知］{}", notice.trim_end())));
        if answered.texts.is_empty() {
            lines.push("（轮到人工了，机器人不说话）".to_owned());
        }
        lines.join("\n")
    }

    /// The handoff of an intent and its texts for each outcome, one line each.
    fn handoff_lines(&self, id: &IntentId) -> Vec<String> {
        let intent = self.snapshot.base.intent(id);
        let Some(IntentAction::Handoff { texts, .. }) = intent.map(|intent| &intent.action) else {
            return Vec::new();
        };
        let HandoffTexts { queued, nobody, closed } = texts;
        let outcomes = [("排上队", queued), ("没人在线", nobody), ("不在工作时间", closed)];
        let outcomes = outcomes
            .into_iter()
            .filter_map(|(when, text)| Some(format!("［{when}］{}", text.as_ref()?.trim_end())));
        std::iter::once("（转人工）".to_owned()).chain(outcomes).collect()
    }

    /// An entry's question and id, with its confidence.
    fn named(&self, id: &EntryId, answered: &Answered) -> String {
        let entry = self.snapshot.base.entry(id);
        let question = entry.map_or(id.as_str(), |entry| entry.standard_question.as_str());
        let mut ranked = answered.outcome.iter().flat_map(|outcome| &outcome.ranked);
        let found = ranked.find(|candidate| candidate.entry == *id);
        found.map_or_else(
            || format!("{question}（{id}）"),
            |found| format!("{question}（{id}，置信度 {:.3}）", found.confidence.get()),
        )
    }

    /// The answer of `POST /v1/ask`, with more fields for editors of the knowledge.
    fn as_json(&self, answered: &Answered) -> Value {
        let Answered { said, outcome, reply, texts, is_handoff, treated: _ } = answered;
        let ranked = outcome.iter().flat_map(|outcome| &outcome.ranked).map(|one| {
            json!({
                "id": one.entry,
                "question": one.question,
                "score": one.score.get(),
                "confidence": one.confidence.get(),
            })
        });
        let normalized = match outcome {
            Some(outcome) => outcome.normalized.clone(),
            None => normalize(said).into_string(),
        };
        let clarify: Vec<&EntryId> = match reply.kind {
            ReplyKind::Clarify => reply.choices.iter().map(|choice| &choice.entry).collect(),
            ReplyKind::Answer | ReplyKind::Intent | ReplyKind::Fallback => Vec::new(),
        };
        let band = answered.band();
        let guard = outcome.as_ref().and_then(|outcome| outcome.guard.as_ref());
        let guard =
            guard.map(|found| json!({"kind": found.kind.as_str(), "why": found.basis.to_string()}));
        let mut object = json!({
            "normalized": normalized,
            "read": outcome.as_ref().and_then(|outcome| outcome.read.as_deref()),
            "band": band.as_str(),
            "kind": reply.kind,
            "intent": reply.intent,
            "entry": reply.entry,
            "guard": guard,
            "confidence": reply.candidates.first().map(|candidate| candidate.confidence),
            "text": reply.text,
            "steps": reply.steps,
            "source": reply.source,
            "checked": reply.checked,
            "texts": texts,
            "choices": reply.choices,
            "offer_human": reply.offer_human,
            "handoff": is_handoff,
            "answer": (band == Band::Answer).then_some(&reply.text),
            "clarify": clarify,
            "ranked": ranked.collect::<Vec<_>>(),
            "knowledge": reply.knowledge,
            "static_table": self.table.as_str(),
        });
        let classes =
            [("masked", answered.masked_classes()), ("flagged", answered.flagged_classes())];
        for (name, classes) in classes.into_iter().filter(|(_, classes)| !classes.is_empty()) {
            object[name] = json!(classes);
        }
        object
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
            "unmatched": one.unmatched,
            "not_line": one.not_line.as_ref().map(|(line, _)| line),
            "penalty": one.not_line.as_ref().map_or(0.0, |(_, penalty)| *penalty),
            "encoder": one.second.map(|(cosine, share)| json!({"value": cosine, "share": share})),
        })
    };
    let shared: Vec<[usize; 2]> =
        explanation.shared.iter().map(|range| [range.start, range.end]).collect();
    json!({
        "shared": shared,
        "core": explanation.core,
        "meant": explanation.rewritten,
        "words": explanation.words,
        "candidates": explanation.candidates.iter().map(candidate).collect::<Vec<_>>(),
        "doubted_rule": explanation.doubted,
        "veto": explanation.veto,
        "obstacle": explanation.obstacle,
        "answer_threshold": explanation.answer.at.get(),
        "clarify_threshold": explanation.clarify.at.get(),
        "reason": explanation.reason_text(),
    })
}
