//! `kefu new entry`: adds a draft of an entry, after showing the nearest entries.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use rustyline::{DefaultEditor, error::ReadlineError};
use serde_json::{Value, json};

use super::{
    assembled::{TableArgs, assembled, base_of},
    today::or_today,
};
use crate::assembly::Assembled;
use crate::authoring::{NewEntry, NewEntryError, Wanted, answered_by, explain_first, new_entry};
use crate::config::Environment;
use crate::files::Root;
use crate::knowledge::{Diagnostic, KnowledgeBase, Language, load};
use crate::matching::{Explained, Explanation, FEATURES, Found};

/// Arguments of `kefu new`.
#[derive(Args, Clone, Debug)]
pub(super) struct NewArgs {
    #[command(subcommand)]
    what: NewSubject,
}

#[derive(Clone, Debug, Subcommand)]
enum NewSubject {
    /// Add a draft of an entry at the end of the file where it belongs
    ///
    /// Shows the entries nearest to the question first. Nothing is written when the
    /// question is answered already, unless forced, nor when the new root would have
    /// a mistake. A draft is not served.
    #[command(verbatim_doc_comment)]
    Entry(EntryArgs),
}

#[derive(Args, Clone, Debug)]
struct EntryArgs {
    /// The folder with knowledge/ and intents/ [default: .]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The standard question; a terminal is asked for it
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
    /// Another wording of it; may be given several times
    #[arg(long, value_name = "TEXT")]
    similar: Vec<String>,
    /// What it is about [default: as the nearest entry]
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// Its id [default: made of the nearest entry's]
    #[arg(long)]
    id: Option<String>,
    /// Its file, from the root [default: the nearest entry's]
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Writes it even when the question is answered already
    #[arg(long)]
    force: bool,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// The day of the check, as written [default: today]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
}

