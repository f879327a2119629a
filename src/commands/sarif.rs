//! Diagnostics as SARIF 2.1.0 (OASIS), which code-review tools read.

use std::{fmt::Write as _, io, path::Path};

use serde_json::{Value, json};

use crate::knowledge::{Code, Diagnostic, Language, Severity};

/// The log's name for the root folder.
const BASE: &str = "ROOT";

/// A log of one run, with a rule for each code that occurs. `root` is the folder that was
/// checked; places are relative to it.
pub(super) fn sarif(
    diagnostics: &[Diagnostic],
    language: Language,
    root: Option<&Path>,
) -> io::Result<Value> {
    let mut rules: Vec<&Diagnostic> = Vec::new();
    let mut results = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let index = rules.iter().position(|rule| rule.code == diagnostic.code);
        let index = index.unwrap_or_else(|| {
            rules.push(diagnostic);
            rules.len() - 1
        });
        results.push(result(diagnostic, index, language, root.is_some()));
    }
    let mut run = json!({
        "tool": {"driver": {
            "name": "kefu",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.into_iter().map(|one| rule(one, language)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    if let Some(root) = root {
        let root = std::path::absolute(root)?;
        let uri = format!("file://{}/", uri(&root.to_string_lossy()));
        run["originalUriBaseIds"] = json!({BASE: {"uri": uri}});
    }
    Ok(json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }))
}

/// The rule that all findings of a code share.
fn rule(one: &Diagnostic, language: Language) -> Value {
    let code = Code::parse(&one.code);
    let title = match (language, code) {
        (Language::Chinese, Some(code)) => code.title(),
        (Language::Chinese, None) | (Language::English, _) => &one.title_en,
    };
    let mut rule = json!({
        "id": one.code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": one.reason_en},
        "help": {"text": one.mend_en},
        "defaultConfiguration": {"level": level(one.severity)},
    });
    if let Some(code) = code {
        rule["help"]["markdown"] = code.page().into();
    }
    rule
}

fn result(found: &Diagnostic, rule: usize, language: Language, has_root: bool) -> Value {
    let text = match language {
        Language::Chinese => {
            let parts = [found.message.as_str(), &found.reason, &found.mend];
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            said.join("。") + "。"
        }
        Language::English => format!("{}. {} {}", found.title_en, found.reason_en, found.mend_en),
    };
    let mut artifact = json!({"uri": uri(&found.file)});
    if has_root {
        artifact["uriBaseId"] = BASE.into();
    }
    let mut place = json!({"artifactLocation": artifact});
    // A finding about a whole file has no line.
    if !found.source_line.is_empty() {
        place["region"] = json!({
            "startLine": found.span.line,
            "startColumn": found.span.column,
            "endColumn": found.span.end_column,
        });
    }
    json!({
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": level(found.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as part of a URI, with non-ASCII characters percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' => {
                uri.push(char::from(byte));
            }
            // Writing into a String cannot fail.
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}
