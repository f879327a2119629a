//! Questions with an answer, as they came from another program.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use sha2::{Digest, Sha256};

use super::super::sheet::{Column, Sheet, SheetMistake, SheetRow};
use crate::text::{hex, normalize};

/// Months until an imported answer must be reviewed.
const REVIEW_MONTHS: i8 = 6;

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
    /// The entries as drafts.
    pub sheet: Sheet,
}

/// One question with its wordings.
#[derive(Clone, Debug)]
pub(super) struct ForeignQuestion {
    /// The row or line of the file.
    pub(super) row: usize,
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

/// Makes drafts of the questions. Those with the same answer become one entry, because other
/// programs write a row for each wording.
pub(super) fn sheet(
    questions: Vec<ForeignQuestion>,
    defaults: &ForeignDefaults,
) -> Result<Sheet, Vec<SheetMistake>> {
    let Some(category) = defaults.category.as_deref() else {
        let mend = "加上 --category，如 --category payment：新条目属于哪个业务类别";
        return Err(vec![SheetMistake::of_sheet("这份文件没有写业务类别", mend)]);
    };
    let mut rows: Vec<ForeignQuestion> = Vec::new();
    let mut by_answer: BTreeMap<String, usize> = BTreeMap::new();
    for question in questions {
        let key = question.answer.trim().to_owned();
        match by_answer.get(&key) {
            Some(at) => rows[*at].wordings.extend(question.wordings),
            None => {
                by_answer.insert(key, rows.len());
                rows.push(question);
            }
        }
    }
    let due = defaults.today.saturating_add(REVIEW_MONTHS.months());
    let row = |question: ForeignQuestion| {
        let wordings = distinct(&question.wordings);
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
        Some(SheetRow { number: question.row, cells })
    };
    let rows: Vec<SheetRow> = rows.into_iter().filter_map(row).collect();
    if rows.is_empty() {
        let mend = "看看表头和内容：每行要有问题，也要有答案";
        return Err(vec![SheetMistake::of_sheet("没有一行既有问题又有答案", mend)]);
    }
    Ok(Sheet { columns: COLUMNS.to_vec(), rows })
}

/// The wordings without those that say the same as an earlier one, or nothing.
fn distinct(wordings: &[String]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for wording in wordings {
        let wording = wording.split_whitespace().collect::<Vec<_>>().join(" ");
        let normalized = normalize(&wording).into_string();
        if !normalized.is_empty() && !seen.contains(&normalized) {
            seen.push(normalized);
            kept.push(wording);
        }
    }
    kept
}

/// Eight hex digits: the same question gets the same id when the file is imported again.
fn short_hash(question: &str) -> String {
    let mut hash = hex(&Sha256::digest(normalize(question).as_str()));
    hash.truncate(8);
    hash
}

/// An answer with the commonest Markdown of other programs as ours: headings in bold, and the
/// signs of lists. What else is not allowed is told by the checks.
pub(super) fn in_subset(answer: &str) -> String {
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
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n").trim().to_owned()
}
