//! Collects mistakes while files are read and checked.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    codes::Code,
    diagnostic::{Diagnostic, Severity, Span},
    source::{Place, Source},
};
use crate::compliance::Rule;

/// Most diagnostics of one run: a file full of mistakes must not fill the log or the screen.
const DIAGNOSTICS_MAX: usize = 2_000;

/// Most characters of a line in a diagnostic: each of many mistakes in one long line has its own.
const LINE_CHARS_MAX: usize = 400;
/// Characters kept before the place when a line is cut; more than are shown.
const CHARS_BEFORE: usize = 150;

/// Title, reason and mend in English.
type English = (&'static str, &'static str, &'static str);

/// All diagnostics so far, with the files that their places point into.
#[derive(Debug)]
pub(crate) struct Report<'s> {
    sources: &'s [Source<'s>],
    diagnostics: Vec<Diagnostic>,
    /// Number of diagnostics beyond the limit.
    left_out: usize,
    has_errors: bool,
    /// The numbers of the files whose text is never shown.
    hidden: BTreeSet<usize>,
}

/// The diagnostics of one file by itself.
#[derive(Debug)]
pub(crate) struct Notes {
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
    has_errors: bool,
}

impl<'s> Report<'s> {
    pub(crate) fn new(sources: &'s [Source<'s>]) -> Self {
        Self {
            sources,
            diagnostics: Vec::new(),
            left_out: 0,
            has_errors: false,
            hidden: BTreeSet::new(),
        }
    }

    /// Hides the text of a file with sealed tests in all diagnostics before and after this call.
    /// Code and place stay.
    pub(crate) fn hide(&mut self, file: usize) {
        self.hidden.insert(file);
        let path = self.path(file);
        for found in self.diagnostics.iter_mut().filter(|found| found.file == path) {
            hide(found);
        }
    }

    /// Adds a mistake at a place. Message, reason and mend are Chinese; the reason may be empty.
    pub(crate) fn add(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        reason: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let wording = [message.into(), reason.into(), mend.into()];
        self.push(code.as_str().into(), code.severity(), place, wording, english(code));
    }

    /// Adds words that one of the operator's compliance rules found at a place.
    pub(crate) fn add_finding(&mut self, rule: &Rule, place: Place, message: String) {
        let severity = if rule.is_forbidden { Severity::Error } else { Severity::Warning };
        let reason = format!("{}；依据：{}", rule.name, rule.source);
        let wording = [message, reason, rule.mend.clone()];
        self.push(rule.code.clone().into(), severity, place, wording, RULE_BROKEN);
    }

    fn push(
        &mut self,
        code: Cow<'static, str>,
        severity: Severity,
        place: Place,
        [message, reason, mend]: [String; 3],
        english: English,
    ) {
        let Some(source) = self.sources.get(place.file) else { return };
        self.has_errors |= severity == Severity::Error;
        if self.diagnostics.len() >= DIAGNOSTICS_MAX {
            self.left_out += 1;
            return;
        }
        let span = source.span(place);
        let (source_line, source_column) = excerpt(source.line(span.line), span.column);
        let is_hidden = self.hidden.contains(&place.file);
        self.diagnostics.push(Diagnostic {
            code,
            severity,
            file: source.path.to_owned(),
            span,
            source_line,
            source_column,
            message,
            reason,
            mend,
            title_en: english.0.into(),
            reason_en: english.1.into(),
            mend_en: english.2.into(),
        });
        if let Some(last) = self.diagnostics.last_mut().filter(|_| is_hidden) {
            hide(last);
        }
    }

    /// Adds a mistake of a whole file, which need not exist.
    pub(crate) fn add_file(&mut self, code: Code, file: &str, message: String, mend: String) {
        self.has_errors |= code.severity() == Severity::Error;
        let (title_en, reason_en, mend_en) = english(code);
        self.diagnostics.push(Diagnostic {
            code: code.as_str().into(),
            severity: code.severity(),
            file: file.to_owned(),
            span: Span { line: 1, column: 1, end_column: 2 },
            source_line: String::new(),
            source_column: 1,
            message,
            reason: String::new(),
            mend,
            title_en: title_en.into(),
            reason_en: reason_en.into(),
            mend_en: mend_en.into(),
        });
    }

    /// The diagnostics, for another report of the same files.
    pub(crate) fn into_notes(self) -> Notes {
        let Self { diagnostics, left_out, has_errors, .. } = self;
        Notes { diagnostics, left_out, has_errors }
    }

    /// Adds the diagnostics of one file.
    pub(crate) fn take_in(&mut self, notes: &Notes) {
        let room = DIAGNOSTICS_MAX.saturating_sub(self.diagnostics.len());
        self.diagnostics.extend(notes.diagnostics.iter().take(room).cloned());
        self.left_out += notes.left_out + notes.diagnostics.len().saturating_sub(room);
        self.has_errors |= notes.has_errors;
    }

    /// Whether any error was found so far.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// A file as it is written.
    pub(crate) fn source(&self, file: usize) -> Option<&'s Source<'s>> {
        self.sources.get(file)
    }

    /// The path of a file.
    pub(crate) fn path(&self, file: usize) -> &'s str {
        self.sources.get(file).map_or("", |source| source.path)
    }

    /// A place in words: `knowledge/fee.yaml:12:9`.
    pub(crate) fn name(&self, place: Place) -> String {
        self.sources.get(place.file).map_or_else(String::new, |source| {
            let span = source.span(place);
            format!("{}:{}:{}", source.path, span.line, span.column)
        })
    }

    /// The place of the n-th occurrence, from 0, of a string inside a place; the whole place when the
    /// file does not hold the string word for word.
    pub(crate) fn inside(&self, place: Place, needle: &str, nth: usize) -> Place {
        let Some(source) = self.sources.get(place.file).filter(|_| !needle.is_empty()) else {
            return place;
        };
        let found = source.slice(place).match_indices(needle).nth(nth);
        found.map_or(place, |(at, found)| {
            let start = place.start + at;
            Place { start, end: start + found.len(), ..place }
        })
    }

    /// Whether a comment explains a finding: `# KB047: why it is right` at the end of its line or
    /// in the comment lines directly above. What competes is explained for the entry that it names.
    pub(crate) fn is_explained(&self, code: Code, message: &str, place: Place) -> bool {
        let Some(source) = self.sources.get(place.file) else { return false };
        let before = source.text.get(..place.start).unwrap_or_default();
        let own = source.text.get(place.start..).unwrap_or_default();
        let own = own.lines().next().unwrap_or_default();
        let above = before.lines().rev().skip(usize::from(!before.ends_with('\n')));
        let above = above.map(str::trim).take_while(|line| line.starts_with('#'));
        let at_the_end = own.split_once(" #").map(|(_, comment)| comment);
        let comments = above.map(|line| line.trim_start_matches('#')).chain(at_the_end);
        let names = |why: &str| {
            let is_id = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
            let words = why.split(|c: char| !is_id(c)).map(|word| word.trim_matches('.'));
            words.into_iter().any(|word| word.contains('.') && message.contains(word))
        };
        comments.into_iter().any(|comment| {
            let why = comment.trim_start().strip_prefix(code.as_str());
            let why = why.and_then(|rest| rest.strip_prefix([':', '：'])).map(str::trim);
            why.is_some_and(|why| !why.is_empty() && (code != Code::Competing || names(why)))
        })
    }

    /// All diagnostics, sorted by file, line and column.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("问题太多，还有 {} 条没有列出", self.left_out);
            let file = self.diagnostics.last().map_or_else(String::new, |last| last.file.clone());
            self.add_file(Code::TooLarge, &file, message, "先改好列出的，再检查一次".to_owned());
        }
        sort(&mut self.diagnostics);
        self.diagnostics
    }
}

