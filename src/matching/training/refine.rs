//! Refining the embeddings on a knowledge base: words that stand in questions of one entry
//! move nearer to one another, and away from those of other entries.
//!
//! The loss is that of multiple negatives (Henderson et al. 2017, "Efficient natural language
//! response suggestion for Smart Reply"): of two questions of one entry each must be nearer to
//! the other than to the questions of the other entries of its batch. Utterances that customers
//! confirmed count as questions; the entry that was shown for an utterance and rejected stands
//! in its batch, as do `not` lines beside the entries that they must not find. Rows also pull
//! back to where they were, so that a small knowledge base does not forget the language.

use std::{collections::HashMap, sync::Arc};

use crate::knowledge::KnowledgeBase;
use crate::matching::{
    error::MatchingError,
    rank::bank::QuestionBank,
    target::{QuestionRole, Target},
    terms::embeddings::{DIMENSIONS, Embeddings},
};
use crate::parallel::Threads;
use crate::text::normalize;

/// How often every question is looked at.
const ROUNDS: usize = 10;

/// How many pairs are compared with one another.
const BATCH: usize = 128;

/// The cosine is divided by this before the softmax: a lead of 0.1 is worth 2 log-odds.
const TEMPERATURE: f32 = 0.05;

/// How far a row moves at its first step, beside a usual length of about one.
const RATE: f32 = 0.03;

/// Which part of its way from home a row goes back at each step.
const HOMING: f32 = 0.02;

/// Of the terms of a question one in so many is left out each time, so that none of them
/// comes to stand for the whole.
const LEFT_OUT: u64 = 5;

/// One text, by the rows of its terms.
type RowIds = Vec<u32>;

type Numbers = [f32; DIMENSIONS];

/// What a customer or an agent said of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// What the customer had typed.
    pub utterance: String,
    /// The id of the entry or intent that was shown for it.
    pub target: String,
    /// Whether it was right.
    pub is_right: bool,
}

/// The table refined on the questions of a knowledge base and on what was confirmed; what names
/// an unknown target is passed over. `tell` hears after each batch how many of how many are done.
///
/// The same table, knowledge and confirmations give the same table on every machine.
pub fn refine_embeddings(
    base: &KnowledgeBase,
    table: &Arc<Embeddings>,
    confirmed: &[Confirmation],
    tell: impl FnMut(usize, usize),
) -> Result<Embeddings, MatchingError> {
    let bank = QuestionBank::build(base, table.clone(), None, Threads::all())?;
    let mut training_set = TrainingSet::of(&bank, table);
    for Confirmation { utterance, target, is_right } in confirmed {
        let core = bank.cores().core(normalize(utterance).as_str());
        let text = table.rows_of(&bank.terms(&core)).collect();
        if let Some(target) = Target::named(base, target) {
            training_set.add(target, text, *is_right);
        }
    }
    Ok(refine(table, &training_set, tell))
}

/// What a table learns from: texts of one meaning together, and texts that are near but mean
/// something else.
#[derive(Debug, Default)]
struct TrainingSet {
    targets: Vec<Target>,
    /// By target, the texts that ask for it.
    groups: Vec<Vec<RowIds>>,
    /// By target, texts that do not.
    against: Vec<Vec<RowIds>>,
}

impl TrainingSet {
    /// Of all entries and intents, in the order of their questions.
    fn of(bank: &QuestionBank, table: &Embeddings) -> Self {
        let mut training_set = Self::default();
        let mut ids = 0..;
        for of_target in bank.questions().chunk_by(|one, next| one.target == next.target) {
            let (mut group, mut against) = (Vec::new(), Vec::new());
            for (question, id) in of_target.iter().zip(&mut ids) {
                let text: RowIds = table.rows_of(&bank.terms(bank.core(id))).collect();
                match question.role {
                    _ if text.is_empty() => {}
                    QuestionRole::Not => against.push(text),
                    QuestionRole::Standard | QuestionRole::Similar => group.push(text),
                }
            }
            training_set.targets.push(of_target[0].target);
            training_set.groups.push(group);
            training_set.against.push(against);
        }
        training_set
    }

    /// Adds an utterance that was confirmed, or rejected, as asking for a target.
    fn add(&mut self, target: Target, text: RowIds, is_right: bool) {
        let list = if is_right { &mut self.groups } else { &mut self.against };
        let group = self.targets.iter().position(|&known| known == target);
        if let Some(texts) =
            group.and_then(|group| list.get_mut(group)).filter(|_| !text.is_empty())
        {
            texts.push(text);
        }
    }

    /// How many questions there are to learn from.
    fn len(&self) -> usize {
        self.groups.iter().filter(|group| group.len() > 1).map(Vec::len).sum()
    }

