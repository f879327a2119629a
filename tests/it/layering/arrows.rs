//! Who uses whom: arrows between files, between the parts of a folder, and circles of both.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::{Module, Modules, Target, is_face};

/// One file uses a name of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow {
    pub(super) from: String,
    pub(super) line: usize,
    pub(super) to: String,
    pub(super) name: String,
    /// The faces that led there.
    pub(super) faces: Vec<String>,
}

/// What cannot be followed stands in `wrong`.
pub(super) fn arrows(modules: &Modules, wrong: &mut Vec<String>) -> Vec<Arrow> {
    let mut arrows = BTreeSet::new();
    for (at, module) in modules.iter() {
        let here = Here { modules, at, module };
        let words = here.words();
        for one in &module.uses {
            let is_passed_on = one.is_public && one.is_outer && is_face(&module.file);
            if one.name == "*" {
                if modules.resolve(at, &one.path, true) != Target::Elsewhere {
                    wrong.push(here.say(one.line, "names what it uses, without `*`"));
                }
            } else if !is_passed_on || words.contains(one.name.as_str()) {
                here.add(&one.path, one.line, false, &mut arrows, wrong);
            }
        }
        for (path, line) in here.paths() {
            here.add(&path, line, false, &mut arrows, wrong);
        }
    }
    arrows.extend(by_method(modules));
    arrows.into_iter().collect()
}

struct Here<'a> {
    modules: &'a Modules,
    at: &'a [String],
    module: &'a Module,
}

impl Here<'_> {
    fn say(&self, line: usize, what: &str) -> String {
        format!("src/{}:{line} — {what}", self.module.file)
    }

    fn add(
        &self,
        path: &[String],
        line: usize,
        goes_on: bool,
        arrows: &mut BTreeSet<Arrow>,
        wrong: &mut Vec<String>,
    ) {
        match self.modules.resolve(self.at, path, goes_on) {
            Target::Item { file, faces } if file != self.module.file => {
                let name = path.last().cloned().unwrap_or_default();
                let from = self.module.file.clone();
                arrows.insert(Arrow { from, line, to: file, name, faces });
            }
            Target::Unknown => {
                wrong.push(self.say(line, &format!("cannot be followed: {}", path.join("::"))));
            }
            Target::Item { .. } | Target::Module(_) | Target::Elsewhere => {}
        }
    }

    /// The words outside of any `use`.
    fn words(&self) -> BTreeSet<&str> {
        let mut is_use = false;
        let mut words = BTreeSet::new();
        for token in &self.module.tokens {
            match token.text.as_str() {
                "use" => is_use = true,
                ";" => is_use = false,
                word if !is_use => _ = words.insert(word),
                _ => {}
            }
        }
        words
    }

    /// The paths outside of any `use` that lead through modules of this crate.
    fn paths(&self) -> Vec<(Vec<String>, usize)> {
        let tokens = &self.module.tokens;
        let mut paths = Vec::new();
        let mut is_use = false;
        let mut at = 0;
        while at < tokens.len() {
            let start = at;
            at += 1;
            match tokens[start].text.as_str() {
                "use" => is_use = true,
                ";" => is_use = false,
                _ => {}
            }
            let follows = start > 0 && matches!(tokens[start - 1].text.as_str(), "::" | ".");
            if is_use || follows || !tokens[start].is_word() {
                continue;
            }
            let mut path = vec![tokens[start].text.clone()];
            while at + 1 < tokens.len() && tokens[at].text == "::" && tokens[at + 1].is_word() {
                path.push(tokens[at + 1].text.clone());
                at += 2;
            }
            let begins = |word: &str| path[0] == word;
            let is_ours = begins("crate") || begins("super") || begins("self");
            if path.len() > 1 && (is_ours || self.is_module(&path[0])) {
                paths.push((path, tokens[start].line));
            }
        }
        paths
    }

    fn is_module(&self, name: &str) -> bool {
        let path = [name.to_owned()];
        matches!(self.modules.resolve(self.at, &path, true), Target::Module(_))
    }
}

