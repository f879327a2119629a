//! Tables of other programs: `FastGPT`, `MaxKB`, `QnA Maker`, and plain lists of questions and answers.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::sheet::{
        Column, HEADING_ROWS, RawTable, SheetFormat, SheetMistake, tables_of, without_list_mark,
    },
    question::{ForeignBuilder, ForeignDefaults, ForeignQuestion, ForeignSheet},
};

/// What a column of another program holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ForeignPart {
    Question,
    /// Other wordings, one on each line.
    Similar,
    Answer,
    /// A heading of the text, which is the question where no question is written.
    Title,
    /// The same in all rows of one question.
    Key,
    /// Whether the row answers only after another one.
    ContextOnly,
}

impl ForeignPart {
    fn title(self) -> &'static str {
        match self {
            ForeignPart::Question | ForeignPart::Title => "标准问",
            ForeignPart::Similar => "相似问",
            ForeignPart::Answer => "答案",
            ForeignPart::Key => "同一条的行",
            ForeignPart::ContextOnly => "是否只用于追问",
        }
    }
}

/// A template of another program: its name and what its headings mean.
struct Template {
    name: &'static str,
    /// Lower case, without what stands in brackets.
    headings: &'static [(&'static str, ForeignPart)],
}

const QNA_MAKER: &str = "QnA Maker";

/// The first template that has a question and an answer in the headings is taken.
static TEMPLATES: [Template; 5] = [
    Template {
        name: "MaxKB",
        headings: &[
            ("分段标题", ForeignPart::Title),
            ("分段内容", ForeignPart::Answer),
            ("问题", ForeignPart::Question),
        ],
    },
    Template {
        name: "FastGPT",
        headings: &[
            ("q", ForeignPart::Question),
            ("a", ForeignPart::Answer),
            ("index", ForeignPart::Similar),
            ("indexes", ForeignPart::Similar),
            ("instruction", ForeignPart::Question),
            ("output", ForeignPart::Answer),
        ],
    },
    Template {
        // As it exports a data set: the index is the question.
        name: "FastGPT",
        headings: &[("index", ForeignPart::Question), ("content", ForeignPart::Answer)],
    },
    Template {
        name: QNA_MAKER,
        headings: &[
            ("question", ForeignPart::Question),
            ("questions", ForeignPart::Question),
            ("answer", ForeignPart::Answer),
            ("alternate questions", ForeignPart::Similar),
            ("alternatequestions", ForeignPart::Similar),
            ("alternative questions", ForeignPart::Similar),
            ("similar questions", ForeignPart::Similar),
            ("qnaid", ForeignPart::Key),
            ("iscontextonly", ForeignPart::ContextOnly),
        ],
    },
    Template {
        name: "问答表",
        headings: &[
            ("问题", ForeignPart::Question),
            ("问", ForeignPart::Question),
            ("提问", ForeignPart::Question),
            ("标准问", ForeignPart::Question),
            ("标准问题", ForeignPart::Question),
            ("主问题", ForeignPart::Question),
            ("用户问题", ForeignPart::Question),
            ("常见问题", ForeignPart::Question),
            ("问题标题", ForeignPart::Question),
            ("faq", ForeignPart::Question),
            ("q", ForeignPart::Question),
            ("question", ForeignPart::Question),
            ("答案", ForeignPart::Answer),
            ("答", ForeignPart::Answer),
            ("回答", ForeignPart::Answer),
            ("答复", ForeignPart::Answer),
            ("回复", ForeignPart::Answer),
            ("标准答案", ForeignPart::Answer),
            ("回答内容", ForeignPart::Answer),
            ("a", ForeignPart::Answer),
            ("answer", ForeignPart::Answer),
            ("相似问", ForeignPart::Similar),
            ("相似问题", ForeignPart::Similar),
            ("相似问法", ForeignPart::Similar),
            ("相似说法", ForeignPart::Similar),
            ("扩展问", ForeignPart::Similar),
            ("扩展问题", ForeignPart::Similar),
            ("其他问法", ForeignPart::Similar),
            ("similar", ForeignPart::Similar),
        ],
    },
];

/// Headings by which our own sheets know their entries.
const OWN: [&str; 2] = ["编号", "id"];

/// A table in which the headings of a template were found.
struct FoundTable<'t> {
    template: &'static Template,
    table: &'t RawTable,
    /// The index of the row of the headings.
    at: usize,
    names: Vec<String>,
    /// What the columns with a heading hold.
    given: Vec<Option<ForeignPart>>,
    /// The same, with the columns beyond the last heading.
    parts: Vec<Option<ForeignPart>>,
}

/// What a table is taken for.
enum TableOrigin<'t> {
    Own,
    Foreign(FoundTable<'t>),
    Unknown,
}

