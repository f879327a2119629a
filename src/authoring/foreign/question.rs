//! Questions with an answer, as they came from another program.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
};

use jiff::{ToSpan, civil::Date};
use regex::Regex;
use sha2::{Digest, Sha256};

use super::super::sheet::{
    Column, REVIEW_MONTHS, Sheet, SheetMistake, SheetRow, too_many_rows, without_list_mark,
};
use crate::knowledge::QUESTION_CHARS;
use crate::text::{hex, normalize};

/// What the files of other programs do not say of an entry.
#[derive(Clone, Debug)]
pub struct ForeignDefaults {
    /// The category of all entries.
    pub category: Option<String>,
    /// Their compliance class.
    pub class: String,
    /// What their answers rest on.
    pub source: String,
    /// The day of the import.
    pub today: Date,
}

/// A sheet that was made of the file of another program.
#[derive(Clone, Debug)]
pub struct ForeignSheet {
    /// The program or kind of template, for people.
    pub template: &'static str,
    /// Which part of the file became which column, for people: `q → 标准问`.
    pub mapped: Vec<String>,
    /// Parts of the file that have no place in an entry, for people.
    pub unused: Vec<String>,
    /// Rows and wordings that are in no entry.
    pub skipped: Vec<ForeignNote>,
    /// The entries as drafts.
    pub sheet: Sheet,
}

/// One question with its wordings.
#[derive(Clone, Debug)]
pub(super) struct ForeignQuestion {
    /// The file or worksheet, where there are several.
    pub(super) file: Option<String>,
    /// The row or line of the file.
    pub(super) row: usize,
    /// What rows of the same question have in common, where the program says it.
    pub(super) key: Option<String>,
    /// The standard question first.
    pub(super) wordings: Vec<String>,
    pub(super) answer: String,
}

const COLUMNS: [Column; 10] = [
    Column::Id,
    Column::Category,
    Column::Question,
    Column::Similar,
    Column::Answer,
    Column::Status,
    Column::Class,
    Column::Source,
    Column::Checked,
    Column::ReviewDue,
];

/// Something that was read and is in no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignNote {
    /// The file or worksheet, where there are several.
    pub file: Option<String>,
    /// The row or line.
    pub row: usize,
    /// What is left out and why, for people.
    pub reason: String,
}

impl fmt::Display for ForeignNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", place(self.file.as_deref(), self.row), self.reason)
    }
}

/// What the files hold, before it is known which entries come of it.
#[derive(Debug, Default)]
pub(super) struct ForeignBuilder {
    pub(super) questions: Vec<ForeignQuestion>,
    pub(super) skipped: Vec<ForeignNote>,
}

impl ForeignBuilder {
    pub(super) fn skip(&mut self, file: Option<&str>, row: usize, reason: impl Into<String>) {
        let file = file.map(str::to_owned);
        self.skipped.push(ForeignNote { file, row, reason: reason.into() });
    }

