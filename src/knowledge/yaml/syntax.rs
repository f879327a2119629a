//! Explains errors of the YAML parser in words for people who edit the files.

use std::ops::Range;

use serde_yaml::granit_parser::ErrorKind;

use super::{
    slips::Slip,
    stop::{Stop, StopReason, YamlNote},
};
use crate::knowledge::diagnostics::{
    codes::Code,
    diagnostic::first_hidden,
    source::{Place, Source},
};

/// Lines before the reported line in which the cause of an error is searched.
const LINES_BACK: usize = 3;

/// Says why a file cannot be read further. `unchecked` says what was not checked for that reason.
/// `cause` is the part of the text without which it can be read further, if there is one.
pub(super) fn explain(
    stop: &Stop,
    cause: Option<Range<usize>>,
    source: &Source<'_>,
    unchecked: &str,
) -> YamlNote {
    let at = stop.at;
    let note = |code, place, message: &str, reason: String, mend: &str| YamlNote {
        code,
        place,
        message: message.to_owned(),
        reason,
        mend: mend.to_owned(),
    };
    let kind = match &stop.why {
        StopReason::Empty => {
            let reason = "没有可以读取的内容".to_owned();
            let mend = "写上 version: 1 和内容，或删掉这个文件";
            return note(Code::MissingKey, at, "文件是空的", reason, mend);
        }
        StopReason::SecondDocument => {
            let reason = format!("“---”或“...”之后的内容属于另一份文档；{unchecked}");
            let mend = "删掉“---”或“...”，或把后面的内容放到另一个文件";
            return note(Code::Syntax, at, "一个文件里只能有一份文档", reason, mend);
        }
        StopReason::Conflict => {
            let reason = format!("两个人改了同一处，文件里还留着两份；{unchecked}");
            let mend = "留下对的一份，删掉三行标记";
            return note(Code::Syntax, at, "这是 git 合并冲突的标记", reason, mend);
        }
        StopReason::Syntax(kind) => kind,
    };
    let line = source.line_at(at.start);
    let cause = cause.filter(|cause| cause.end <= at.start);
    // Where the cause is known, it is not searched further up.
    let first = match &cause {
        Some(cause) => source.line_at(cause.start),
        None => line.saturating_sub(LINES_BACK).max(1),
    };
    let lines = || (first..=line).rev().map(|line| (line, source.line_place(at.file, line)));
    if let Some(slip) =
        lines().find_map(|(here, place)| Slip::of(source.slice(place), place, here == line))
    {
        let reason = format!("{}；{unchecked}", slip.reason);
        return note(slip.code, slip.place, &slip.message, reason, slip.mend);
    }
    if let Some((place, hidden)) = hidden_on(source.line_place(at.file, line), source) {
        let message = format!("这里有看不见的字符（U+{:04X}）", u32::from(hidden));
        let reason = format!("多半是粘贴带来的，YAML 读不下去；{unchecked}");
        return note(Code::HiddenCharacter, place, &message, reason, "删掉这一处重新输入");
    }
    if (is_unclosed(kind) || cause.is_some())
        && let Some(place) = lines().find_map(|(_, place)| comment_in_brackets(place, source))
    {
        let message = "“#”之后会被当成注释";
        return note(Code::Syntax, place, message, unchecked.to_owned(), QUOTE);
    }
    if is_of_brackets(kind)
        && let Some(place) = lines().find_map(|(_, place)| bare_variable(place, source))
    {
        let message = "[ ] 里的 {{ }} 没有加引号";
        let reason = format!("方括号里，花括号是一组“键: 值”的开头；{unchecked}");
        let mend = "含 {{ }} 的一项用英文引号整个括起来，如 [\"看{{hotline}}\", 再点确认]";
        return note(Code::Syntax, place, message, reason, mend);
    }
    if let Some(cause) = cause
        && let Some((offset, sign)) = source.text.get(cause.clone()).and_then(unclosed_in)
    {
        let what = if matches!(sign, '[' | '{') { "括号" } else { "引号" };
        let start = cause.start + offset;
        let place = Place { start, end: start + 1, ..at };
        let message = format!("这里的{what}没有闭合");
        let mend = format!("补上另一半{what}；是文字的一部分：用英文引号把整句括起来");
        return note(Code::Syntax, place, &message, unchecked.to_owned(), &mend);
    }
    let (code, message, mend) = explain_layout(kind).unwrap_or_else(|| explain_signs(kind));
    note(code, at, &message, unchecked.to_owned(), mend)
}