/// Makes a sheet of a table of another program; `None` when its headings are those of no known
/// template, or are our own. Each worksheet with the headings of a template is read.
pub fn table_sheet(
    bytes: &[u8],
    format: SheetFormat,
    defaults: &ForeignDefaults,
) -> Result<Option<ForeignSheet>, Vec<SheetMistake>> {
    let tables = tables_of(bytes, format, is_heading).map_err(|mistake| vec![mistake])?;
    let (mut found, mut unused) = (Vec::new(), Vec::new());
    for (at, table) in tables.iter().enumerate() {
        match origin(table) {
            TableOrigin::Foreign(table) => found.push(table),
            TableOrigin::Own if at == 0 => return Ok(None),
            // An empty worksheet holds nothing that could be missed.
            TableOrigin::Own | TableOrigin::Unknown if table.rows.is_empty() => {}
            TableOrigin::Own | TableOrigin::Unknown => {
                let name = table.name.as_deref().unwrap_or_default();
                unused.push(format!("工作表“{name}”（没有认得的表头）"));
            }
        }
    }
    let Some(first) = found.first() else {
        return tables.iter().find_map(lacks_answers).map_or(Ok(None), |told| Err(vec![told]));
    };
    let template = first.template.name;
    let lost: Vec<SheetMistake> = found.iter().flat_map(FoundTable::lost).collect();
    if !lost.is_empty() {
        return Err(lost);
    }
    let is_one = found.len() == 1;
    let (mut builder, mut mapped) = (ForeignBuilder::default(), Vec::new());
    for found in &found {
        let file = found.table.name.as_deref().filter(|_| !is_one);
        let before = file.map_or_else(String::new, |name| format!("{name}："));
        found.tell_headings(&before, &mut mapped, &mut unused);
        found.gather(file, &mut builder);
    }
    let sheet = builder.sheet(defaults)?;
    Ok(Some(ForeignSheet { template, mapped, unused, skipped: builder.skipped, sheet }))
}

/// Looks for headings in the first rows of a table.
fn origin(table: &RawTable) -> TableOrigin<'_> {
    for (at, (_, headings)) in table.rows.iter().enumerate().take(HEADING_ROWS) {
        let names: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
        let rows = table.rows.get(at + 1..).unwrap_or_default();
        if is_own(headings, &names, rows) {
            return TableOrigin::Own;
        }
        let template = TEMPLATES.iter().find_map(|template| {
            let parts = parts(template, &names);
            let has = |wanted: ForeignPart| parts.contains(&Some(wanted));
            (has(ForeignPart::Answer) && (has(ForeignPart::Question) || has(ForeignPart::Title)))
                .then_some((template, parts))
        });
        if let Some((template, given)) = template {
            let parts = widened(&given, &names, rows);
            return TableOrigin::Foreign(FoundTable { template, table, at, names, given, parts });
        }
    }
    TableOrigin::Unknown
}

/// What is wrong with a table of questions that no column of answers is known in.
fn lacks_answers(table: &RawTable) -> Option<SheetMistake> {
    let is_foreign = |heading: &String| {
        let name = plain(heading);
        let questions = TEMPLATES
            .iter()
            .flat_map(|template| template.headings)
            .filter(|(_, part)| *part == ForeignPart::Question);
        // A letter is a heading of anything.
        let mut questions = questions.filter(|(known, _)| known.chars().nth(1).is_some());
        Column::of(heading).is_none() && questions.any(|(known, _)| *known == name)
    };
    let rows = || table.rows.iter().take(HEADING_ROWS);
    let has_id = |cells: &[String]| cells.iter().any(|cell| Column::of(cell) == Some(Column::Id));
    if rows().any(|(_, cells)| has_id(cells)) {
        return None;
    }
    let (row, _) = rows().find(|(_, cells)| cells.iter().any(is_foreign))?;
    let mend = "把答案那一列的表头写成“答案”；有几列答案的，只把要用的一列写成“答案”";
    let mistake = SheetMistake::of_sheet("看起来是别的系统的问答表：缺“答案”这一列", mend);
    Some(SheetMistake { file: table.name.clone(), row: Some(*row), ..mistake })
}

/// Whether these are headings of a sheet of ours, and not of a list that counts its rows.
fn is_own(headings: &[String], names: &[String], rows: &[(usize, Vec<String>)]) -> bool {
    let Some(at) = names.iter().position(|name| OWN.contains(&name.as_str())) else {
        return false;
    };
    let ids = rows.iter().filter_map(|(_, cells)| cells.get(at)).map(|cell| cell.trim());
    let ids: Vec<&str> = ids.filter(|id| !id.is_empty()).collect();
    let is_number = |id: &&str| id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !ids.is_empty() && ids.iter().all(is_number) {
        return false;
    }
    // An id of an entry is proof, even beside a heading with a slip.
    let is_id = |id: &&str| {
        let is_sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        id.contains('.')
            && id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(is_sign)
    };
    ids.iter().any(is_id)
        || headings
            .iter()
            .filter(|heading| !heading.trim().is_empty())
            .all(|heading| Column::of(heading).is_some())
}

