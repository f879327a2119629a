//! Tables of other programs: FastGPT, MaxKB, QnA Maker, and plain lists of questions and answers.

use super::{
    super::sheet::{SheetFormat, SheetMistake, cells_of},
    question::{ForeignDefaults, ForeignQuestion, ForeignSheet, sheet},
};

/// What a column of another program holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Question,
    /// Other wordings, one on each line.
    Similar,
    Answer,
    /// A heading of the text, which is the question where no question is written.
    Title,
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Part::Question | Part::Title => "标准问",
            Part::Similar => "相似问",
            Part::Answer => "答案",
        }
    }
}

/// A template of another program: its name and what its headings mean.
struct Template {
    name: &'static str,
    /// Lower case, without what stands in brackets.
    headings: &'static [(&'static str, Part)],
}

/// The first template that has a question and an answer in the headings is taken.
const TEMPLATES: [Template; 4] = [
    Template {
        name: "MaxKB",
        headings: &[
            ("分段标题", Part::Title),
            ("分段内容", Part::Answer),
            ("问题", Part::Question),
        ],
    },
    Template {
        name: "FastGPT",
        headings: &[
            ("q", Part::Question),
            ("a", Part::Answer),
            ("index", Part::Similar),
            ("indexes", Part::Similar),
            ("instruction", Part::Question),
            ("output", Part::Answer),
        ],
    },
    Template {
        name: "QnA Maker",
        headings: &[
            ("question", Part::Question),
            ("questions", Part::Question),
            ("answer", Part::Answer),
            ("alternate questions", Part::Similar),
            ("alternatequestions", Part::Similar),
            ("alternative questions", Part::Similar),
            ("similar questions", Part::Similar),
        ],
    },
    Template {
        name: "问答表",
        headings: &[
            ("问题", Part::Question),
            ("问", Part::Question),
            ("提问", Part::Question),
            ("标准问", Part::Question),
            ("标准问题", Part::Question),
            ("主问题", Part::Question),
            ("用户问题", Part::Question),
            ("常见问题", Part::Question),
            ("问题标题", Part::Question),
            ("faq", Part::Question),
            ("q", Part::Question),
            ("question", Part::Question),
            ("答案", Part::Answer),
            ("答", Part::Answer),
            ("回答", Part::Answer),
            ("答复", Part::Answer),
            ("回复", Part::Answer),
            ("标准答案", Part::Answer),
            ("回答内容", Part::Answer),
            ("a", Part::Answer),
            ("answer", Part::Answer),
            ("相似问", Part::Similar),
            ("相似问题", Part::Similar),
            ("相似问法", Part::Similar),
            ("相似说法", Part::Similar),
            ("扩展问", Part::Similar),
            ("扩展问题", Part::Similar),
            ("其他问法", Part::Similar),
            ("similar", Part::Similar),
        ],
    },
];

/// Headings by which our own sheets know their entries. A table with one of them is ours.
const OWN: [&str; 2] = ["编号", "id"];

/// Makes a sheet of a table of another program; `None` when its headings are those of no known
/// template, or are our own.
pub fn table_sheet(
    bytes: &[u8],
    format: SheetFormat,
    defaults: &ForeignDefaults,
) -> Result<Option<ForeignSheet>, Vec<SheetMistake>> {
    let (rows, lost) = cells_of(bytes, format).map_err(|mistake| vec![mistake])?;
    let Some(((_, headings), rows)) = rows.split_first() else { return Ok(None) };
    let names: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
    if names.iter().any(|name| OWN.contains(&name.as_str())) {
        return Ok(None);
    }
    let Some((template, mut parts)) = TEMPLATES.iter().find_map(|template| {
        let parts = parts(template, &names);
        let has = |wanted: Part| parts.contains(&Some(wanted));
        (has(Part::Answer) && (has(Part::Question) || has(Part::Title)))
            .then_some((template, parts))
    }) else {
        return Ok(None);
    };
    if !lost.is_empty() {
        return Err(lost);
    }
    let given = parts.clone();
    widen(&mut parts, &names, rows);
    let questions = rows.iter().filter_map(|(row, cells)| question(*row, cells, &parts)).collect();
    let named = headings.iter().zip(&given);
    let mapped = named
        .clone()
        .filter_map(|(heading, part)| Some(format!("{} → {}", heading.trim(), (*part)?.title())));
    let unused = named.filter(|(heading, part)| part.is_none() && !heading.trim().is_empty());
    Ok(Some(ForeignSheet {
        template: template.name,
        mapped: mapped.collect(),
        unused: unused.map(|(heading, _)| heading.trim().to_owned()).collect(),
        sheet: sheet(questions, defaults)?,
    }))
}

/// A heading in lower case, without what stands in brackets: `问题（选填，一行一个）` is 问题.
fn plain(heading: &str) -> String {
    let end = heading.find(['(', '（', '[', '【']).unwrap_or(heading.len());
    let name = heading.get(..end).unwrap_or(heading).trim().trim_matches('*').trim();
    name.to_lowercase()
}

fn parts(template: &Template, names: &[String]) -> Vec<Option<Part>> {
    let part = |name: &String| {
        template.headings.iter().find(|(known, _)| known == name).map(|(_, part)| *part)
    };
    names.iter().map(part).collect()
}

/// Columns after that of other wordings, which have no heading, hold wordings as well: FastGPT
/// writes one index into each.
fn widen(parts: &mut Vec<Option<Part>>, names: &[String], rows: &[(usize, Vec<String>)]) {
    let widest = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let is_last = |at: usize| names.iter().skip(at).all(String::is_empty);
    if let Some(last) = parts.iter().rposition(|part| *part == Some(Part::Similar))
        && is_last(last + 1)
    {
        parts.truncate(last + 1);
        parts.resize(widest.max(last + 1), Some(Part::Similar));
    }
}

/// `None` for a row without a question or without an answer.
fn question(row: usize, cells: &[String], parts: &[Option<Part>]) -> Option<ForeignQuestion> {
    let of = |wanted: Part| {
        let cells = cells.iter().zip(parts).filter(move |(_, part)| **part == Some(wanted));
        cells.map(|(cell, _)| cell.trim()).filter(|cell| !cell.is_empty())
    };
    let answer = of(Part::Answer).next()?.to_owned();
    let asked = of(Part::Question).chain(of(Part::Similar));
    let mut wordings: Vec<String> = asked.flat_map(str::lines).map(str::to_owned).collect();
    if wordings.is_empty() {
        wordings.extend(of(Part::Title).map(str::to_owned));
    }
    (!wordings.is_empty()).then_some(ForeignQuestion { row, wordings, answer })
}