/// Exit code 1 when nothing was written because of what the knowledge says.
pub(super) fn run(args: NewArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let NewArgs { what: NewSubject::Entry(args) } = args;
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(args.root.as_deref(), &cwd).context("failed to find the root")?;
    let Some(dir) = root.path() else {
        bail!("failed to find the root: name a folder with --root, as kefu init makes one");
    };
    let wanted = Wanted {
        question: match args.question {
            Some(question) => question,
            None => ask_for_question(args.json)?,
        },
        similar: args.similar,
        category: args.category,
        id: args.id,
        file: args.file.map(|file| from_root(&file, dir)).transpose()?,
    };
    let files = root.read().context("failed to read the root")?;
    let today = or_today(args.today, &files);
    let Some(base) = base_of(load(&files, today))? else { return Ok(ExitCode::FAILURE) };
    let Assembled { snapshot, .. } = assembled(&mut args.table.assembly(environment)?, base)?;
    let explanation = explain_first(&snapshot, &wanted.question, today);
    let done = new_entry(&files, &snapshot.base, &explanation.outcome, &wanted, today);
    let answered = answered_by(&explanation.outcome).filter(|_| !args.force);
    let done = match (done, answered) {
        (Ok(_), Some(found)) => Done::Answered(found),
        (Ok(new), None) => {
            root.replace(&files, std::slice::from_ref(&new.file)).context("failed to add it")?;
            Done::Written(new)
        }
        (Err(error), _) => Done::refused(error).context("failed to add the entry")?,
    };
    let told =
        NewEntryReport { question: &wanted.question, base: &snapshot.base, explanation, done, dir };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{:#}", told.as_json())?;
    } else {
        told.write(&mut out)?;
    }
    Ok(if matches!(told.done, Done::Written(_)) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn ask_for_question(json: bool) -> anyhow::Result<String> {
    if json || !std::io::stdin().is_terminal() {
        bail!("failed to ask for the question: this is no terminal; give --question");
    }
    let mut editor = DefaultEditor::new().context("failed to open the terminal")?;
    match editor.readline("标准问> ") {
        Ok(line) if !line.trim().is_empty() => Ok(line),
        Ok(_) | Err(ReadlineError::Eof | ReadlineError::Interrupted) => bail!("no question given"),
        Err(error) => Err(error).context("failed to read the terminal"),
    }
}

/// A file's path from the root, given from there or from the current folder.
fn from_root(file: &Path, root: &Path) -> anyhow::Result<String> {
    let file = file.strip_prefix(root).unwrap_or(file);
    let name = file.strip_prefix(".").unwrap_or(file).to_str().context("its name is not UTF-8")?;
    Ok(name.to_owned())
}

/// The result.
enum Done {
    Written(NewEntry),
    /// Not forced.
    Answered(Found),
    Known {
        wording: String,
        owner: Found,
    },
    IdInUse {
        id: String,
        free: String,
    },
    Mistakes(Vec<Diagnostic>),
}

impl Done {
    /// The result for a refusal; wrong use stays an error.
    fn refused(error: NewEntryError) -> Result<Self, NewEntryError> {
        Ok(match error {
            NewEntryError::Known { wording, owner } => Self::Known { wording, owner },
            NewEntryError::IdInUse { id, free } => Self::IdInUse { id, free },
            NewEntryError::Mistakes(found) => Self::Mistakes(found),
            NewEntryError::NoCategory(_)
            | NewEntryError::UnknownCategory { .. }
            | NewEntryError::NotForEntries(_)
            | NewEntryError::NoRoom(_) => return Err(error),
        })
    }
}

/// The report at the end.
struct NewEntryReport<'t> {
    question: &'t str,
    base: &'t KnowledgeBase,
    explanation: Explanation,
    done: Done,
    dir: &'t Path,
}

impl NewEntryReport<'_> {
    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let near = &self.explanation.candidates;
        writeln!(out, "{}", if near.is_empty() { "没有相近的条目" } else { "最接近的：" })?;
        for (one, number) in near.iter().zip(1..) {
            let (name, confidence) = (self.name(&one.found), one.confidence.get());
            writeln!(out, "  {number}. {name}（置信度 {confidence:.3}）")?;
            writeln!(out, "     最像的问法“{}”；{}", one.question, why(one))?;
        }
        writeln!(out)?;
        let question = self.question;
        match &self.done {
            Done::Written(new) => self.write_next_steps(out, new),
            Done::Answered(found) => writeln!(
                out,
                "“{question}”现在就会由 {} 直接回答，所以什么也没有写。\n\
                 要换答案，改那一条；确实是另一回事，加 --force 再运行一次。",
                self.name(found),
            ),
            Done::Known { wording, owner } => writeln!(
                out,
                "“{wording}”已经是 {} 的问法，所以什么也没有写。\n\
                 同一句问法不能有两个答案：改那一条，或换一种问法。",
                self.name(owner),
            ),
            Done::IdInUse { id, free } => {
                writeln!(out, "编号 {id} 已经在用，所以什么也没有写。可以用：{free}")
            }
            Done::Mistakes(found) => {
                let color = std::io::stdout().is_terminal();
                for one in found {
                    writeln!(out, "{}", one.render(Language::Chinese, color))?;
                }
                writeln!(out, "写进去会有 {} 个错误，所以什么也没有写。", found.len())
            }
        }
    }

    fn write_next_steps(&self, out: &mut impl Write, new: &NewEntry) -> std::io::Result<()> {
        let NewEntry { id, file, line, .. } = new;
        let dir = self.dir.display();
        writeln!(
            out,
            "{}:{line}\n\
             写好了草稿 {id}，还不会回答客户。接下来：\n  \
             1. 编号不合适就现在改，上线后不要再改\n  \
             2. 写好 answer 和 compliance 里的 source，代替“待补充”\n  \
             3. 在 similar 里写 8 句以上客户的原话\n  \
             4. 运行 kefu check --root {dir}；复核后把 status 改成 live",
            self.dir.join(&file.path).display(),
        )
    }

    /// Its id, with the standard question for an entry.
    fn name(&self, found: &Found) -> String {
        match found {
            Found::Entry(id) => {
                let question = self.base.entry(id).map(|entry| entry.standard_question.as_str());
                format!("{id} {}", question.unwrap_or_default())
            }
            Found::Intent(_) => found.to_string(),
        }
    }

    fn as_json(&self) -> Value {
        let near = &self.explanation.candidates;
        let mut object = json!({
            "written": false,
            "nearest": near.iter().map(|one| self.near_json(one)).collect::<Vec<_>>(),
        });
        let more = match &self.done {
            Done::Written(NewEntry { id, category, file, line }) => {
                json!({"written": true, "id": id, "category": category, "file": file.path, "line": line})
            }
            Done::Answered(found) => json!({"refused": "answered", "by": found_json(found)}),
            Done::Known { wording, owner } => {
                json!({"refused": "known", "wording": wording, "by": found_json(owner)})
            }
            Done::IdInUse { id, free } => json!({"refused": "id_in_use", "id": id, "free": free}),
            Done::Mistakes(found) => json!({"refused": "mistakes", "diagnostics": found}),
        };
        if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
            object.extend(more);
        }
        object
    }

    fn near_json(&self, one: &Explained) -> Value {
        let mut object = found_json(&one.found);
        if let Found::Entry(id) = &one.found {
            let entry = self.base.entry(id);
            object["standard_question"] = entry.map(|entry| &*entry.standard_question).into();
        }
        object["question"] = one.question.as_str().into();
        object["confidence"] = one.confidence.get().into();
        object["why"] = why(one).into();
        object
    }
}

fn found_json(found: &Found) -> Value {
    match found {
        Found::Entry(id) => json!({"kind": "entry", "id": id}),
        Found::Intent(id) => json!({"kind": "intent", "id": id}),
    }
}

/// The features that contributed most.
fn why(one: &Explained) -> String {
    const SHOWN: usize = 3;
    let mut parts: Vec<_> = FEATURES.iter().zip(one.shares).filter(|(_, at)| *at > 0.0).collect();
    parts.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let parts = parts.into_iter().take(SHOWN);
    let parts = parts.map(|(feature, _)| format!("{feature} {:.2}", one.features.get(*feature)));
    parts.collect::<Vec<_>>().join("，")
}