/// Whether something was opened and not closed.
pub(super) fn is_unclosed(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    matches!(
        kind,
        E::UnclosedQuotedScalar
            | E::InvalidQuotedScalarIndent
            | E::DocumentIndicatorInQuotedScalar
            | E::UnexpectedEofFlowSequence
            | E::UnexpectedEofFlowMapping
            | E::UnexpectedEofImplicitFlowMapping
            | E::UnclosedFlowCollection { .. }
            | E::ExpectedFlowMappingSeparator
            | E::ExpectedFlowSequenceSeparator
            | E::InvalidFlowScalarIndent
    )
}

/// Whether a bracket or brace, or a comma between them, is in the way.
fn is_of_brackets(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    is_unclosed(kind)
        || matches!(kind, E::MismatchedFlowCollectionEnd { .. } | E::MisplacedFlowCollectionEnd)
}

/// The first variable of a line that stands in brackets, after other words and in no quotation
/// marks.
fn bare_variable(line: Place, source: &Source<'_>) -> Option<Place> {
    let text = source.slice(line);
    let (mut quote, mut before): (Option<char>, char) = (None, ' ');
    for (at, c) in text.char_indices() {
        let is_start = matches!(before, ' ' | '[' | '{' | ',');
        match quote {
            Some(sign) if c == sign && before != '\\' => quote = None,
            None if matches!(c, '"' | '\'') && is_start => quote = Some(c),
            None if c == '#' && before == ' ' => return None,
            None if !is_start => {
                let inner = text.get(at..).and_then(|rest| rest.strip_prefix("{{"));
                if let Some((name, _)) = inner.and_then(|inner| inner.split_once("}}")) {
                    let start = line.start + at;
                    return Some(Place { start, end: start + name.len() + 4, ..line });
                }
            }
            Some(_) | None => {}
        }
        before = c;
    }
    None
}

/// Whether a line that ends a document is in the way.
pub(super) fn is_document_mark(why: &StopReason) -> bool {
    match why {
        StopReason::SecondDocument => true,
        StopReason::Syntax(kind) => matches!(kind, ErrorKind::DocumentIndicatorInQuotedScalar),
        StopReason::Empty | StopReason::Conflict => false,
    }
}

/// The first quotation mark or bracket of a value that is open at its end, and its byte.
pub(super) fn unclosed_in(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<(usize, char)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if let Some((_, sign)) = quote {
            if c == sign && before != '\\' {
                quote = None;
            }
        } else if c == '#' && before.is_whitespace() {
            break;
        } else {
            // A quotation mark or bracket has a meaning at the start of a value alone.
            let is_start = matches!(before, ' ' | '\n' | '[' | '{' | ',');
            match c {
                '"' | '\'' if is_start => quote = Some((at, c)),
                '[' | '{' if is_start => open.push((at, c)),
                ']' | '}' => _ = open.pop(),
                _ => {}
            }
        }
        before = c;
    }
    quote.or_else(|| open.first().copied())
}

/// The first hidden character of a line.
fn hidden_on(line: Place, source: &Source<'_>) -> Option<(Place, char)> {
    let (at, hidden) = first_hidden(source.slice(line)).filter(|(_, c)| *c != '\t')?;
    let start = line.start + at;
    Some((Place { start, end: start + hidden.len_utf8(), ..line }, hidden))
}

/// A comment on a line with a bracket that is open before it.
fn comment_in_brackets(line: Place, source: &Source<'_>) -> Option<Place> {
    let text = source.slice(line);
    let at = text.find(" #")?;
    let before = text.get(..at)?;
    let is_open = before.matches(['[', '{']).count() > before.matches([']', '}']).count();
    let start = line.start + at + 1;
    is_open.then_some(Place { start, end: line.end, ..line })
}

/// The tab that an error is about: on the line of the error, or in the indentation of the next.
pub(super) fn tab_near(kind: &ErrorKind, at: Place, source: &Source<'_>) -> Option<Place> {
    if explain_layout(kind).is_none_or(|(code, ..)| code != Code::Tab) {
        return None;
    }
    let line = source.line_at(at.start);
    (line..=line + 2).find_map(|line| {
        let whole = source.line_place(at.file, line);
        let start = whole.start + source.slice(whole).find('\t')?;
        Some(Place { start, end: start + 1, ..at })
    })
}

