//! Collects what is wrong while the files are read.

use super::{
    Code, Diagnostic, Severity, Span,
    source::{Place, Source},
};

/// Most diagnostics of one run; a file that is wrong from end to end should not fill a disk.
const DIAGNOSTICS_MAX: usize = 2_000;

/// Everything found so far, with the texts that the places point into.
#[derive(Debug)]
pub(crate) struct Report<'s> {
    sources: &'s [Source<'s>],
    diagnostics: Vec<Diagnostic>,
    /// How many were left out, and how many of those were errors.
    left_out: usize,
    has_errors: bool,
}

impl<'s> Report<'s> {
    pub(crate) fn new(sources: &'s [Source<'s>]) -> Self {
        Self { sources, diagnostics: Vec::new(), left_out: 0, has_errors: false }
    }

    /// Notes a mistake at a place.
    pub(crate) fn add(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        reason: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let Some(source) = self.sources.get(place.file) else { return };
        self.has_errors |= code.severity() == Severity::Error;
        if self.diagnostics.len() >= DIAGNOSTICS_MAX {
            self.left_out += 1;
            return;
        }
        let span = source.span(place);
        self.diagnostics.push(Diagnostic {
            source_line: source.line(span.line).to_owned(),
            reason: reason.into(),
            ..diagnostic(code, source.path, span, message.into(), mend.into())
        });
    }

    /// Notes a mistake about a whole file, which need not exist.
    pub(crate) fn add_file(&mut self, code: Code, file: &str, message: String, mend: String) {
        self.has_errors |= code.severity() == Severity::Error;
        let start = Span { line: 1, column: 1, end_column: 2 };
        self.diagnostics.push(diagnostic(code, file, start, message, mend));
    }

    /// Whether anything so far keeps the knowledge base from being served.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// A place in words: `knowledge/fee.yaml:12:9`.
    pub(crate) fn name(&self, place: Place) -> String {
        self.sources.get(place.file).map_or_else(String::new, |source| {
            let span = source.span(place);
            format!("{}:{}:{}", source.path, span.line, span.column)
        })
    }

    /// The n-th occurrence, from 0, of a string inside a place, as the file has it; the
    /// whole place when it is not found there word for word.
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

    /// All that was found, by file, line and column.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("错误太多，还有 {} 条没有列出", self.left_out);
            let file = self.diagnostics.last().map_or_else(String::new, |last| last.file.clone());
            self.add_file(Code::TooLarge, &file, message, "先改好列出的，再检查一次".to_owned());
        }
        sort(&mut self.diagnostics);
        self.diagnostics
    }
}

/// By file, line and column.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.file, a.span, a.code, &a.message).cmp(&(&b.file, b.span, b.code, &b.message))
    });
}

fn diagnostic(code: Code, file: &str, span: Span, message: String, mend: String) -> Diagnostic {
    let (reason_en, mend_en) = code.english();
    Diagnostic {
        code: code.as_str(),
        severity: code.severity(),
        file: file.to_owned(),
        span,
        source_line: String::new(),
        message,
        reason: String::new(),
        mend,
        title_en: code.english_title(),
        reason_en,
        mend_en,
    }
}
