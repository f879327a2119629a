//! Which names a module has, and which file defines what a path names.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{self, Code, Token};

/// The modules of a crate by path: `[]` is the root, `["text", "grams"]` is `text::grams`.
#[derive(Debug, Default)]
pub(super) struct Modules(BTreeMap<Vec<String>, Module>);

#[derive(Debug)]
pub(super) struct Module {
    /// Such as `text/grams.rs`.
    pub(super) file: String,
    pub(super) tokens: Vec<Token>,
    /// Names that it defines, with the line.
    pub(super) items: BTreeMap<String, usize>,
    pub(super) uses: Vec<Use>,
    /// Functions in `impl`s of a type whose name is a path: the path, and the function.
    pub(super) methods: Vec<(Vec<String>, String)>,
}

/// One name that a `use` brings in.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) path: Vec<String>,
    /// `*` for every name there.
    pub(super) name: String,
    pub(super) line: usize,
    /// Whether others may take the name from here.
    pub(super) is_public: bool,
    /// Whether it stands in the module, not in a function.
    pub(super) is_outer: bool,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A name that this file defines; the faces (`mod.rs`) that a `pub use` led through.
    Item {
        file: String,
        faces: Vec<String>,
    },
    Module(Vec<String>),
    /// Of another crate.
    Elsewhere,
    /// A path into this crate that this check cannot follow.
    Unknown,
}

impl Modules {
    /// The files (path below `src/`, source), of which those for tests are left out.
    pub(super) fn new(files: &[(String, String)]) -> Self {
        let mut codes = BTreeMap::new();
        for (path, source) in files.iter().filter(|(path, _)| path != "main.rs") {
            codes.insert(module_path(path), (path.clone(), source::read(source)));
        }
        let for_tests: BTreeSet<Vec<String>> =
            codes.iter().flat_map(|(path, (_, code))| test_modules(path, code)).collect();
        codes.retain(|path, _| !(1..=path.len()).any(|end| for_tests.contains(&path[..end])));
        Self(
            codes.into_iter().map(|(path, (file, code))| (path, Module::new(file, code))).collect(),
        )
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Vec<String>, &Module)> {
        self.0.iter()
    }

    /// What `path`, written in the module `from`, leads to. A path that goes on behind a module
    /// of the same name as an item means the module.
    pub(super) fn resolve(&self, from: &[String], path: &[String], goes_on: bool) -> Target {
        self.follow(from, path, goes_on, &mut Vec::new())
    }

    fn follow(
        &self,
        from: &[String],
        path: &[String],
        goes_on: bool,
        seen: &mut Vec<(Vec<String>, String)>,
    ) -> Target {
        let mut at = from.to_vec();
        let mut faces = Vec::new();
        let mut is_inside = false;
        for (number, name) in path.iter().enumerate() {
            let is_last = number + 1 == path.len();
            match name.as_str() {
                "crate" => (at, is_inside) = (Vec::new(), true),
                "self" if number == 0 || is_last => is_inside = true,
                "super" => {
                    at.pop();
                    is_inside = true;
                }
                _ => match self.step(&at, name, is_last && !goes_on, seen) {
                    Target::Module(next) => (at, is_inside) = (next, true),
                    Target::Item { file, faces: mut more } => {
                        faces.append(&mut more);
                        return Target::Item { file, faces };
                    }
                    Target::Elsewhere if is_inside => return Target::Unknown,
                    Target::Elsewhere => return Target::Elsewhere,
                    Target::Unknown => return Target::Unknown,
                },
            }
        }
        Target::Module(at)
    }

    /// What the name means in the module at `at`.
    fn step(
        &self,
        at: &[String],
        name: &str,
        prefers_item: bool,
        seen: &mut Vec<(Vec<String>, String)>,
    ) -> Target {
        let child: Vec<String> = at.iter().cloned().chain([name.to_owned()]).collect();
        let is_module = self.0.contains_key(&child);
        if is_module && !prefers_item {
            return Target::Module(child);
        }
        let Some(module) = self.0.get(at) else { return Target::Unknown };
        if module.items.contains_key(name) {
            return Target::Item { file: module.file.clone(), faces: Vec::new() };
        }
        let key = (at.to_vec(), name.to_owned());
        if seen.contains(&key) {
            return Target::Elsewhere; // `use regex::regex` and the like
        }
        seen.push(key);
        let by_name = module.uses.iter().filter(|one| one.name == name);
        let globs = module.uses.iter().filter(|one| one.name == "*");
        let through = by_name.map(|one| (one, one.path.clone())).chain(globs.map(|one| {
            (one, one.path.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>())
        }));
        let mut found = Target::Elsewhere;
        for (one, path) in through {
            found = self.follow(at, &path, !prefers_item, seen);
            if let Target::Item { faces, .. } = &mut found
                && one.is_public
                && is_face(&module.file)
            {
                faces.push(module.file.clone());
            }
            if matches!(found, Target::Item { .. } | Target::Module(_)) {
                break;
            }
        }
        seen.pop();
        if is_module && matches!(found, Target::Elsewhere | Target::Unknown) {
            return Target::Module(child);
        }
        // What a macro makes has no item of its own in the source.
        if found == Target::Elsewhere && makes_items(module) && !is_face(&module.file) {
            return Target::Item { file: module.file.clone(), faces: Vec::new() };
        }
        found
    }
}

