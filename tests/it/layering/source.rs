//! Rust source as words and marks, without what only tests see.

use std::collections::BTreeSet;

/// A word, a mark, or a literal.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// A literal stands as `"`, whatever is in it; `::` is one mark.
    pub(super) text: String,
    /// From 1.
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The code of a file apart from tests.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) tokens: Vec<Token>,
    /// Modules that are declared for tests only; their files are no part of the program.
    pub(super) test_modules: BTreeSet<String>,
}

pub(super) fn read(source: &str) -> Code {
    let all = tokens(source);
    let mut code = Code { tokens: Vec::new(), test_modules: BTreeSet::new() };
    let mut at = 0;
    while at < all.len() {
        if !is_for_tests(&all[at..]) {
            code.tokens.push(all[at].clone());
            at += 1;
            continue;
        }
        at += attributes(&all[at..]);
        let end = at + item(&all[at..]);
        if let Some(place) = all[at..end].iter().position(|token| token.text == "mod") {
            code.test_modules.insert(all[at + place + 1].text.clone());
        }
        at = end;
    }
    code
}

/// Whether `#[cfg(test)]`, alone or within `all(…)`, begins here.
fn is_for_tests(tokens: &[Token]) -> bool {
    let texts: Vec<&str> = tokens.iter().take(4).map(|token| token.text.as_str()).collect();
    if texts != ["#", "[", "cfg", "("] {
        return false;
    }
    let inside = &tokens[..=group(&tokens[1..])];
    let has = |word: &str| inside.iter().any(|token| token.text == word);
    has("test") && !has("not") && !has("any")
}

/// How many tokens the bracketed group takes that begins here.
pub(super) fn group(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (token, number) in tokens.iter().zip(1..) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return number;
        }
    }
    tokens.len()
}

/// How many tokens the attributes take that begin here.
pub(super) fn attributes(tokens: &[Token]) -> usize {
    let mut at = 0;
    while tokens.get(at).is_some_and(|token| token.text == "#") {
        at += 1 + usize::from(tokens[at + 1].text == "!");
        at += group(&tokens[at..]);
    }
    at
}

/// How many tokens the item takes that begins here: one of a module, a block or a struct.
pub(super) fn item(tokens: &[Token]) -> usize {
    const BODIES: [&str; 8] =
        ["fn", "impl", "mod", "struct", "enum", "union", "trait", "macro_rules"];
    const STATEMENTS: [&str; 5] = ["use", "let", "type", "const", "static"];
    let mut at = attributes(tokens);
    let words: Vec<&str> = tokens[at..].iter().take(9).map(|token| token.text.as_str()).collect();
    let kind = words
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .take_while(|(word, _)| !["{", "=", "!"].contains(word))
        .filter(|(word, next)| (*word, *next) != ("const", "fn"))
        .map(|(word, _)| word)
        .find(|word| BODIES.contains(word) || STATEMENTS.contains(word));
    let has_body = kind.is_some_and(|word| BODIES.contains(&word));
    let ends_with_mark = kind.is_some_and(|word| STATEMENTS.contains(&word));
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            ";" => return at + 1,
            "," if !has_body && !ends_with_mark => return at + 1,
            "}" | ")" | "]" => return at,
            "{" if !ends_with_mark => return at + group(&tokens[at..]),
            "(" | "[" | "{" => at += group(&tokens[at..]),
            _ => at += 1,
        }
    }
    at
}

/// Reads literals and comments only so far as to step over them.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let rest = &chars[at..];
        let (length, text) = next(rest);
        if let Some(text) = text {
            tokens.push(Token { text, line });
        }
        line += rest[..length].iter().filter(|c| **c == '\n').count();
        at += length;
    }
    tokens
}

/// How many characters come next as one, and what token they are if they are one.
fn next(rest: &[char]) -> (usize, Option<String>) {
    let begins = |text: &str| text.chars().zip(rest).filter(|(a, b)| a == *b).count() == text.len();
    let literal = || Some("\"".to_owned());
    if begins("//") {
        return (rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()), None);
    }
    if begins("/*") {
        return (comment(rest), None);
    }
    if let Some(length) = raw_text(rest) {
        return (length, literal());
    }
    if begins("\"") || begins("b\"") || begins("c\"") {
        return (quoted(rest, '"'), literal());
    }
    if begins("b'") {
        return (quoted(rest, '\''), literal());
    }
    if begins("'") {
        // A character has its second quote after one character or an escape; a lifetime has none.
        let is_char = rest.get(1) == Some(&'\\') || rest.get(2) == Some(&'\'');
        let name = 1 + word(&rest[1..]);
        return if is_char { (quoted(rest, '\''), literal()) } else { (name, literal()) };
    }
    if begins("r#") && word(&rest[2..]) > 0 {
        let length = 2 + word(&rest[2..]);
        return (length, Some(rest[2..length].iter().collect()));
    }
    match word(rest) {
        0 if begins("::") => (2, Some("::".to_owned())),
        0 if rest[0].is_whitespace() => (1, None),
        0 => (1, Some(rest[0].to_string())),
        length => (length, Some(rest[..length].iter().collect())),
    }
}

fn word(rest: &[char]) -> usize {
    rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count()
}

fn comment(rest: &[char]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at + 1 < rest.len() {
        match (rest[at], rest[at + 1]) {
            ('/', '*') => (at, depth) = (at + 2, depth + 1),
            ('*', '/') if depth == 1 => return at + 2,
            ('*', '/') => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = rest.iter().position(|c| *c == quote).unwrap_or(0) + 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    rest.len().min(at + 1)
}

/// A text such as `r"…"`, `r#"…"#` or `br"…"`.
fn raw_text(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take(2).take_while(|c| matches!(c, 'b' | 'c' | 'r')).count();
    if prefix == 0 || rest[prefix - 1] != 'r' {
        return None;
    }
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    let start = prefix + hashes;
    if rest.get(start) != Some(&'"') {
        return None;
    }
    let mut at = start + 1;
    while at < rest.len() {
        let closes = rest[at] == '"' && rest[at + 1..].iter().take(hashes).all(|c| *c == '#');
        at += 1;
        if closes {
            return Some(at + hashes);
        }
    }
    Some(rest.len())
}
