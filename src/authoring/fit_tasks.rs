//! Knowledge bases of many kinds to fit the ranker on, made of the shipped knowledge and of
//! groups of sentences that mean the same.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use pinyin::ToPinyin;

use crate::knowledge::{DatedAnswer, Expected, KnowledgeBase, Split, questions_only};
use crate::matching::{Embeddings, FitTask};
use crate::text::fnv1a;

/// Sentences that mean the same; one line of `assets/static/sentences/*.txt`.
pub type SentenceGroup = Vec<String>;

/// Groups come in blocks of so many lines: of every two blocks the first teaches the static
/// table, the second the ranker, which must see the table as operators' own words will.
const BLOCK: usize = 40;

/// How many groups make one knowledge base.
const GROUPS_OF_ONE: usize = 280;

/// Of the entries of a made base, one in so many is left out, and its questions have no answer.
const LEFT_OUT: u64 = 5;

/// One utterance in so many gets a character mistyped, and one in so many loses one.
const MISTYPED: u64 = 6;
const SHORTENED: u64 = 12;

/// How much an utterance of each kind of base counts.
const WHOLE_COUNTS: f64 = 2.0;
const THINNED_COUNTS: f64 = 0.5;
const GROUPS_COUNT: f64 = 0.1;

/// The embeddings that the tasks are asked with. Neither may have been taught by what is asked
/// of it, or the ranker would learn to trust it more than it deserves.
#[derive(Clone, Debug)]
pub struct FitTables {
    /// Taught by the knowledge, and by the first blocks of the groups.
    pub own: Arc<Embeddings>,
    /// Taught by the first blocks of the groups alone: to it, the knowledge is as foreign as an
    /// operator's.
    pub foreign: Arc<Embeddings>,
}

/// Reads lines of wordings separated by ` | `.
pub fn parse_groups(text: &str) -> Vec<SentenceGroup> {
    let wordings = |line: &str| -> SentenceGroup {
        line.split(" | ").map(|wording| wording.trim().to_owned()).collect()
    };
    text.lines().map(wordings).filter(|group| group.len() > 1).collect()
}

/// The tasks: the knowledge as it is, with two smaller numbers of wordings, and the groups that
/// did not teach the embeddings as entries of one or two wordings. Utterances are those of
/// the `fit` part of the tests, and the groups' other wordings.
pub fn fit_tasks(
    base: &KnowledgeBase,
    files: &[Vec<SentenceGroup>],
    tables: &FitTables,
) -> Vec<FitTask> {
    let typing = Typing::of(files);
    let mut tasks = vec![FitTask {
        base: base.clone(),
        utterances: typing.slips(utterances(base, |_| true)),
        weight: WHOLE_COUNTS,
        table: tables.own.clone(),
        is_shipped: true,
    }];
    for (most, seed) in [(1, 1), (2, 2), (4, 3), (8, 4)] {
        tasks.push(thinned(base, most, seed, &typing, tables));
    }
    for file in files {
        let second = |block: &(usize, &[SentenceGroup])| block.0 % 2 == 1;
        let groups: Vec<&SentenceGroup> =
            file.chunks(BLOCK).enumerate().filter(second).flat_map(|(_, block)| block).collect();
        tasks.extend(groups.chunks(GROUPS_OF_ONE).map(|groups| of_groups(groups, &typing, tables)));
    }
    tasks
}

/// The `fit` utterances, with what they ask for if that is still there.
fn utterances(
    base: &KnowledgeBase,
    is_there: impl Fn(&str) -> bool,
) -> Vec<(String, Option<String>)> {
    let mut utterances = Vec::new();
    for case in base.tests.cases.iter().filter(|case| case.split == Split::Fit) {
        let wanted = match &case.expected {
            Expected::Entry(id) => Some(id.as_str()),
            Expected::Intent(id) => Some(id.as_str()),
            Expected::NoAnswer(_) => None,
            Expected::Clarify(_) | Expected::Guard(_) | Expected::Harmless(_) => continue,
        };
        let wanted = wanted.filter(|id| is_there(id)).map(str::to_owned);
        utterances.extend(case.say.iter().map(|said| (said.text.clone(), wanted.clone())));
    }
    utterances
}

/// The knowledge with at most `most` wordings an entry and without its answers, as a young
/// knowledge base looks.
fn thinned(
    base: &KnowledgeBase,
    most: usize,
    seed: u64,
    typing: &Typing,
    tables: &FitTables,
) -> FitTask {
    let table = tables.foreign.clone();
    let mut thin = base.clone();
    let is_left_out = |id: &str| hash(id, seed).is_multiple_of(LEFT_OUT);
    let mut entries = thin.entries.edit();
    entries.retain(|entry| !is_left_out(entry.id.as_str()));
    for entry in entries.iter_mut() {
        let mut wordings: Vec<String> = entry.questions().map(str::to_owned).collect();
        wordings.sort_by_key(|wording| hash(wording, seed));
        wordings.truncate(1 + (hash(entry.id.as_str(), seed + 1) as usize % most));
        entry.standard_question = wordings.remove(0);
        entry.similar_questions = wordings;
        entry.answer = DatedAnswer::fixed(entry.standard_question.clone());
    }
    drop(entries);
    for intent in thin.intents.edit().iter_mut() {
        intent.examples.sort_by_key(|wording| hash(wording, seed));
        intent.examples.truncate(most);
    }
    let utterances = utterances(base, |id| !is_left_out(id));
    let utterances = typing.slips(utterances);
    FitTask { base: thin, utterances, weight: THINNED_COUNTS, table, is_shipped: false }
}

