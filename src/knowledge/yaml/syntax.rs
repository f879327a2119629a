//! Explains errors of the YAML parser in words for people who edit the files.

use serde_yaml::granit_parser::ErrorKind;

use crate::knowledge::diagnostics::{
    codes::Code,
    report::Report,
    source::{Place, Source},
};

/// Lines before the reported line in which the cause of an error is searched.
const LINES_BACK: usize = 3;

/// Reports why a file cannot be read further.
pub(crate) fn explain(kind: &ErrorKind, at: Place, source: &Source<'_>, report: &mut Report<'_>) {
    let line = source.span(at).line;
    let first = line.saturating_sub(LINES_BACK).max(1);
    if let Some(place) = (first..=line)
        .rev()
        .find_map(|line| full_width_colon(source.line_place(at.file, line), source))
    {
        report.add(
            Code::FullWidthColon,
            place,
            "键后面是全角冒号“：”",
            "YAML 的键和值之间必须是英文冒号加一个空格；这个文件里后面的内容没有检查",
            "改成英文冒号加空格",
        );
        return;
    }
    let (code, message, mend) = explain_layout(kind).unwrap_or_else(|| explain_signs(kind));
    let place = if code == Code::Tab { tab_on(line, at, source) } else { at };
    report.add(code, place, message, "这个文件里后面的内容没有检查", mend);
}

/// The `：` after a key that begins a line, if there is one.
fn full_width_colon(line: Place, source: &Source<'_>) -> Option<Place> {
    let text = source.slice(line);
    let body = text.trim_start_matches([' ', '-', '\t']);
    let after_key = body.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let is_key = after_key.len() < body.len() && after_key.starts_with('：');
    let start = line.start + (text.len() - after_key.len());
    is_key.then_some(Place { start, end: start + '：'.len_utf8(), ..line })
}

/// The place of the first tab on a line.
fn tab_on(line: usize, at: Place, source: &Source<'_>) -> Place {
    let whole = source.line_place(at.file, line);
    source.slice(whole).find('\t').map_or(at, |tab| {
        let start = whole.start + tab;
        Place { start, end: start + 1, ..at }
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
