//! A mistake in a file: its place, the reason, and how to mend it.
//!
//! Excerpts are drawn by hand. annotate-snippets places carets under Chinese words just as well,
//! but it writes `: ` where Chinese texts have `：`, and it prints zero-width characters as they
//! are, so that nobody can see the mistake.

use std::{borrow::Cow, fmt::Write as _};

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

/// How severe a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The knowledge base is not served.
    Error,
    /// The knowledge base is served, but an editor should look at it.
    Warning,
    /// The knowledge base is served and nothing is wrong; editors may want to know.
    Note,
}

impl Severity {
    /// The word that begins a diagnostic.
    pub(crate) fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Severity::Error, Language::Chinese) => "错误",
            (Severity::Warning, Language::Chinese) => "警告",
            (Severity::Note, Language::Chinese) => "提示",
            (Severity::Error, Language::English) => "error",
            (Severity::Warning, Language::English) => "warning",
            (Severity::Note, Language::English) => "note",
        }
    }
}

/// The language of a rendered diagnostic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// For editors of the knowledge: all details of the mistake.
    #[default]
    Chinese,
    /// For developers: the meaning of the code, with the same place and excerpt.
    English,
}

/// A part of a line: line and columns from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Line.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Column after the last character on that line; always larger than `column`.
    pub end_column: usize,
}

/// One mistake in a file, in words for its editors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// A code such as `KB012` of `docs/diagnostics/`, or `CP001` of a rule in `compliance.yaml`.
    pub code: Cow<'static, str>,
    /// How severe it is. An error keeps the knowledge base from being served.
    pub severity: Severity,
    /// The path of the file, relative to the root.
    pub file: String,
    /// The place in the file; line 1, column 1 for a mistake of the whole file.
    pub span: Span,
    /// The line as it is in the file, or the part of a long line around the place; empty for a
    /// mistake of the whole file.
    pub source_line: String,
    /// The column, from 1, at which `source_line` begins.
    pub source_column: usize,
    /// The mistake, in Chinese.
    pub message: String,
    /// Why it matters, in Chinese.
    pub reason: String,
    /// How to mend it, in Chinese.
    pub mend: String,
    /// The kind of mistake, in English.
    pub title_en: Cow<'static, str>,
    /// Why this kind of mistake matters, in English.
    pub reason_en: Cow<'static, str>,
    /// How to mend this kind of mistake, in English.
    pub mend_en: Cow<'static, str>,
}

impl Diagnostic {
    /// Removes everything that may quote the file. Code and place stay. `title` replaces the
    /// message; it names the kind of mistake in Chinese.
    pub(crate) fn hide(&mut self, title: &str) {
        self.source_line.clear();
        self.message = format!("{title}（这个文件里有封存的用例，不显示内容）");
        self.reason.clear();
        self.mend =
            format!("按位置打开文件来改；这类错误的说明：kefu check --explain {}", self.code);
    }

    /// The mistake in one line.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.message,
            Language::English => &self.title_en,
        }
    }

    /// Renders the mistake as several lines for a terminal, with carets under the words concerned.
    ///
    /// The text ends with a line feed. Control characters, which could change the terminal, are
    /// replaced.
    pub fn render(&self, language: Language, color: bool) -> String {
        let paint = Paint::new(color, self.severity);
        let number = self.span.line.to_string();
        let gutter = " ".repeat(number.len());
        let mut out = String::new();
        let message = printable(self.message(language));
        let (loud, bar, plain) = (paint.loud, paint.bar, paint.plain);
        let word = self.severity.word(language);
        let (stop, notes) = match language {
            Language::Chinese => ("：", [("原因", &*self.reason), ("改法", &*self.mend)]),
            Language::English => (": ", [("why", &*self.reason_en), ("mend", &*self.mend_en)]),
        };
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{loud}{word}[{}]{plain}{stop}{message}", self.code);
        let Span { line, column, .. } = self.span;
        let file = printable(&self.file);
        let _ = writeln!(out, "{gutter}{bar}-->{plain} {file}:{line}:{column}");
        if !self.source_line.is_empty() {
            let shown = Excerpt::new(&self.source_line, self.source_column, self.span);
            let _ = writeln!(out, "{gutter} {bar}|{plain}");
            let _ = writeln!(out, "{bar}{number} |{plain} {}", shown.text);
            let (before, carets) = (" ".repeat(shown.before), "^".repeat(shown.width));
            let _ = writeln!(out, "{gutter} {bar}|{plain} {before}{loud}{carets}{plain}");
            let _ = writeln!(out, "{gutter} {bar}|{plain}");
        }
        for (word, text) in notes {
            if !text.is_empty() {
                let text = printable(text);
                let _ = writeln!(out, "{gutter} {bar}={plain} {word}{stop}{text}");
            }
        }
        out
    }
}