    /// The questions of one round: each with another one of its group, drawn by number.
    fn pairs(&self, round: usize) -> Vec<QuestionPair> {
        let mut pairs = Vec::with_capacity(self.len());
        for (group, texts) in self.groups.iter().enumerate().filter(|(_, texts)| texts.len() > 1) {
            for one in 0..texts.len() {
                let drawn = mixed(round as u64, (group as u64) << 20 | one as u64);
                let other = (one + 1 + drawn as usize % (texts.len() - 1)) % texts.len();
                pairs.push(QuestionPair { drawn, group, one, other });
            }
        }
        pairs.sort_unstable_by_key(|pair| (pair.drawn, pair.group, pair.one));
        pairs
    }
}

/// Two questions of one group, by their places in it.
#[derive(Clone, Copy, Debug)]
struct QuestionPair {
    drawn: u64,
    group: usize,
    one: usize,
    other: usize,
}

/// The rows on their way.
struct TrainedRows {
    home: Vec<Numbers>,
    now: Vec<Numbers>,
    /// By row, the sum of the squares of its gradients so far.
    squares: Vec<f32>,
}

/// A table refined by the lessons.
fn refine(
    table: &Embeddings,
    training_set: &TrainingSet,
    mut tell: impl FnMut(usize, usize),
) -> Embeddings {
    let home: Vec<Numbers> = (0..table.len()).map(|id| table.row(id)).collect();
    let mut rows = TrainedRows { now: home.clone(), squares: vec![0.0; home.len()], home };
    let batches = training_set.len().div_ceil(BATCH);
    for round in 0..ROUNDS {
        for (number, batch) in training_set.pairs(round).chunks(BATCH).enumerate() {
            rows.learn(training_set, batch);
            tell(round * batches + number + 1, ROUNDS * batches);
        }
    }
    Embeddings::of_rows(table.terms().into_iter().zip(rows.now))
}

impl TrainedRows {
    fn learn(&mut self, training_set: &TrainingSet, batch: &[QuestionPair]) {
        let thinned = |text: &RowIds, drawn: u64| -> RowIds {
            let kept =
                |&(place, _): &(usize, &u32)| !mixed(drawn, place as u64).is_multiple_of(LEFT_OUT);
            text.iter().enumerate().filter(kept).map(|(_, &row)| row).collect()
        };
        let text = |pair: &QuestionPair, place: usize| &training_set.groups[pair.group][place];
        let asked: Vec<RowIds> =
            batch.iter().map(|pair| thinned(text(pair, pair.one), pair.drawn)).collect();
        let mut there: Vec<RowIds> =
            batch.iter().map(|pair| thinned(text(pair, pair.other), pair.drawn + 1)).collect();
        let mut groups: Vec<Option<usize>> = batch.iter().map(|pair| Some(pair.group)).collect();
        for pair in batch {
            let against = &training_set.against[pair.group];
            if let Some(text) = against.get(pair.drawn as usize % against.len().max(1)) {
                there.push(text.clone());
                groups.push(None);
            }
        }
        let of_asked: Vec<Sum> = asked.iter().map(|text| self.sum(text)).collect();
        let of_there: Vec<Sum> = there.iter().map(|text| self.sum(text)).collect();
        let mut gradients: HashMap<u32, Numbers> = HashMap::new();
        let mut to_there = vec![[0.0; DIMENSIONS]; there.len()];
        for (place, (sum, pair)) in of_asked.iter().zip(batch).enumerate() {
            let parts = softmax(sum, &of_there, |other| {
                other == place || groups[other] != Some(pair.group)
            });
            let mut to_asked = [0.0; DIMENSIONS];
            for (other, part) in parts.into_iter().enumerate() {
                let error = (part - f32::from(u8::from(other == place))) / TEMPERATURE;
                if error != 0.0 {
                    add(&mut to_asked, &of_there[other].direction, error);
                    add(&mut to_there[other], &sum.direction, error);
                }
            }
            add_to_rows(&mut gradients, &asked[place], &sum.through(&to_asked));
        }
        for (place, gradient) in to_there.iter().enumerate() {
            add_to_rows(&mut gradients, &there[place], &of_there[place].through(gradient));
        }
        self.step(gradients, batch.len());
    }

    /// Moves the rows, each on its own: the order does not matter.
    fn step(&mut self, gradients: HashMap<u32, Numbers>, batch: usize) {
        for (row, gradient) in gradients {
            let row = row as usize;
            let gradient = gradient.map(|number| number / batch as f32);
            self.squares[row] += gradient.iter().map(|number| number * number).sum::<f32>();
            let rate = RATE / (self.squares[row] / DIMENSIONS as f32).sqrt().max(1e-6);
            let home = &self.home[row];
            for ((number, slope), home) in self.now[row].iter_mut().zip(gradient).zip(home) {
                *number += HOMING * (home - *number) - rate * slope;
            }
        }
    }

    fn sum(&self, text: &RowIds) -> Sum {
        let mut sum = [0.0; DIMENSIONS];
        for &row in text {
            add(&mut sum, &self.now[row as usize], 1.0);
        }
        let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt().max(1e-6);
        Sum { direction: sum.map(|number| number / length), length }
    }
}

/// The sum of a text's rows.
struct Sum {
    direction: Numbers,
    length: f32,
}