/// Whether a text is a heading of a template, or of our own sheets.
fn is_heading(text: &str) -> bool {
    let name = plain(text);
    let known = TEMPLATES.iter().flat_map(|template| template.headings);
    OWN.contains(&name.as_str()) || known.into_iter().any(|(heading, _)| *heading == name)
}

/// A heading in lower case, without what stands in brackets, a number after it and blanks in it:
/// `问题（选填，一行一个）`, `问题 1` and `问 题` are 问题.
fn plain(heading: &str) -> String {
    let end = heading.find(['(', '（', '[', '【']).unwrap_or(heading.len());
    let name = heading.get(..end).unwrap_or(heading).trim().trim_matches('*').trim();
    if name.is_ascii() {
        return name.to_lowercase();
    }
    let name: String = name.split_whitespace().collect();
    name.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase()
}

fn parts(template: &Template, names: &[String]) -> Vec<Option<ForeignPart>> {
    let part = |name: &String| {
        template.headings.iter().find(|(known, _)| known == name).map(|(_, part)| *part)
    };
    names.iter().map(part).collect()
}

/// Columns after that of other wordings, which have no heading, hold wordings as well: `FastGPT`
/// writes one index into each.
fn widened(
    given: &[Option<ForeignPart>],
    names: &[String],
    rows: &[(usize, Vec<String>)],
) -> Vec<Option<ForeignPart>> {
    let widest = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let is_last = |at: usize| names.iter().skip(at).all(String::is_empty);
    let mut parts = given.to_vec();
    if let Some(last) = parts.iter().rposition(|part| *part == Some(ForeignPart::Similar))
        && is_last(last + 1)
    {
        parts.truncate(last + 1);
        parts.resize(widest.max(last + 1), Some(ForeignPart::Similar));
    }
    parts
}