/// Arrows to an `impl` that stands in another file than its type, from each file of that room that
/// calls a function of it. Only names that the crate has once are sure.
fn by_method(modules: &Modules) -> Vec<Arrow> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, module) in modules.iter() {
        for pair in module.tokens.windows(2).filter(|pair| pair[0].text == "fn") {
            *counts.entry(&pair[1].text).or_default() += 1;
        }
    }
    let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, module) in modules.iter() {
        for (path, name) in &module.methods {
            let target = modules.resolve(at, path, false);
            let is_foreign = matches!(target, Target::Item { file, .. } if file != module.file);
            if is_foreign && counts[name.as_str()] == 1 {
                homes.insert(name, &module.file);
            }
        }
    }
    let mut arrows = Vec::new();
    for (_, module) in modules.iter() {
        for pair in module.tokens.windows(3) {
            let is_call = pair[0].text == "::" || pair[0].text == "." && pair[2].text == "(";
            let room = |file: &str| file.split('/').next().map(str::to_owned);
            if let Some(home) = homes.get(pair[1].text.as_str())
                && is_call
                && **home != module.file
                && room(home) == room(&module.file)
            {
                arrows.push(Arrow {
                    from: module.file.clone(),
                    line: pair[1].line,
                    to: (*home).to_owned(),
                    name: pair[1].text.clone(),
                    faces: Vec::new(),
                });
            }
        }
    }
    arrows
}

/// One shortest circle of each knot, as the arrows along it; `node` says what an end is taken
/// for, and may leave it out.
pub(super) fn circles(arrows: &[Arrow], node: impl Fn(&str) -> Option<String>) -> Vec<Vec<Arrow>> {
    let mut graph: BTreeMap<String, BTreeMap<String, &Arrow>> = BTreeMap::new();
    for arrow in arrows {
        if let (Some(from), Some(to)) = (node(&arrow.from), node(&arrow.to))
            && from != to
        {
            graph.entry(from).or_default().entry(to).or_insert(arrow);
        }
    }
    let mut circles: Vec<Vec<Arrow>> = Vec::new();
    let mut known = BTreeSet::new();
    for start in graph.keys() {
        if known.contains(start) {
            continue;
        }
        if let Some(circle) = shortest(&graph, start) {
            known.extend(knot(&graph, start));
            circles.push(circle);
        }
    }
    circles
}

type Graph<'a> = BTreeMap<String, BTreeMap<String, &'a Arrow>>;

/// The shortest way from a node back to itself.
fn shortest(graph: &Graph<'_>, start: &String) -> Option<Vec<Arrow>> {
    let mut came: BTreeMap<&String, (&String, &Arrow)> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(node) = next.pop_front() {
        for (to, arrow) in graph.get(node).into_iter().flatten() {
            if to == start {
                let mut way = vec![(*arrow).clone()];
                let mut at = node;
                while at != start {
                    let (before, arrow) = came[at];
                    way.insert(0, arrow.clone());
                    at = before;
                }
                return Some(way);
            }
            if !came.contains_key(to) {
                came.insert(to, (node, arrow));
                next.push_back(to);
            }
        }
    }
    None
}

/// All nodes from which a node is reached, of those that are reached from it.
fn knot(graph: &Graph<'_>, start: &String) -> BTreeSet<String> {
    reached(graph, start)
        .into_iter()
        .filter(|node| node == start || reached(graph, node).contains(start))
        .collect()
}

fn reached(graph: &Graph<'_>, start: &String) -> BTreeSet<String> {
    let mut found = BTreeSet::from([start.clone()]);
    let mut next = vec![start];
    while let Some(node) = next.pop() {
        for to in graph.get(node).into_iter().flatten().map(|(to, _)| to) {
            if found.insert(to.clone()) {
                next.push(to);
            }
        }
    }
    found
}