/// The escape sequences of one diagnostic; empty without colour.
struct Paint {
    loud: &'static str,
    bar: &'static str,
    plain: &'static str,
}

impl Paint {
    fn new(color: bool, severity: Severity) -> Self {
        match (color, severity) {
            (false, _) => Self { loud: "", bar: "", plain: "" },
            (true, Severity::Error) => {
                Self { loud: "\x1b[1;31m", bar: "\x1b[34m", plain: "\x1b[0m" }
            }
            (true, Severity::Warning) => {
                Self { loud: "\x1b[1;33m", bar: "\x1b[34m", plain: "\x1b[0m" }
            }
            (true, Severity::Note) => {
                Self { loud: "\x1b[1;36m", bar: "\x1b[34m", plain: "\x1b[0m" }
            }
        }
    }
}

/// The shown part of a source line, and the position of the carets in cells of the screen.
struct Excerpt {
    text: String,
    before: usize,
    width: usize,
}

impl Excerpt {
    /// Most cells of a source line that are shown. A longer line would wrap in a terminal and leave
    /// its carets behind.
    const CELLS_MAX: usize = 100;
    /// Cells kept before the first caret when the line is cut.
    const CELLS_BEFORE: usize = 40;

    /// The line begins at a column of the file.
    fn new(line: &str, from: usize, span: Span) -> Self {
        let (first, last) =
            (span.column.saturating_sub(from), span.end_column.saturating_sub(from));
        let mut cells_before = 0;
        for c in line.chars().take(first) {
            cells_before += cells(c);
        }
        let mut skip_cells = 0;
        let cut = from > 1 || cells_before > Self::CELLS_MAX - Self::CELLS_BEFORE;
        if cut {
            skip_cells = cells_before.saturating_sub(Self::CELLS_BEFORE);
        }
        let mut text = String::from(if cut { "…" } else { "" });
        let (mut at, mut shown) = (0, cells_of(&text));
        let (mut before, mut width) = (shown, 0);
        for (index, c) in line.chars().enumerate() {
            let c = safe(c);
            at += cells(c);
            if at <= skip_cells {
                continue;
            }
            if shown + cells(c) > Self::CELLS_MAX {
                text.push('…');
                break;
            }
            text.push(c);
            shown += cells(c);
            if index < first {
                before = shown;
            } else if index < last {
                width += cells(c);
            }
        }
        Self { text, before, width: width.max(1) }
    }
}

fn cells(c: char) -> usize {
    safe(c).width().unwrap_or(1)
}

fn cells_of(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// Replaces a character that controls the terminal or changes the direction of text.
fn safe(c: char) -> char {
    match c {
        '\t' => ' ',
        _ if is_hidden(c) => '\u{fffd}',
        _ => c,
    }
}

fn printable(text: &str) -> String {
    text.chars().map(safe).collect()
}

/// Whether a character is invisible or changes the direction of the text around it. The joiner and
/// the selector of emoji sequences are not counted.
pub(crate) fn is_hidden(c: char) -> bool {
    let hides = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    hides || (c.is_control() && c != '\n')
}

/// Emoji that Unicode counts as letters.
const LETTERS_AS_EMOJI: [char; 6] = ['ℹ', 'Ⓜ', '🅰', '🅱', '🅾', '🅿'];

/// The first hidden character of a text, and its byte. A joiner, a selector and tags are hidden
/// unless they belong to an emoji.
pub(crate) fn first_hidden(text: &str) -> Option<(usize, char)> {
    let mut before = None;
    for (at, c) in text.char_indices() {
        let follows_sign = || {
            before.is_some_and(|b: char| {
                !b.is_alphabetic() && !b.is_whitespace() && (!b.is_numeric() || b.is_ascii_digit())
            })
        };
        let follows_letter = || before.is_some_and(|b| LETTERS_AS_EMOJI.contains(&b));
        let is_tag = |c: char| ('\u{e0020}'..='\u{e007f}').contains(&c);
        let is_fine = match c {
            '\u{200d}' => follows_sign(),
            '\u{fe0e}' | '\u{fe0f}' => follows_sign() || follows_letter(),
            _ if is_tag(c) => before.is_some_and(|b| b == '\u{1f3f4}' || is_tag(b)),
            _ => !is_hidden(c),
        };
        if !is_fine {
            return Some((at, c));
        }
        before = Some(c);
    }
    None
}