impl FoundTable<'_> {
    fn headings(&self) -> &[String] {
        self.table.rows.get(self.at).map_or(&[], |(_, cells)| cells)
    }

    /// What a person sees in the columns that are read, and the file does not hold.
    fn lost(&self) -> Vec<SheetMistake> {
        let heading_row = self.table.rows.get(self.at).map_or(1, |(number, _)| *number);
        let is_read: Vec<bool> = self.parts.iter().map(Option::is_some).collect();
        self.table.lost(heading_row, &is_read)
    }

    fn tell_headings(&self, before: &str, mapped: &mut Vec<String>, unused: &mut Vec<String>) {
        for (heading, part) in self.headings().iter().zip(&self.given) {
            let heading = heading.trim();
            match part {
                Some(part) => mapped.push(format!("{before}{heading} → {}", part.title())),
                None if heading.is_empty() => {}
                None => unused.push(format!("{before}{heading}")),
            }
        }
    }

    /// Whether the table has a column that `QnA Maker` alone writes.
    fn is_qna_maker(&self) -> bool {
        const WRITTEN: [&str; 6] =
            ["source", "metadata", "qnaid", "iscontextonly", "prompts", "suggestedquestions"];
        self.template.name == QNA_MAKER
            && self.names.iter().any(|name| WRITTEN.contains(&name.as_str()))
    }

    /// Takes the questions of all rows. `QnA Maker` writes a row for each wording; in other tables
    /// rows with the same answer may well be about different things.
    fn gather(&self, file: Option<&str>, builder: &mut ForeignBuilder) {
        let mut by_key: BTreeMap<(String, String), usize> = BTreeMap::new();
        // The entry of the row before, and its number.
        let mut before: Option<(usize, usize)> = None;
        for (row, cells) in self.table.rows.iter().skip(self.at + 1) {
            let Some(question) = self.question(file, *row, cells, builder) else { continue };
            let answer = question.answer.trim().to_owned();
            let key = question.key.clone().map(|key| (key, answer.clone()));
            let same = match &key {
                Some(key) => by_key.get(key).copied(),
                None => before
                    .filter(|(_, last)| self.is_qna_maker() && last + 1 == *row)
                    .map(|(at, _)| at)
                    .filter(|at| {
                        let known = builder.questions.get(*at);
                        known.is_some_and(|one| one.key.is_none() && one.answer.trim() == answer)
                    }),
            };
            let at = same.unwrap_or(builder.questions.len());
            match builder.questions.get_mut(at) {
                Some(known) => known.wordings.extend(question.wordings),
                None => builder.questions.push(question),
            }
            if let Some(key) = key {
                by_key.insert(key, at);
            }
            before = Some((at, *row));
        }
    }

    /// `None` for a row without a question or without an answer, which is told.
    fn question(
        &self,
        file: Option<&str>,
        row: usize,
        cells: &[String],
        builder: &mut ForeignBuilder,
    ) -> Option<ForeignQuestion> {
        let of = |wanted: ForeignPart| {
            let cells = cells.iter().zip(&self.parts);
            let cells = cells.enumerate().filter(move |(_, (_, part))| **part == Some(wanted));
            let cells = cells.map(|(at, (cell, _))| (at, cell.trim()));
            cells.filter(|(_, cell)| !cell.is_empty())
        };
        let is_true = |cell: &str| ["true", "1", "是"].contains(&cell.to_lowercase().as_str());
        if of(ForeignPart::ContextOnly).any(|(_, cell)| is_true(cell)) {
            builder.skip(file, row, "只用于追问（IsContextOnly），没有用");
            return None;
        }
        let asked = || {
            of(ForeignPart::Question).chain(of(ForeignPart::Title)).chain(of(ForeignPart::Similar))
        };
        let (first_question, first_answer) = (asked().next(), of(ForeignPart::Answer).next());
        let (Some((_, first_question)), Some((answer_at, answer))) = (first_question, first_answer)
        else {
            let reason = match (first_question, first_answer) {
                (None, None) => "没有问题，也没有答案",
                (None, Some(_)) => "没有问题，这一行没有用",
                (Some(_), _) => "没有答案，这一行没有用",
            };
            builder.skip(file, row, reason);
            return None;
        };
        for (at, _) in
            of(ForeignPart::Answer).filter(|(at, cell)| *at != answer_at && *cell != answer)
        {
            let heading = self.headings().get(at).map_or("", |heading| heading.trim());
            builder.skip(file, row, format!("另一个答案“{heading}”没有用"));
        }
        let is_qna = self.template.name == QNA_MAKER;
        let answer = if is_qna { answer.replace("\\n", "\n") } else { answer.to_owned() };
        let lines = |(_, cell): (usize, &str)| cell.lines().map(str::to_owned).collect::<Vec<_>>();
        let mut wordings: Vec<String> = of(ForeignPart::Question).flat_map(lines).collect();
        let row_texts = RowTexts::of(first_question, &answer);
        for (_, cell) in of(ForeignPart::Similar) {
            match row_texts.repeated(cell) {
                Repeated::Default => {}
                Repeated::Answer => {
                    let start: String = cell.chars().take(20).collect();
                    builder.skip(file, row, format!("说法“{start}…”里有答案，没有用"));
                }
                Repeated::Nothing => {
                    for line in cell.lines().flat_map(|line| {
                        line.split(['；', '|', '｜']).flat_map(|part| part.split("##"))
                    }) {
                        if !line.trim().is_empty() && row_texts.lines.contains(&bare(line)) {
                            let line = line.trim();
                            let reason = format!("说法“{line}”是答案里的一行，没有用");
                            builder.skip(file, row, reason);
                        } else {
                            wordings.push(line.to_owned());
                        }
                    }
                }
            }
        }
        if wordings.is_empty() {
            wordings.extend(of(ForeignPart::Title).map(|(_, cell)| cell.to_owned()));
        }
        let key = of(ForeignPart::Key).next().map(|(_, cell)| cell.to_owned());
        Some(ForeignQuestion { file: file.map(str::to_owned), row, key, wordings, answer })
    }
}

/// What a cell of wordings says again.
enum Repeated {
    /// The question, or the question and the answer: `FastGPT` writes such an index by itself.
    Default,
    /// The answer.
    Answer,
    Nothing,
}

/// A shorter answer may well be a part of a question: 一天 of 一天能到吗.
const ANSWER_CHARS_MIN: usize = 6;

/// The question and the answer of a row, bare, for comparison with each of its wordings.
struct RowTexts {
    question: String,
    answer: String,
    both: String,
    /// The lines of the answer.
    lines: BTreeSet<String>,
}

impl RowTexts {
    fn of(question: &str, answer: &str) -> Self {
        let lines = answer.lines().map(bare).collect();
        let (question, answer) = (bare(question), bare(answer));
        Self { both: format!("{question}{answer}"), question, answer, lines }
    }

    fn repeated(&self, cell: &str) -> Repeated {
        let cell = bare(cell);
        if cell == self.question || cell == self.both {
            return Repeated::Default;
        }
        let is_long = self.answer.chars().nth(ANSWER_CHARS_MIN - 1).is_some();
        if cell == self.answer || (is_long && cell.contains(&self.answer)) {
            return Repeated::Answer;
        }
        Repeated::Nothing
    }
}

/// A text without blanks and the marks of lists before its lines.
fn bare(text: &str) -> String {
    text.lines().flat_map(|line| without_list_mark(line).split_whitespace()).collect()
}