/// Whether a macro in the module may define names: one that stands outside of any function.
fn makes_items(module: &Module) -> bool {
    let mut rest = module.tokens.as_slice();
    while !rest.is_empty() {
        let item = &rest[source::attributes(rest)..];
        let calls = |mark: &str| {
            item.get(1).is_some_and(|token| token.text == "!")
                && item.get(2).is_some_and(|token| token.text == mark)
        };
        if calls("{") || calls("(") {
            return true;
        }
        rest = &rest[source::item(rest).max(1)..];
    }
    false
}

pub(super) fn is_face(file: &str) -> bool {
    file.ends_with("/mod.rs")
}

/// Such as `["text", "grams"]` for `text/grams.rs`.
pub(super) fn module_path(file: &str) -> Vec<String> {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

fn test_modules(path: &[String], code: &Code) -> Vec<Vec<String>> {
    let child = |name: &String| path.iter().chain([name]).cloned().collect();
    code.test_modules.iter().map(child).collect()
}

impl Module {
    fn new(file: String, code: Code) -> Self {
        let mut module = Self {
            file,
            tokens: code.tokens,
            items: BTreeMap::new(),
            uses: Vec::new(),
            methods: Vec::new(),
        };
        let tokens = std::mem::take(&mut module.tokens);
        module.read_items(&tokens);
        module.read_uses(&tokens);
        module.tokens = tokens;
        module
    }

    /// The items of the module itself, by the words before their names.
    fn read_items(&mut self, tokens: &[Token]) {
        const KINDS: [&str; 8] =
            ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];
        let mut rest = tokens;
        while !rest.is_empty() {
            let length = source::item(rest).max(1);
            let item = &rest[source::attributes(rest).min(length - 1)..length];
            let words: Vec<&str> = item.iter().map(|token| token.text.as_str()).collect();
            let start = words.iter().position(|word| {
                KINDS.contains(word) || ["impl", "use", "mod", "macro_rules"].contains(word)
            });
            match start.map(|start| &words[start..]) {
                Some(["macro_rules", _, name, ..] | ["const", "fn", name, ..]) => {
                    self.items.insert((*name).to_owned(), item[0].line);
                }
                Some(["impl", ..]) => self.read_impl(item),
                Some([kind, name, ..]) if KINDS.contains(kind) => {
                    self.items.insert((*name).to_owned(), item[0].line);
                }
                _ => {}
            }
            rest = &rest[length..];
        }
    }

    /// The functions of an `impl` that is not of a trait.
    fn read_impl(&mut self, item: &[Token]) {
        let words: Vec<&str> = item.iter().map(|token| token.text.as_str()).collect();
        let Some(body) = words.iter().position(|word| *word == "{") else { return };
        if words[..body].contains(&"for") {
            return;
        }
        let start = words.iter().position(|word| *word == "impl").unwrap() + 1;
        let start = start + generics(&words[start..]);
        let path = &item[start..body];
        let path = path.iter().take_while(|token| token.is_word() || token.text == "::");
        let path: Vec<String> =
            path.filter(|token| token.is_word()).map(|token| token.text.clone()).collect();
        for pair in words[body..].windows(2).filter(|pair| pair[0] == "fn") {
            self.methods.push((path.clone(), pair[1].to_owned()));
        }
    }

    fn read_uses(&mut self, tokens: &[Token]) {
        let mut depth = 0_usize;
        let mut start = 0;
        for (at, token) in tokens.iter().enumerate() {
            match token.text.as_str() {
                "{" => (depth, start) = (depth + 1, at + 1),
                "}" => (depth, start) = (depth.saturating_sub(1), at + 1),
                ";" => start = at + 1,
                "use" => {
                    let is_public = tokens[start..at].iter().any(|token| token.text == "pub");
                    let mut tree = Tree { uses: &mut self.uses, is_public, is_outer: depth == 0 };
                    tree.read(&tokens[at + 1..], &[]);
                }
                _ => {}
            }
        }
    }
}

/// How many words the generics take that begin here, if they do.
fn generics(words: &[&str]) -> usize {
    let mut depth = 0_usize;
    for (word, number) in words.iter().zip(1..) {
        match *word {
            "<" => depth += 1,
            ">" if words[number.max(2) - 2] != "-" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return if number == 1 { 0 } else { number };
        }
    }
    0
}

struct Tree<'a> {
    uses: &'a mut Vec<Use>,
    is_public: bool,
    is_outer: bool,
}

impl Tree<'_> {
    /// Reads one branch, and gives how many tokens it takes.
    fn read(&mut self, tokens: &[Token], above: &[String]) -> usize {
        let mut path = above.to_vec();
        let mut name = None;
        let mut at = 0;
        let line = tokens.first().map_or(0, |token| token.line);
        while let Some(token) = tokens.get(at) {
            match token.text.as_str() {
                "{" => {
                    let end = at + source::group(&tokens[at..]);
                    at += 1;
                    while at + 1 < end {
                        at += self.read(&tokens[at..end - 1], &path).max(1);
                        at += usize::from(tokens[at].text == ",");
                    }
                    return end;
                }
                "as" => {
                    name = tokens.get(at + 1).map(|token| token.text.clone());
                    at += 1;
                }
                "," | ";" | "}" => break,
                "::" => {}
                other => path.push(other.to_owned()),
            }
            at += 1;
        }
        let last = path.last().cloned().unwrap_or_default();
        let is_self = last == "self" && path.len() > 1;
        if is_self || last == "*" {
            path.pop();
        }
        let own = if is_self { path.last().cloned().unwrap_or_default() } else { last };
        let (is_public, is_outer) = (self.is_public, self.is_outer);
        let name = name.unwrap_or(own);
        self.uses.push(Use { path, name, line, is_public, is_outer });
        at
    }
}