/// The part of a line around a column, and the column at which it begins.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    if line.chars().nth(LINE_CHARS_MAX).is_none() {
        return (line.to_owned(), 1);
    }
    let skipped = column.saturating_sub(1 + CHARS_BEFORE);
    (line.chars().skip(skipped).take(LINE_CHARS_MAX).collect(), skipped + 1)
}

/// Removes everything from a diagnostic that may quote its file.
fn hide(found: &mut Diagnostic) {
    let title = Code::parse(&found.code).map_or("写法有误", Code::title);
    found.hide(title);
}

/// Sorts by file, line and column.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.file, a.span, &a.code, &a.message).cmp(&(&b.file, b.span, &b.code, &b.message))
    });
}

/// Title, reason and mend of a code in English.
pub(crate) fn english(code: Code) -> English {
    let (reason, mend) = code.english();
    (code.english_title(), reason, mend)
}

/// Title, reason and mend in English of a finding. The operator's rule itself is Chinese.
const RULE_BROKEN: English = (
    "words that a compliance rule forbids or warns of",
    "A rule of knowledge/compliance.yaml found these words; its name and its legal source are in the Chinese text.",
    "Say it as the mend of the rule tells; where the words mean something else, use `unless` or `denials`.",
);

#[cfg(test)]
mod tests {
    use super::super::{diagnostic::Language, source::SourceFile};
    use super::*;

    /// The diagnostic of a word in a file of one line.
    fn told(line: &str, word: &str) -> Diagnostic {
        let file = SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: line.into() };
        let sources = [Source::decode(&file)];
        let mut report = Report::new(&sources);
        let start = line.find(word).unwrap();
        let place = Place { file: 0, start, end: start + word.len() };
        report.add(Code::UnknownKey, place, "不认识", "", "");
        report.into_diagnostics().remove(0)
    }

    #[test]
    fn a_long_line_is_cut_around_its_mistake() {
        let cases = [
            // (what it shows, characters before, characters after, the first column kept)
            ("a line of usual length", 200, 198, 1),
            ("a mistake at the begin", 0, 10_000, 1),
            ("a mistake in the middle", 10_000, 10_000, 9_851),
            ("a mistake at the end", 10_000, 0, 9_851),
        ];
        for (shows, before, after, from) in cases {
            let line = format!("{}错字{}", "前".repeat(before), "后".repeat(after));
            let found = told(&line, "错字");
            let span = Span { line: 1, column: before + 1, end_column: before + 3 };
            assert_eq!((found.span, found.source_column), (span, from), "{shows}");
            assert!(found.source_line.chars().count() <= LINE_CHARS_MAX, "{shows}");
            let at = found.span.column - found.source_column;
            let kept: String = found.source_line.chars().skip(at).take(2).collect();
            assert_eq!(kept, "错字", "{shows}");
            // What is shown is the same as with the whole line.
            let whole = Diagnostic { source_line: line, source_column: 1, ..found.clone() };
            let shown = found.render(Language::Chinese, false);
            assert_eq!(shown, whole.render(Language::Chinese, false), "{shows}");
            assert!(shown.contains(&format!("knowledge/a.yaml:1:{}", before + 1)), "{shows}");
        }
    }
}
