//! Refines the embeddings on a knowledge base: terms in questions of one entry move nearer to
//! one another, and away from the terms of other entries.
//!
//! The loss is multiple negatives (Henderson et al. 2017, "Efficient natural language response
//! suggestion for Smart Reply"): each of two questions of one entry must be nearer to the other
//! than to the questions of the other entries of its batch. Utterances that customers confirmed
//! count as questions of their entry. Utterances that they rejected, and `not` lines, are
//! further negatives. Each row is pulled back towards its initial value, so that training on a
//! small knowledge base does not damage the rest of the language.

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

/// How often every question is trained on.
const EPOCHS: usize = 10;

/// How many pairs of questions a batch has; each is a negative of the others.
const BATCH_SIZE: usize = 128;

/// The cosine is divided by this before the softmax, so that a difference of 0.1 is 2 log-odds.
const TEMPERATURE: f32 = 0.05;

/// The learning rate: the length of the first step of a row, whose usual length is about one.
const LEARNING_RATE: f32 = 0.03;

/// The fraction of its distance from the initial value that a row is pulled back at each step.
const PULL_BACK: f32 = 0.02;

/// Dropout: one in this many terms of a question is left out each time, so that no single term
/// comes to stand for the whole question.
const DROPOUT_ONE_IN: u64 = 5;

/// A text, as the row ids of its terms.
type RowIds = Vec<u32>;

type Numbers = [f32; DIMENSIONS];

/// The verdict of a customer or an agent on an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The text that the customer had typed.
    pub utterance: String,
    /// The id of the entry or intent that was shown for it.
    pub target: String,
    /// Whether that was right.
    pub is_right: bool,
}

/// The embeddings refined on the questions of a knowledge base and on confirmations.
///
/// A confirmation of an unknown target is ignored. `report` is called after each batch with the
/// number of batches done and the number of all. The same inputs give the same table on every
/// machine.
pub fn refine_embeddings(
    base: &KnowledgeBase,
    table: &Arc<Embeddings>,
    confirmed: &[Confirmation],
    report: impl FnMut(usize, usize),
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
    Ok(refine(table, &training_set, report))
}

/// The texts to train on: groups of one meaning, and negatives that look alike but mean something
/// else.
#[derive(Debug, Default)]
struct TrainingSet {
    targets: Vec<Target>,
    /// By target, the texts that ask for it.
    groups: Vec<Vec<RowIds>>,
    /// By target, texts that must not find it.
    negatives: Vec<Vec<RowIds>>,
}

impl TrainingSet {
    /// The questions of all entries and intents, in their order.
    fn of(bank: &QuestionBank, table: &Embeddings) -> Self {
        let mut training_set = Self::default();
        let mut ids = 0..;
        for questions in bank.questions().chunk_by(|one, next| one.target == next.target) {
            let (mut group, mut negatives) = (Vec::new(), Vec::new());
            for (question, id) in questions.iter().zip(&mut ids) {
                let text: RowIds = table.rows_of(&bank.terms(bank.core(id))).collect();
                match question.role {
                    _ if text.is_empty() => {}
                    QuestionRole::Not => negatives.push(text),
                    QuestionRole::Standard | QuestionRole::Similar => group.push(text),
                }
            }
            training_set.targets.push(questions[0].target);
            training_set.groups.push(group);
            training_set.negatives.push(negatives);
        }
        training_set
    }

    /// Adds an utterance that was confirmed, or rejected, as asking for a target.
    fn add(&mut self, target: Target, text: RowIds, is_right: bool) {
        let list = if is_right { &mut self.groups } else { &mut self.negatives };
        let group = self.targets.iter().position(|&known| known == target);
        if let Some(texts) =
            group.and_then(|group| list.get_mut(group)).filter(|_| !text.is_empty())
        {
            texts.push(text);
        }
    }

    /// How many questions have another one in their group.
    fn len(&self) -> usize {
        self.groups.iter().filter(|group| group.len() > 1).map(Vec::len).sum()
    }