const QUOTE: &str = "用英文引号把这段文字整个括起来";
const ALIGN: &str = "检查这一行和上一行的缩进：同一层对齐，下一层多 2 个空格";
const CLOSE: &str = "检查这一行和前面几行的引号、方括号、花括号是否成对";

/// Explains errors of indentation and nesting, and of the signs of maps and lists.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's enum is not ours and may grow")]
fn explain_layout(kind: &ErrorKind) -> Option<(Code, String, &'static str)> {
    use ErrorKind as E;
    let (code, message, mend) = match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => (Code::Tab, "这里有制表符", "把制表符换成空格，每层 2 个"),
        E::RecursionLimitExceeded => (Code::TooLarge, "嵌套太深", "最多 16 层；去掉多余的嵌套"),
        E::MappingValueNotAllowed | E::InvalidColonPlacement | E::MappingKeyNotAllowed => (
            Code::Syntax,
            "这里不能再有“键: 值”",
            "值里有“: ”时用英文引号括起来；否则检查缩进，和上一行的括号是否闭合",
        ),
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            Code::Syntax,
            "这一行缺少“: ”",
            "写成“键: 值”；接着上一行的文字要多缩进，列表项要以“- ”开头",
        ),
        E::ExpectedBlockMappingKey | E::ExpectedBlockSequenceEntry | E::InvalidIndentation => {
            (Code::Syntax, "缩进没有对齐", ALIGN)
        }
        E::BlockSequenceEntryNotAllowed | E::InvalidBlockEntryWhitespace => {
            (Code::Syntax, "这里不能有列表项", ALIGN)
        }
        E::InvalidBlockScalarIndent | E::InvalidFlowScalarIndent | E::ZeroBlockScalarIndent => {
            (Code::Syntax, "多行文字的缩进不对", ALIGN)
        }
        E::ExpectedWhitespace | E::InvalidMappingValueWhitespace => {
            (Code::Syntax, "这里缺少空格", "英文冒号、短横后面要有一个空格")
        }
        _ => return None,
    };
    Some((code, message.to_owned(), mend))
}

/// Explains errors of quotation marks, brackets and characters with a meaning in YAML.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's enum is not ours and may grow")]
fn explain_signs(kind: &ErrorKind) -> (Code, String, &'static str) {
    use ErrorKind as E;
    let (code, message, mend) = match kind {
        E::UnexpectedCharacter { character } => {
            let message = format!("文字不能以“{character}”开头");
            return (Code::Syntax, message, QUOTE);
        }
        E::InvalidBlockScalarHeader => (
            Code::Syntax,
            "“|”或“>”后面有多余的内容",
            "文字从下一行写起；以 | 或 > 开头的文字要用引号括起来",
        ),
        E::UnclosedQuotedScalar
        | E::InvalidQuotedScalarIndent
        | E::DocumentIndicatorInQuotedScalar => (Code::Syntax, "前面的引号没有闭合", CLOSE),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            (Code::Syntax, "引号闭合之后还有内容", "把整句括在一对引号里；句中的引号用中文引号“”")
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidUnicodeEscape => {
            (Code::Syntax, "双引号里的反斜杠写法不对", "改用单引号括起来，单引号里反斜杠就是它自己")
        }
        E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::UnclosedFlowCollection { .. }
        | E::ExpectedFlowMappingSeparator
        | E::ExpectedFlowSequenceSeparator
        | E::MismatchedFlowCollectionEnd { .. }
        | E::MisplacedFlowCollectionEnd => (Code::Syntax, "括号不成对，或少了逗号", CLOSE),
        E::DirectiveDisallowed => (Code::Syntax, "文字不能以“%”开头", QUOTE),
        E::CommentNotSeparated | E::CommentInterceptedScalar => {
            (Code::Syntax, "“#”之后会被当成注释", QUOTE)
        }
        E::BomInsideDocument => (Code::Syntax, "文件中间有 BOM", "删掉这个看不见的字符"),
        E::UndeclaredTagHandle
        | E::InvalidTagTerminator
        | E::MissingAnchorOrAliasName
        | E::InvalidGlobalTagCharacter
        | E::ExpectedTagBang => (Code::AnchorOrTag, "以 & * ! 开头的内容不会按文字读取", QUOTE),
        other => {
            let message = format!("不能按 YAML 读下去（{other}）");
            return (Code::Syntax, message, "检查这一行和上一行的缩进、引号、括号和冒号");
        }
    };
    (code, message.to_owned(), mend)
}
