//! Characters that are not those that were typed, and characters that nobody sees.

use std::{collections::BTreeSet, sync::LazyLock};

use encoding_rs::GBK;
use regex::Regex;

use super::text::YamlText;
use crate::knowledge::{
    diagnostics::{codes::Code, diagnostic::first_hidden, report::Report, source::Place},
    yaml::tree::Notation,
};

/// Reports what remains of characters that were lost when a file was converted.
pub(super) fn are_garbled(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    let text = &typed.scalar.text;
    let found = if text.is_ascii() { None } else { remains(text) };
    found.is_some_and(|found| report_garbled(typed, found, report)) || are_misread(typed, report)
}

/// Reports words that were read in a wrong encoding and look like common words.
pub(super) fn are_misread(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    let text = &typed.scalar.text;
    let found = only_question_marks(text).or_else(|| utf8_as_gbk(text));
    found.is_some_and(|found| report_garbled(typed, found, report))
}

fn report_garbled(typed: &YamlText<'_, '_>, found: &str, report: &mut Report<'_>) -> bool {
    report.add(
        Code::GarbledText,
        report.inside(typed.place, found, 0),
        format!("“{}”里有乱码“{found}”", typed.key),
        "文件在别处换过编码，原来的字已经丢了",
        "从原件重新复制这段文字",
    );
    true
}

/// Question marks in place of all words.
fn only_question_marks(text: &str) -> Option<&str> {
    const LOST: &str = "????";
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    (text.contains(LOST) && !text.contains(is_han)).then_some(LOST)
}

/// Chinese in UTF-8 that was read as GBK. A last character may have lost a byte.
fn utf8_as_gbk(text: &str) -> Option<&str> {
    let first = text.chars().find(|c| !c.is_ascii())?;
    // The bytes with which Chinese begins in UTF-8 are those of rare characters in GBK.
    let mut buffer = [0; 4];
    if !matches!(*GBK.encode(first.encode_utf8(&mut buffer)).0, [0xe3..=0xe9 | 0xef, ..]) {
        return None;
    }
    text.split(|c: char| c.is_ascii()).find(|run| {
        let (bytes, _, is_lossy) = GBK.encode(run);
        let end = str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        let read = bytes.get(..end).and_then(|bytes| str::from_utf8(bytes).ok());
        let is_chinese = |read: &str| read.chars().nth(1).is_some() && read.chars().all(is_chinese);
        !is_lossy && end + 2 >= bytes.len() && read.is_some_and(is_chinese)
    })
}

/// Chinese in GBK that was read as Latin letters.
fn gbk_as_latin(text: &str) -> Option<&str> {
    let is_latin = |c: char| ('\u{a1}'..='\u{ff}').contains(&c);
    text.split(|c: char| !is_latin(c)).find(|run| {
        let bytes: Vec<u8> = run.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let distinct: BTreeSet<u8> = bytes.iter().copied().collect();
        // The common characters, and signs.
        let is_common = bytes.chunks(2).all(|pair| matches!(pair, [0xa1..=0xa3 | 0xb0..=0xd7, _]));
        let read = GBK.decode_without_bom_handling_and_without_replacement(&bytes);
        distinct.len() >= 4 && is_common && read.is_some_and(|read| read.chars().all(is_chinese))
    })
}

/// Whether a character is Chinese, or a sign that stands between Chinese.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ff01}'..='\u{ff5e}')
}

/// Characters that stand for lost ones, and Chinese that was read as Latin letters.
fn remains(text: &str) -> Option<&str> {
    // UTF-8 that was read as Latin letters: several groups of three in a row.
    static LATIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("(?:[ä-é][^\\x00-\\x7f\u{2e80}-\u{ffef}]{2}){2}").expect("a valid pattern")
    });
    // Where a picture stood, an object is left; uninitialised memory reads as 烫 or 屯.
    let known = ["\u{fffd}", "\u{fffc}", "锟斤拷", "烫烫烫烫", "屯屯屯屯"];
    let found = known.into_iter().find(|known| text.contains(known));
    let has_latin = || text.contains(|c| ('ä'..='é').contains(&c));
    let latin = || has_latin().then(|| LATIN.find(text)).flatten().map(|found| found.as_str());
    found.or_else(latin).or_else(|| gbk_as_latin(text))
}

