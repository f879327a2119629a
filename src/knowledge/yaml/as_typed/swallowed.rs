//! Items, keys and comments that are read as part of the text before them.

use super::{
    lines::{folded_lines, indent_at},
    text::YamlText,
};
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
        let is_block = typed.scalar.notation == Notation::Folded;
        let Some((what, mend)) = meant(line.words, is_block) else { continue };
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

/// What a line that continues a text was probably meant to be, and how to mend it. In a block, lines
/// are meant to continue it: a dash may name where it is from, and of keys more must be known.
fn meant(line: &str, is_block: bool) -> Option<(&'static str, &'static str)> {
    let item = "列表项";
    if let Some(rest) = line.strip_prefix('-') {
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let mend = "和其他列表项对齐，写成“- ”开头；是文字的一部分：冒号后面写 |，文字从下一行写起";
        return (!is_number).then_some((item, mend));
    }
    if is_block && line.starts_with(['—', '–']) {
        return None;
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
    let is_key = !is_block
        && after.len() < line.len()
        && (after.starts_with('：') || (after.starts_with(':') && !after.starts_with("://")));
    is_key
        .then_some(("键", "和上面的键对齐，键后面是英文冒号加一个空格；是文字就和上一行写在一行里"))
}

/// Reports a line of a block that is read as part of its text and is probably a known key of the map
/// around it.
pub(in crate::knowledge::yaml) fn keys_in_blocks(
    pairs: &[(Located<String>, Node)],
    known: &[&str],
    report: &mut Report<'_>,
) {
    let keys = BlockKeys { pairs, known };
    for (_, node) in pairs {
        match &node.kind {
            NodeKind::Scalar(scalar) => keys.check(node, scalar, report),
            NodeKind::List(items) => {
                for item in items {
                    if let NodeKind::Scalar(scalar) = &item.kind {
                        keys.check(item, scalar, report);
                    }
                }
            }
            NodeKind::Map(_) | NodeKind::Refused => {}
        }
    }
}

/// The keys that a block may have taken in.
struct BlockKeys<'a> {
    /// The map in which the block stands.
    pairs: &'a [(Located<String>, Node)],
    /// The keys that the map may have.
    known: &'a [&'a str],
}

impl<'a> BlockKeys<'a> {
    fn check(&self, node: &Node, scalar: &Scalar, report: &mut Report<'_>) {
        if !matches!(scalar.notation, Notation::Literal | Notation::Folded) {
            return;
        }
        let Some(source) = report.source(node.place.file) else { return };
        let indent = indent_at(source, node.place);
        let raw = source.slice(node.place);
        let mut at = 0;
        let mut lines = raw.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let words = line.trim_start_matches(' ');
            let depth = line.len() - words.len();
            // The first line begins at the indentation of the block.
            let is_aligned = depth == if at == 0 { 0 } else { indent };
            let found = self.swallowed(words.trim_end(), lines.peek()).filter(|_| is_aligned);
            if let Some((dash, key)) = found {
                let start = node.place.start + at + depth + dash;
                let place = Place { start, end: start + key.len(), ..node.place };
                let message = format!("“{key}”并进了上面的多行文字");
                let reason = "“|”“>”后面缩进一样深的行都是文字：客户会看到它，它本来的作用没有了";
                let mend = "减少这一行的缩进，和它的键对齐；是文字：给这个词加上中文引号";
                report.add(Code::SwallowedLine, place, message, reason, mend);
                return;
            }
            at += line.len();
        }
    }

    /// The key with which a line begins, if it is certainly not prose, and the length of the dash
    /// before it. Prose explains words such as `id` and `not`, too.
    fn swallowed(&self, words: &str, next: Option<&&str>) -> Option<(usize, &'a str)> {
        let is_name = |value: &str| {
            !value.is_empty()
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if let Some(inner) = words.strip_prefix("- ") {
            // Another item of the list around the map, which has keys of its own.
            let (key, colon, value) = self.key_of(inner)?;
            let goes_on = || next.is_some_and(|next| self.key_of(next.trim()).is_some());
            return (colon == ':' && (is_name(value) || goes_on())).then_some((2, key));
        }
        let (key, colon, value) = self.key_of(words)?;
        let is_missing = !self.pairs.iter().any(|(written, _)| written.value == key);
        let is_prose = colon == '：' && !value.is_empty() && !is_name(value);
        (is_missing && !is_prose).then_some((0, key))
    }

    /// The known key with which words begin, its colon, and what follows.
    fn key_of<'w>(&self, words: &'w str) -> Option<(&'a str, char, &'w str)> {
        self.known.iter().find_map(|key| {
            let rest = words.strip_prefix(key)?;
            let wide = rest.strip_prefix('：').map(|value| ('：', value));
            let narrow = || rest.strip_prefix(':').map(|value| (':', value));
            let (colon, value) = wide.or_else(narrow)?;
            let is_key = colon == '：' || value.is_empty() || value.starts_with(' ');
            is_key.then_some((*key, colon, value.trim()))
        })
    }
}
