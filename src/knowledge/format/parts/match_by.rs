//! Reads how an entry is found: `match` and `patterns`.

use std::ops::RangeInclusive;

use regex::Regex;
use serde_json::Value;

use super::{
    json_schema::{about, choice, line, list},
    pattern::{self, PATTERN_CHARS},
    question::{self, Question},
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::entry::MatchBy,
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
    },
};

/// The values of `match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Smart,
    Exact,
    Contains,
    Regex,
}

const METHODS: [(&str, Method); 4] = [
    ("smart", Method::Smart),
    ("exact", Method::Exact),
    ("contains", Method::Contains),
    ("regex", Method::Regex),
];

/// Length of a contained word in characters. One character alone would be in every other
/// utterance.
const CONTAINED_CHARS: RangeInclusive<usize> = 2..=60;

/// Most patterns of one entry.
const PATTERNS_MAX: usize = 50;

/// How an entry is found, as it is written.
#[derive(Clone, Debug)]
pub(crate) enum MatchDraft {
    Smart,
    Exact,
    Contains(Vec<Question>),
    Regex(Vec<(Located<String>, Regex)>),
}

impl MatchDraft {
    pub(crate) fn build(self) -> MatchBy {
        match self {
            Self::Smart => MatchBy::Smart,
            Self::Exact => MatchBy::Exact,
            Self::Contains(words) => {
                MatchBy::Contains(words.into_iter().map(|word| word.normalized).collect())
            }
            Self::Regex(patterns) => {
                MatchBy::Regex(patterns.into_iter().map(|(_, pattern)| pattern).collect())
            }
        }
    }
}

/// Reads `match` and `patterns` of an entry, and reports when one does not fit the other.
pub(crate) fn read(entry: &Fields<'_>, report: &mut Report<'_>) -> MatchDraft {
    let method = entry.get("match");
    let patterns = entry.get("patterns");
    let Some(word) = method else {
        if let Some(patterns) = patterns.filter(|_| !entry.is_meant("match")) {
            refuse_patterns(patterns, "smart", report);
        }
        return MatchDraft::Smart;
    };
    let Some(found) = word.choice("match", &METHODS, report) else { return MatchDraft::Smart };
    let name = METHODS.iter().find(|(_, known)| *known == found).map_or("", |(name, _)| name);
    match (found, patterns) {
        (Method::Smart | Method::Exact, given) => {
            if let Some(patterns) = given {
                refuse_patterns(patterns, name, report);
            }
            if found == Method::Smart { MatchDraft::Smart } else { MatchDraft::Exact }
        }
        (Method::Contains | Method::Regex, None) => {
            if !entry.is_meant("patterns") {
                report_none(word.place, name, report);
            }
            MatchDraft::Smart
        }
        (Method::Contains | Method::Regex, Some(patterns)) => {
            let items = patterns.list("patterns", report);
            if items.is_empty() && matches!(patterns.kind, NodeKind::List(_)) {
                report_none(patterns.place, name, report);
            }
            if let Some(extra) = items.get(PATTERNS_MAX) {
                let message = format!("patterns 最多 {PATTERNS_MAX} 个，这里有 {} 个", items.len());
                let mend = "分成两个条目，或写得更概括";
                report.add(Code::OutOfRange, extra.place, message, "", mend);
            }
            if found == Method::Contains {
                MatchDraft::Contains(read_words(items, report))
            } else {
                MatchDraft::Regex(read_regexes(items, report))
            }
        }
    }
}

fn refuse_patterns(patterns: &Node, method: &str, report: &mut Report<'_>) {
    let message = format!("match 是 {method} 时不能有 patterns");
    let reason = "只有 contains 和 regex 会用到它，写在这里不起作用";
    let mend = "写上 match: contains 或 match: regex，或删掉 patterns";
    report.add(Code::MatchPatterns, patterns.place, message, reason, mend);
}

fn report_none(place: Place, method: &str, report: &mut Report<'_>) {
    let message = format!("match 是 {method}，却没有 patterns");
    let mend = "在 patterns 里至少写一个，或删掉 match";
    report.add(Code::MatchPatterns, place, message, "没有话会找到这个条目", mend);
}

fn read_words(items: &[Node], report: &mut Report<'_>) -> Vec<Question> {
    let words = items.iter().filter_map(|item| {
        let word = question::read(item, "patterns", CONTAINED_CHARS, report)?;
        let plain = Located { value: word.normalized.clone(), place: word.place };
        plain.has_length("patterns", CONTAINED_CHARS, report).then_some(word)
    });
    let words = words.collect();
    question::without_repeats(words, report)
}

fn read_regexes(items: &[Node], report: &mut Report<'_>) -> Vec<(Located<String>, Regex)> {
    let mut patterns: Vec<(Located<String>, Regex)> = Vec::new();
    for item in items {
        let Some(text) = item.text("patterns", report) else { continue };
        let Some(pattern) = pattern::compile(&text, report) else { continue };
        if let Some((first, _)) = patterns.iter().find(|(first, _)| first.value == text.value) {
            let message = format!("“{}”在 patterns 里写了两遍", text.value);
            let reason = format!("另一处：{}", report.name(first.place));
            report.add(Code::Repeated, text.place, message, reason, "删掉其中一个");
            continue;
        }
        patterns.push((text, pattern));
    }
    patterns
}

/// The JSON Schema of `match`.
pub(crate) fn method_schema() -> Value {
    about(
        choice(&METHODS),
        "怎样找到它：smart 按相似（默认）、exact 只认相同的问法、contains 含有 patterns 里的词、\
         regex 符合 patterns 里的正则",
    )
}

/// The JSON Schema of `patterns`. Regular expressions may be longer than contained words; a
/// schema of one key allows the longer of the two.
pub(crate) fn patterns_schema() -> Value {
    let mut patterns = list(&line(PATTERN_CHARS));
    patterns["minItems"] = 1.into();
    patterns["maxItems"] = PATTERNS_MAX.into();
    about(patterns, "match 是 contains 时的词，或 regex 时的正则")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use jiff::civil::date;

    use crate::knowledge::{SourceFile, load};

    /// The codes and lines that are reported for `entries` entries of `patterns` regular
    /// expressions each.
    fn reported(entries: usize, patterns: usize) -> Vec<String> {
        let mut text = String::from("version: 1\nentries:\n");
        for entry in 0..entries {
            let patterns: Vec<String> = (0..patterns).map(|n| format!("x{entry}y{n}")).collect();
            let patterns = patterns.join(", ");
            write!(text, "  - id: a.e{entry}\n    match: regex\n    patterns: [{patterns}]\n")
                .unwrap();
        }
        let file = SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: text.into_bytes() };
        let found = load(&[file], date(2026, 11, 22)).diagnostics;
        let found = found.iter().filter(|found| ["KB003", "KB014"].contains(&&*found.code));
        found.map(|found| format!("{}:{}", found.code, found.span.line)).collect()
    }

    #[test]
    fn regular_expressions_have_their_limits() {
        assert_eq!(reported(20, 50), [""; 0]);
        assert_eq!(reported(1, 51), ["KB014:5"]);
        assert_eq!(reported(21, 48), ["KB003:65"], "of all entries together");
    }
}