    /// The pairs of one epoch: each question with another one of its group, drawn by a hash.
    fn pairs(&self, epoch: usize) -> Vec<QuestionPair> {
        let mut pairs = Vec::with_capacity(self.len());
        for (group, texts) in self.groups.iter().enumerate().filter(|(_, texts)| texts.len() > 1) {
            for one in 0..texts.len() {
                let drawn = mixed(epoch as u64, (group as u64) << 20 | one as u64);
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

/// The rows while they are trained, by `AdaGrad` with one rate for each row (Duchi et al. 2011).
struct TrainedRows {
    initial: Vec<Numbers>,
    current: Vec<Numbers>,
    /// By row, the sum of the squares of its gradients so far.
    squares: Vec<f32>,
}

/// The table after all epochs.
fn refine(
    table: &Embeddings,
    training_set: &TrainingSet,
    mut report: impl FnMut(usize, usize),
) -> Embeddings {
    let initial: Vec<Numbers> = (0..table.len()).map(|id| table.row(id)).collect();
    let mut rows =
        TrainedRows { current: initial.clone(), squares: vec![0.0; initial.len()], initial };
    let batches = training_set.len().div_ceil(BATCH_SIZE);
    for epoch in 0..EPOCHS {
        for (number, batch) in training_set.pairs(epoch).chunks(BATCH_SIZE).enumerate() {
            rows.train(training_set, batch);
            report(epoch * batches + number + 1, EPOCHS * batches);
        }
    }
    Embeddings::of_rows(table.terms().zip(rows.current))
}

impl TrainedRows {
    fn train(&mut self, training_set: &TrainingSet, batch: &[QuestionPair]) {
        let with_dropout = |text: &RowIds, drawn: u64| -> RowIds {
            let kept = |&(place, _): &(usize, &u32)| {
                !mixed(drawn, place as u64).is_multiple_of(DROPOUT_ONE_IN)
            };
            text.iter().enumerate().filter(kept).map(|(_, &row)| row).collect()
        };
        let text = |pair: &QuestionPair, place: usize| &training_set.groups[pair.group][place];
        let anchors: Vec<RowIds> =
            batch.iter().map(|pair| with_dropout(text(pair, pair.one), pair.drawn)).collect();
        let mut others: Vec<RowIds> =
            batch.iter().map(|pair| with_dropout(text(pair, pair.other), pair.drawn + 1)).collect();
        let mut groups: Vec<Option<usize>> = batch.iter().map(|pair| Some(pair.group)).collect();
        for pair in batch {
            let negatives = &training_set.negatives[pair.group];
            if let Some(text) = negatives.get(pair.drawn as usize % negatives.len().max(1)) {
                others.push(text.clone());
                groups.push(None);
            }
        }
        let anchor_sums: Vec<Sum> = anchors.iter().map(|text| self.sum(text)).collect();
        let other_sums: Vec<Sum> = others.iter().map(|text| self.sum(text)).collect();
        let mut gradients: HashMap<u32, Numbers> = HashMap::new();
        let mut other_gradients = vec![[0.0; DIMENSIONS]; others.len()];
        for (place, (sum, pair)) in anchor_sums.iter().zip(batch).enumerate() {
            let chances = softmax(sum, &other_sums, |other| {
                other == place || groups[other] != Some(pair.group)
            });
            let mut anchor_gradient = [0.0; DIMENSIONS];
            for (other, chance) in chances.into_iter().enumerate() {
                let error = (chance - f32::from(u8::from(other == place))) / TEMPERATURE;
                if error != 0.0 {
                    add(&mut anchor_gradient, &other_sums[other].direction, error);
                    add(&mut other_gradients[other], &sum.direction, error);
                }
            }
            add_to_rows(&mut gradients, &anchors[place], &sum.through(&anchor_gradient));
        }
        for (place, gradient) in other_gradients.iter().enumerate() {
            add_to_rows(&mut gradients, &others[place], &other_sums[place].through(gradient));
        }
        self.step(gradients, batch.len());
    }

    /// Moves the rows. Each depends on its own gradient alone, so their order does not matter.
    fn step(&mut self, gradients: HashMap<u32, Numbers>, batch: usize) {
        for (row, gradient) in gradients {
            let row = row as usize;
            let gradient = gradient.map(|number| number / batch as f32);
            self.squares[row] += gradient.iter().map(|number| number * number).sum::<f32>();
            let rate = LEARNING_RATE / (self.squares[row] / DIMENSIONS as f32).sqrt().max(1e-6);
            let initial = &self.initial[row];
            for ((number, slope), initial) in
                self.current[row].iter_mut().zip(gradient).zip(initial)
            {
                *number += PULL_BACK * (initial - *number) - rate * slope;
            }
        }
    }

    fn sum(&self, text: &RowIds) -> Sum {
        let mut sum = [0.0; DIMENSIONS];
        for &row in text {
            add(&mut sum, &self.current[row as usize], 1.0);
        }
        let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt().max(1e-6);
        Sum { direction: sum.map(|number| number / length), length }
    }
}

/// The sum of a text's rows: its direction, which is the text's vector, and its length.
struct Sum {
    direction: Numbers,
    length: f32,
}

impl Sum {
    /// The gradient for the sum, from the gradient for the direction.
    fn through(&self, gradient: &Numbers) -> Numbers {
        let along = dot(gradient, &self.direction);
        std::array::from_fn(|place| (gradient[place] - along * self.direction[place]) / self.length)
    }
}

/// The softmax over the others for which `is_compared` holds, by their cosine to `sum`.
fn softmax(sum: &Sum, others: &[Sum], is_compared: impl Fn(usize) -> bool) -> Vec<f32> {
    let cosine = |(place, other): (usize, &Sum)| {
        if is_compared(place) { dot(&sum.direction, &other.direction) } else { f32::MIN }
    };
    let cosines: Vec<f32> = others.iter().enumerate().map(cosine).collect();
    let most = cosines.iter().copied().fold(f32::MIN, f32::max);
    let likelihoods: Vec<f32> =
        cosines.into_iter().map(|cosine| libm::expf((cosine - most) / TEMPERATURE)).collect();
    let total: f32 = likelihoods.iter().sum();
    likelihoods.into_iter().map(|likelihood| likelihood / total).collect()
}

/// Adds the gradient of a text to each of its rows.
fn add_to_rows(gradients: &mut HashMap<u32, Numbers>, text: &RowIds, gradient: &Numbers) {
    for &row in text {
        add(gradients.entry(row).or_insert([0.0; DIMENSIONS]), gradient, 1.0);
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

/// A hash of two numbers, the same on every machine.
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

    /// How much nearer questions of one group are to each other than to those of other groups.
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
        let mut reported = (0, 0);
        let refined = refine(&table, &training_set, |done, all| reported = (done, all));
        assert_eq!(reported.0, reported.1, "the end is reported");
        assert!(lead(&refined, &training_set) > lead(&table, &training_set) + 0.1);
        assert_eq!(refine(&table, &training_set, |_, _| {}), refined, "the same again");
    }

    #[test]
    fn rejected_utterances_move_away() {
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