/// Groups as entries of one wording, or two for every third; the others are asked.
fn of_groups(groups: &[&SentenceGroup], typing: &Typing, tables: &FitTables) -> FitTask {
    let table = tables.foreign.clone();
    let (mut lines, mut utterances) = (String::new(), Vec::new());
    for (number, group) in groups.iter().enumerate() {
        let id = format!("group.{number}");
        let mut wordings = (*group).clone();
        wordings.sort_by_key(|wording| hash(wording, 7));
        let kept = if number % 3 == 0 { 2 } else { 1 };
        let asked = wordings.split_off(kept);
        let is_left_out = hash(&wordings[0], 9).is_multiple_of(LEFT_OUT);
        if !is_left_out {
            let line =
                serde_json::json!({"id": id, "question": wordings[0], "similar": wordings[1..]});
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        let wanted = (!is_left_out).then_some(id);
        utterances.extend(asked.into_iter().map(|wording| (wording, wanted.clone())));
    }
    let base = questions_only(lines.as_bytes()).base.expect("the lines were just written");
    FitTask {
        base,
        utterances: typing.slips(utterances),
        weight: GROUPS_COUNT,
        table,
        is_shipped: false,
    }
}

/// Which characters are typed for one another.
struct Typing(HashMap<&'static str, Vec<char>>);

impl Typing {
    /// Of the characters of all groups.
    fn of(files: &[Vec<SentenceGroup>]) -> Self {
        let mut by_sound: BTreeMap<&'static str, Vec<char>> = BTreeMap::new();
        let mut characters: Vec<char> =
            files.iter().flatten().flatten().flat_map(|wording| wording.chars()).collect();
        characters.sort_unstable();
        characters.dedup();
        for c in characters {
            if let Some(sound) = c.to_pinyin() {
                by_sound.entry(sound.plain()).or_default().push(c);
            }
        }
        Self(by_sound.into_iter().collect())
    }

    /// The same utterances, some of them with a slip.
    fn slips(&self, utterances: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
        let slip = |(text, wanted): (String, Option<String>)| {
            let drawn = hash(&text, 11);
            let mut characters: Vec<char> = text.chars().collect();
            let place = (drawn >> 8) as usize % characters.len().max(1);
            if characters.len() > 3 && drawn.is_multiple_of(SHORTENED) {
                characters.remove(place);
            } else if drawn.is_multiple_of(MISTYPED)
                && let Some(other) = self.mistyped(characters[place], drawn >> 16)
            {
                characters[place] = other;
            }
            (characters.into_iter().collect(), wanted)
        };
        utterances.into_iter().map(slip).collect()
    }

    fn mistyped(&self, c: char, drawn: u64) -> Option<char> {
        let alike = self.0.get(c.to_pinyin()?.plain())?;
        alike.get(drawn as usize % alike.len()).copied()
    }
}

/// A number drawn from a text, the same everywhere.
fn hash(text: &str, seed: u64) -> u64 {
    let mixed = fnv1a(seed, text.bytes().map(u64::from));
    (mixed ^ mixed >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_lines_of_several_wordings() {
        let groups = parse_groups("怎么还款 | 钱咋还\n\n只有一句\n");
        assert_eq!(groups, [["怎么还款", "钱咋还"]]);
    }

    #[test]
    fn the_same_groups_make_the_same_tasks_and_only_every_second_block_is_asked() {
        let groups: Vec<SentenceGroup> =
            (0..80).map(|n| (0..4).map(|w| format!("第{n}个问题的说法{w}")).collect()).collect();
        let base = questions_only(r#"{"id":"a.b","question":"怎么还款"}"#.as_bytes()).base.unwrap();
        let shipped = Embeddings::shipped();
        let tables = FitTables { own: shipped.clone(), foreign: shipped };
        let make = || fit_tasks(&base, std::slice::from_ref(&groups), &tables);
        let (one, other) = (make(), make());
        let of_groups = one.last().unwrap();
        assert_eq!(of_groups.utterances, other.last().unwrap().utterances);
        let asked =
            |n: usize| of_groups.utterances.iter().any(|(text, _)| text.contains(&n.to_string()));
        assert!(!asked(39) && asked(79));
        let without = of_groups.utterances.iter().filter(|(_, wanted)| wanted.is_none()).count();
        assert!(without > 0 && without < of_groups.utterances.len() / 2, "{without}");
    }
}