    /// Makes drafts of the questions. Each becomes an entry of its own.
    pub(super) fn sheet(&mut self, defaults: &ForeignDefaults) -> Result<Sheet, Vec<SheetMistake>> {
        let Some(category) = defaults.category.as_deref() else {
            let mend = "加上 --category，如 --category payment：新条目属于哪个业务类别";
            return Err(vec![SheetMistake::of_sheet("这份文件没有写业务类别", mend)]);
        };
        let mut mistakes = Vec::new();
        let mut kept: Vec<ForeignQuestion> = Vec::new();
        let mut by_hash: BTreeMap<String, usize> = BTreeMap::new();
        for mut question in std::mem::take(&mut self.questions) {
            question.wordings = self.usable(&question);
            let Some(standard) = question.wordings.first() else {
                self.skip(question.file.as_deref(), question.row, "没有能用的问题，这一行没有用");
                continue;
            };
            let hash = short_hash(standard);
            let Some(first) = by_hash.get(&hash).and_then(|at| kept.get_mut(*at)) else {
                by_hash.insert(hash, kept.len());
                kept.push(question);
                continue;
            };
            let there = place(first.file.as_deref(), first.row);
            if first.answer.trim() == question.answer.trim() {
                let reason = format!("问题和答案与{there}一样，并成一条");
                first.wordings.extend(question.wordings);
                self.skip(question.file.as_deref(), question.row, reason);
            } else {
                let message = format!("问题“{standard}”与{there}一样，答案不一样");
                let mend = "留下对的那一行，或把两个问题写得不一样";
                let mistake = SheetMistake::at(question.row, Column::Question, message, mend);
                mistakes.push(SheetMistake { file: question.file, ..mistake });
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        if kept.is_empty() {
            let mend = "看看表头和内容：每行要有问题，也要有答案";
            let mut told = vec![SheetMistake::of_sheet("没有一行既有问题又有答案", mend)];
            told.extend(self.skipped.drain(..).map(|note| SheetMistake {
                file: note.file,
                row: Some(note.row),
                ..SheetMistake::of_sheet(note.reason, "")
            }));
            return Err(told);
        }
        if let Some(mistake) = too_many_rows(kept.len()) {
            return Err(vec![mistake]);
        }
        let rows = kept.into_iter().filter_map(|question| draft(question, category, defaults));
        Ok(Sheet { columns: COLUMNS.to_vec(), rows: rows.collect() })
    }

    /// The wordings that a question may have, each once; the others are told.
    fn usable(&mut self, question: &ForeignQuestion) -> Vec<String> {
        let (mut seen, mut kept) = (BTreeSet::new(), Vec::new());
        for wording in &question.wordings {
            let wording = without_list_mark(wording);
            let wording = wording.split_whitespace().collect::<Vec<_>>().join(" ");
            if !is_new(&wording, &mut seen) {
                continue;
            }
            let chars = wording.chars().count();
            if QUESTION_CHARS.contains(&chars) {
                kept.push(wording);
                continue;
            }
            let start: String = wording.chars().take(20).collect();
            let dots = if chars > 20 { "…" } else { "" };
            let (least, most) = (QUESTION_CHARS.start(), QUESTION_CHARS.end());
            let reason =
                format!("说法“{start}{dots}”有 {chars} 字，没有用（要 {least} 至 {most} 字）");
            self.skip(question.file.as_deref(), question.row, reason);
        }
        kept
    }
}

fn draft(
    question: ForeignQuestion,
    category: &str,
    defaults: &ForeignDefaults,
) -> Option<SheetRow> {
    let due = defaults.today.saturating_add(REVIEW_MONTHS.months());
    let wordings = distinct(question.wordings);
    let (standard, similar) = wordings.split_first()?;
    let cells = vec![
        format!("{category}.imported.q{}", short_hash(standard)),
        category.to_owned(),
        standard.clone(),
        similar.join("\n"),
        in_subset(&question.answer),
        "draft".to_owned(),
        defaults.class.clone(),
        defaults.source.clone(),
        defaults.today.to_string(),
        due.to_string(),
    ];
    Some(SheetRow { file: question.file, number: question.row, cells })
}

/// Where something stands: `第 5 行`, with the file before it where there are several.
fn place(file: Option<&str>, row: usize) -> String {
    file.map_or_else(|| format!("第 {row} 行"), |file| format!("{file} 第 {row} 行"))
}

/// The wordings without those that say the same as an earlier one.
fn distinct(mut wordings: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    wordings.retain(|wording| is_new(wording, &mut seen));
    wordings
}

/// Whether a wording says something that none before it says.
fn is_new(wording: &str, seen: &mut BTreeSet<String>) -> bool {
    let normalized = normalize(wording).into_string();
    !normalized.is_empty() && seen.insert(normalized)
}

/// Twelve hex digits: the same question gets the same id when the file is imported again.
fn short_hash(question: &str) -> String {
    let mut hash = hex(&Sha256::digest(normalize(question).as_str()));
    hash.truncate(12);
    hash
}

/// An answer with the commonest Markdown of other programs as ours: headings in bold, the
/// signs of lists, and the line breaks of HTML. What else is not allowed is told by the checks.
pub(super) fn in_subset(answer: &str) -> String {
    static BREAK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)<br\s*/?>").expect("a valid pattern"));
    let line = |line: &str| {
        let text = line.trim();
        let heading = text.trim_start_matches('#');
        if heading.len() < text.len() && heading.starts_with(' ') {
            return format!("**{}**", heading.trim().trim_matches('*'));
        }
        let item =
            ["* ", "+ ", "• ", "· ", "●", "•"].into_iter().find_map(|sign| text.strip_prefix(sign));
        item.map_or_else(|| text.to_owned(), |item| format!("- {}", item.trim()))
    };
    let text = answer.replace("\r\n", "\n").replace('\r', "\n");
    let text = BREAK.replace_all(&text, "\n");
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n").trim().to_owned()
}
