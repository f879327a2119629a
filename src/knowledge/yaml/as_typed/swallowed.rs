//! Items, keys and comments that are read as part of the text before them.

use super::{lines::folded_lines, text::YamlText};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    yaml::tree::{Node, NodeKind, Notation, Scalar},
};

/// Dashes and dots that people put before an item of a list.
const BULLETS: [char; 11] = ['－', '–', '—', '‐', '‑', '−', '•', '·', '●', '▪', '◦'];

const REASON: &str = "缩进比上一行深，或者在引号里，就是同一段文字：客户会看到它接在上一行后面";

/// Reports a line that looks like an item, a key or a comment, and is read as part of a text.
pub(super) fn lines(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    if typed.is_plain() && has_full_width_header(typed, report) {
        return true;
    }
    for line in folded_lines(typed) {
        let Some((what, mend)) = meant(line.words) else { continue };
        let message = format!("这一行的{what}并进了“{}”的文字", typed.key);
        let place = typed.part(line.at, line.words.len());
        report.add(Code::SwallowedLine, place, message, REASON, mend);
        return true;
    }
    false
}

/// A text that begins with a full-width `｜` or `＞` and goes on in the next line.
fn has_full_width_header(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    let header = typed.raw.lines().next().unwrap_or_default().trim();
    let Some(right) = [("｜", "|"), ("＞", ">")].iter().find(|(wide, _)| *wide == header) else {
        return false;
    };
    report.add(
        Code::SwallowedLine,
        typed.part(0, right.0.len()),
        format!("全角的“{}”不是“{}”", right.0, right.1),
        "下面的几行没有读成多行文字，换行都成了空格",
        format!("改成英文的 {}", right.1),
    );
    true
}

/// What a line that continues a text was probably meant to be, and how to mend it.
fn meant(line: &str) -> Option<(&'static str, &'static str)> {
    let item = "列表项";
    if let Some(rest) = line.strip_prefix('-') {
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let mend = "和其他列表项对齐，写成“- ”开头；是文字的一部分：冒号后面写 |，文字从下一行写起";
        return (!is_number).then_some((item, mend));
    }
    if let Some(rest) = line.strip_prefix(BULLETS) {
        let is_dash = line.starts_with(['—', '–', '·', '−']);
        let mend = "列表项用英文短横加一个空格开头，和其他列表项对齐";
        return (!is_dash || rest.starts_with([' ', '\u{3000}'])).then_some((item, mend));
    }
    if line.starts_with('＃') {
        return Some(("注释", "注释用英文的 # 开头，单独一行"));
    }
    let after = line.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
    let is_key = after.len() < line.len()
        && (after.starts_with('：') || (after.starts_with(':') && !after.starts_with("://")));
    is_key
        .then_some(("键", "和上面的键对齐，键后面是英文冒号加一个空格；是文字就和上一行写在一行里"))
}

/// Reports known keys on a line of a block, which are read as part of its text.
pub(in crate::knowledge::yaml) fn keys_in_blocks(
    pairs: &[(Located<String>, Node)],
    known: &[&str],
    report: &mut Report<'_>,
) {
    for (_, node) in pairs {
        match &node.kind {
            NodeKind::Scalar(scalar) => key_in_block(node, scalar, known, report),
            NodeKind::List(items) => {
                for item in items {
                    if let NodeKind::Scalar(scalar) = &item.kind {
                        key_in_block(item, scalar, known, report);
                    }
                }
            }
            NodeKind::Map(_) | NodeKind::Refused => {}
        }
    }
}

fn key_in_block(node: &Node, scalar: &Scalar, known: &[&str], report: &mut Report<'_>) {
    if scalar.notation != Notation::Literal {
        return;
    }
    let Some(source) = report.source(node.place.file) else { return };
    let mut at = node.place.start;
    for line in source.slice(node.place).split_inclusive('\n') {
        let words = line.trim_start_matches([' ', '-']).trim_end();
        let is_key = |key: &&&str| {
            words
                .strip_prefix(**key)
                .is_some_and(|rest| rest.starts_with('：') || rest == ":" || rest.starts_with(": "))
        };
        if let Some(key) = known.iter().find(is_key) {
            let start = at + (line.len() - line.trim_start_matches([' ', '-']).len());
            let place = Place { start, end: start + key.len(), ..node.place };
            let message = format!("“{key}”并进了上面的多行文字");
            let reason = "“|”后面缩进一样深的行都是文字：客户会看到它，它本来的作用没有了";
            let mend = "减少这一行的缩进，和它的键对齐";
            report.add(Code::SwallowedLine, place, message, reason, mend);
            return;
        }
        at += line.len();
    }
}