impl Sum {
    /// The slope of something for the sum, from its slope for the direction.
    fn through(&self, slope: &Numbers) -> Numbers {
        let along = dot(slope, &self.direction);
        std::array::from_fn(|place| (slope[place] - along * self.direction[place]) / self.length)
    }
}

/// How likely each of the others is the one that belongs to `sum`, among those that count.
fn softmax(sum: &Sum, others: &[Sum], counts: impl Fn(usize) -> bool) -> Vec<f32> {
    let cosine = |(place, other): (usize, &Sum)| {
        if counts(place) { dot(&sum.direction, &other.direction) } else { f32::MIN }
    };
    let cosines: Vec<f32> = others.iter().enumerate().map(cosine).collect();
    let most = cosines.iter().copied().fold(f32::MIN, f32::max);
    let parts: Vec<f32> =
        cosines.into_iter().map(|cosine| libm::expf((cosine - most) / TEMPERATURE)).collect();
    let whole: f32 = parts.iter().sum();
    parts.into_iter().map(|part| part / whole).collect()
}

/// Gives each row of a text the text's slope.
fn add_to_rows(gradients: &mut HashMap<u32, Numbers>, text: &RowIds, slope: &Numbers) {
    for &row in text {
        add(gradients.entry(row).or_insert([0.0; DIMENSIONS]), slope, 1.0);
    }
}

fn add(sum: &mut Numbers, other: &Numbers, times: f32) {
    for (sum, other) in sum.iter_mut().zip(other) {
        *sum += times * other;
    }
}

fn dot(one: &Numbers, other: &Numbers) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// A number drawn from two, the same everywhere.
fn mixed(one: u64, other: u64) -> u64 {
    let mut drawn = (one + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ other;
    drawn = (drawn ^ drawn >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    drawn = (drawn ^ drawn >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (drawn ^ drawn >> 31) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::questions_only;
    use crate::matching::terms::embeddings::Vector;

    const QUESTIONS: &str = r#"
{"id": "a.a", "question": "提现多久到账", "similar": ["钱几天能到卡里", "取出来什么时候收到"]}
{"id": "b.b", "question": "怎么开发票", "similar": ["报销要的票在哪弄", "我想要张凭据"]}
{"id": "c.c", "question": "忘记登录密码", "similar": ["进不去了口令想不起来", "密码丢了"]}
"#;

    fn training_set(table: &Embeddings) -> TrainingSet {
        let base = questions_only(QUESTIONS.as_bytes()).base.unwrap();
        TrainingSet::of(
            &QuestionBank::build(&base, table.clone().into(), None, Threads::ONE).unwrap(),
            table,
        )
    }

    /// How much nearer the questions of one group are to each other than to those of others.
    fn lead(table: &Embeddings, training_set: &TrainingSet) -> f32 {
        let direction = |text: &RowIds| {
            let mut sum = [0.0; DIMENSIONS];
            for &row in text {
                add(&mut sum, &table.row(row), 1.0);
            }
            let length = dot(&sum, &sum).sqrt();
            sum.map(|number| number / length)
        };
        let groups: Vec<Vec<Numbers>> =
            training_set.groups.iter().map(|group| group.iter().map(direction).collect()).collect();
        let own = dot(&groups[0][0], &groups[0][1]) + dot(&groups[1][0], &groups[1][1]);
        own - dot(&groups[0][0], &groups[1][0]) - dot(&groups[1][1], &groups[2][1])
    }

    #[test]
    fn questions_of_one_entry_come_nearer() {
        let table = Embeddings::shipped();
        let training_set = training_set(&table);
        assert_eq!(training_set.len(), 9);
        let mut told = (0, 0);
        let refined = refine(&table, &training_set, |done, all| told = (done, all));
        assert_eq!(told.0, told.1, "the end is told");
        assert!(lead(&refined, &training_set) > lead(&table, &training_set) + 0.1);
        assert_eq!(refine(&table, &training_set, |_, _| {}), refined, "the same again");
    }

    #[test]
    fn what_was_rejected_moves_away() {
        let table = Embeddings::shipped();
        let utterance: RowIds =
            ["开", "票", "怎么"].iter().filter_map(|term| table.id(term)).collect();
        let cosine = |refined: &Embeddings, training_set: &TrainingSet| {
            let sum = |text: &RowIds| {
                let mut sum = [0.0; DIMENSIONS];
                for &row in text {
                    add(&mut sum, &refined.row(row), 1.0);
                }
                Vector::along(&sum)
            };
            sum(&utterance).cosine(&sum(&training_set.groups[1][0]))
        };
        let plain = training_set(&table);
        let mut rejected = training_set(&table);
        for _ in 0..5 {
            rejected.add(Target::Entry(1), utterance.clone(), false);
        }
        let without = cosine(&refine(&table, &plain, |_, _| {}), &plain);
        let with = cosine(&refine(&table, &rejected, |_, _| {}), &plain);
        assert!(with < without, "{with} {without}");
    }
}