/// Reports a letter after a backslash in double quotes that YAML reads as something else: a space
/// for `\_`, a bell for `\a`.
pub(super) fn are_changed_by_escapes(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    if typed.scalar.notation != Notation::DoubleQuoted || !typed.raw.contains('\\') {
        return false;
    }
    let mut chars = typed.raw.char_indices().peekable();
    let mut drive = None;
    let mut before = None;
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            before = Some((before.map_or(' ', |(_, last)| last), c));
            continue;
        }
        let Some((_, escaped)) = chars.next() else { break };
        let is_drive = before
            .is_some_and(|(letter, colon)| colon == ':' && char::is_ascii_alphabetic(&letter));
        drive = drive.or(is_drive.then_some(at));
        let read = match escaped {
            '_' => "不换行空格",
            't' => "制表符",
            'N' | 'L' | 'P' | 'v' | 'f' | 'r' => "特别的换行",
            '0' | 'a' | 'b' | 'e' => "控制字符",
            'n' if drive.is_some() => "换行",
            _ => {
                before = None;
                continue;
            }
        };
        report.add(
            Code::ChangedByEscape,
            typed.part(at, 1 + escaped.len_utf8()),
            format!("“{}”里的“\\{escaped}”会读成{read}", typed.key),
            "双引号里，反斜杠和后面的字母是一个记号",
            "改用单引号，单引号里反斜杠就是它自己；不要反斜杠就删掉它",
        );
        return true;
    }
    false
}

/// Reports an invisible character.
pub(super) fn are_hidden(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    let Some((_, hidden)) = first_hidden(&typed.scalar.text) else { return false };
    let is_escaped = !typed.raw.contains(hidden);
    let (reason, mend) = if is_escaped {
        ("双引号里的反斜杠写法就是它", "删掉这个写法")
    } else {
        ("多半是粘贴带来的，会让看到的和实际的不一样", "删掉这一处重新输入")
    };
    report.add(
        Code::HiddenCharacter,
        hidden_place(typed, hidden, report),
        format!("“{}”里有看不见的字符（U+{:04X}）", typed.key, u32::from(hidden)),
        reason,
        mend,
    );
    true
}

/// The first hidden character as it is written: an allowed one of its kind may come before it.
fn hidden_place(typed: &YamlText<'_, '_>, hidden: char, report: &Report<'_>) -> Place {
    match first_hidden(typed.raw) {
        Some((at, raw)) if raw == hidden => typed.part(at, raw.len_utf8()),
        _ => report.inside(typed.place, hidden.encode_utf8(&mut [0; 4]), 0),
    }
}

/// Warns of characters that have no shape of their own, or the shape of another one.
pub(super) fn without_shape(typed: &YamlText<'_, '_>, report: &mut Report<'_>) {
    static SHAPELESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[\\p{Co}\\p{Cn}\u{2e80}-\u{2fdf}]").expect("a valid pattern"));
    let text = &typed.scalar.text;
    let is_common = |c: char| {
        matches!(c, '\0'..='\u{2ff}' | '\u{2000}'..='\u{2027}' | '\u{3000}'..='\u{30ff}'
            | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
    };
    if text.chars().all(is_common) {
        return;
    }
    let Some(found) = SHAPELESS.find(text) else { return };
    let number = found.as_str().chars().next().map_or(0, u32::from);
    let is_radical = (0x2e80..=0x2fdf).contains(&number);
    let (message, reason) = if is_radical {
        ("是部首，不是字", "看起来一样，其实是另一个字符：多半是从 PDF 复制来的")
    } else {
        ("多数手机显示不出来", "这个编码没有通用的字：多半是从自造字的系统里复制来的")
    };
    report.add(
        Code::ShapelessCharacter,
        report.inside(typed.place, found.as_str(), 0),
        format!("“{}”里的“{}”（U+{number:04X}）{message}", typed.key, found.as_str()),
        reason,
        "删掉它，用输入法重新打这个字",
    );
}

/// Warns of signs for line breaks and characters that are read as they stand.
pub(super) fn escapes_without_effect(typed: &YamlText<'_, '_>, report: &mut Report<'_>) {
    static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
        let entities = "&(?:nbsp|amp|lt|gt|quot|apos|#\\d{1,6}|#x[0-9a-fA-F]{1,6});";
        let escapes = r#"\\(?:[nrt"'\\]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})"#;
        Regex::new(&format!("{escapes}|{entities}")).expect("a valid pattern")
    });
    let text = &typed.scalar.text;
    if !text.contains(['\\', '&']) {
        return;
    }
    let Some(found) = ESCAPES.find(text) else { return };
    let is_double = typed.scalar.notation == Notation::DoubleQuoted;
    let mend = match found.as_str().as_bytes() {
        [b'&', ..] => "写成这个字符本身",
        _ if is_double => "两个反斜杠是一个反斜杠；要换行只写一个：\\n",
        [_, b'n' | b'r', ..] => "要换行：冒号后面写 |，文字从下一行写起",
        _ => "写成这个字符本身，去掉反斜杠",
    };
    report.add(
        Code::EscapeWithoutEffect,
        report.inside(typed.place, found.as_str(), 0),
        format!("“{}”里的“{}”会原样显示", typed.key, found.as_str()),
        "只有在英文双引号里，反斜杠才和后面的字一起换成别的字符；&…; 在哪里都不换",
        mend,
    );
}
