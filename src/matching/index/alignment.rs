//! Aligns an utterance with an entry as a whole: which of its words and characters the entry has
//! anywhere, in a wording or in the answer.
//!
//! The best question of an entry says what the two have in common. The alignment says what the
//! utterance asks for and the entry never speaks of: an important word without anything like it
//! in the entry is mostly about something else.

use std::{cell::RefCell, ops::Range};

use super::{
    lexicon::idf,
    lexicons::Lexicons,
    profile::{HoldOut, Occurrence, Profiles, id, is_word, of_ngram, of_word},
};
use crate::matching::{
    target::Target,
    terms::{
        embeddings::{Embeddings, GROUPS_MAX, Vector},
        extract::Terms,
    },
};
use crate::text::{char_units, key, short_term};

/// From this cosine on, two words speak of the same thing.
const ALIKE: f32 = 0.5;

/// The words and characters of every profile.
#[derive(Debug)]
pub(crate) struct Alignments {
    words: Lists,
    /// Single characters; a Latin word or a number counts as one.
    chars: Lists,
    /// By word id. [`Vector::ZERO`] for a word of more than three characters: its parts are words
    /// as well.
    vectors: Vec<Vector>,
}

/// Sorted ids, one list for each profile.
#[derive(Debug, Default)]
struct Lists {
    ids: Vec<u32>,
    /// By profile number, where its ids begin, and at the end where all end.
    starts: Vec<u32>,
}

/// The words and characters of an utterance, prepared for the comparison with profiles.
#[derive(Clone, Debug)]
pub(crate) struct AlignedQuery {
    words: Vec<AlignedWord>,
    /// The ids of its characters, sorted, each with how often it occurs.
    chars: Vec<(u32, f32)>,
    /// How many characters it has, those included that no profile has.
    length: f32,
    held_out: Option<HeldOutTerms>,
}

/// One word of an utterance.
#[derive(Clone, Debug)]
struct AlignedWord {
    /// `None` when no profile has it.
    id: Option<u32>,
    vector: Vector,
    idf: f32,
}

/// The terms that only the held-out question of a profile has.
#[derive(Clone, Debug)]
struct HeldOutTerms {
    profile: usize,
    words: Vec<u32>,
    chars: Vec<u32>,
}

/// How much of an utterance an entry has, as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Alignment {
    /// The mean, by idf, of the best cosine of each word of the utterance with any word of the
    /// entry, from 0 to 1. 1 for a word that the entry has.
    pub(crate) words: f32,
    /// The share of the characters of the utterance that the entry has nowhere.
    pub(crate) missing: f32,
}

impl Alignments {
    /// Collects the words and characters of all profiles.
    pub(crate) fn of(profiles: &Profiles, lexicons: &Lexicons, embeddings: &Embeddings) -> Self {
        let mut vectors = vec![Vector::ZERO; lexicons.words.len()];
        for (key, id) in lexicons.words.keys() {
            if let Some(word) = short_term(key) {
                vectors[id as usize] = embeddings.vector_of_word(&word);
            }
        }
        let mut is_char = vec![false; lexicons.ngrams.len()];
        for (key, id) in lexicons.ngrams.keys() {
            is_char[id as usize] = short_term(key).is_none_or(|term| is_one(&term));
        }
        Self {
            words: Lists::of(profiles, |term| is_word(term).then(|| id(term) as u32)),
            chars: Lists::of(profiles, |term| {
                let is_char = !is_word(term) && is_char.get(id(term)) == Some(&true);
                is_char.then(|| id(term) as u32)
            }),
            vectors,
        }
    }

    /// Prepares an utterance by its core and its terms, without what only a held-out question has.
    pub(crate) fn query(
        &self,
        (core, terms): (&str, &Terms<'_>),
        (profiles, lexicons, embeddings): (&Profiles, &Lexicons, &Embeddings),
        held_out: Option<(Target, HoldOut)>,
    ) -> AlignedQuery {
        let mut words: Vec<AlignedWord> = Vec::with_capacity(terms.content_words.len());
        for word in &terms.content_words {
            let id = lexicons.words.id(key(word));
            let having = id.map_or(0, |id| profiles.document_frequency[of_word(id) as usize]);
            let vector = match id {
                Some(id) => self.vectors[id as usize],
                None => embeddings.vector_of_word(word),
            };
            words.push(AlignedWord { id, vector, idf: idf(profiles.count, having) });
        }
        let (mut chars, mut length) = (Vec::with_capacity(terms.ngrams.len()), 0.0);
        for one in char_units(core) {
            // An amount or a date is no word that an entry could have.
            if one.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let weight = one.chars().count() as f32;
            length += weight;
            chars.extend(lexicons.ngrams.id(key(one)).map(|id| (id, weight)));
        }
        chars.sort_unstable_by_key(|&(id, _)| id);
        chars.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            kept.1 += if is_same { next.1 } else { 0.0 };
            is_same
        });
        let held_out = held_out.map(|(target, _)| {
            let is_lost = |occurrence: Option<Occurrence>| {
                occurrence.is_some_and(Occurrence::is_of_one_question)
            };
            let word_ids = words.iter().filter_map(|word| word.id);
            let char_ids = chars.iter().map(|&(id, _)| id);
            HeldOutTerms {
                profile: profiles.number(target),
                words: word_ids
                    .filter(|&id| is_lost(profiles.occurrence(of_word(id), target)))
                    .collect(),
                chars: char_ids
                    .filter(|&id| is_lost(profiles.occurrence(of_ngram(id), target)))
                    .collect(),
            }
        });
        AlignedQuery { words, chars, length, held_out }
    }

    /// The words of an utterance, by their places among its content words, which a profile has
    /// nowhere, nor anything with a cosine of [`ALIKE`].
    pub(crate) fn unmatched(&self, query: &AlignedQuery, profile: usize) -> Vec<usize> {
        let nearness = self.nearness(query, &[profile]);
        let is_unmatched = |word: &usize| nearness[*word] < ALIKE;
        (0..query.words.len()).filter(is_unmatched).collect()
    }

    /// Aligns an utterance with profiles, at most [`GROUPS_MAX`], in their order.
    pub(crate) fn align<'a>(
        &'a self,
        query: &'a AlignedQuery,
        profiles: &'a [usize],
    ) -> impl Iterator<Item = Alignment> + use<'a> {
        let nearness = self.nearness(query, profiles);
        let words = query.words.len();
        profiles.iter().enumerate().map(move |(place, &profile)| {
            let nearness = &nearness[place * words..][..words];
            let (mut aligned, mut all) = (0.0, 0.0);
            for (word, nearness) in query.words.iter().zip(nearness) {
                aligned += word.idf * nearness;
                all += word.idf;
            }
            let missing = self.missing(query, profile);
            Alignment {
                words: if all > 0.0 { aligned / all } else { 1.0 },
                missing: if query.length > 0.0 { missing / query.length } else { 0.0 },
            }
        })
    }

    /// How many characters of an utterance a profile does not have.
    fn missing(&self, query: &AlignedQuery, profile: usize) -> f32 {
        let chars = self.chars.get(profile);
        let lost = query.lost(profile);
        let is_lost = |id: u32| lost.is_some_and(|lost| lost.chars.contains(&id));
        let has = |id: u32| chars.binary_search(&id).is_ok() && !is_lost(id);
        let found = query.chars.iter().filter(|&&(id, _)| has(id)).map(|&(_, weight)| weight);
        query.length - found.sum::<f32>()
    }

    /// For each of these profiles, one after the other, the best cosine of each word of an utterance
    /// with any word of the profile, from 0 to 1; 1 for a word that the profile has.
    fn nearness(&self, query: &AlignedQuery, profiles: &[usize]) -> Vec<f32> {
        debug_assert!(profiles.len() <= GROUPS_MAX, "a bit for each");
        let mut nearness = vec![0.0; profiles.len() * query.words.len()];
        PROFILE_WORDS.with_borrow_mut(|known| {
            for (place, &profile) in profiles.iter().enumerate() {
                let lost = query.lost(profile);
                let is_lost = |id: u32| lost.is_some_and(|lost| lost.words.contains(&id));
                let ids = self.words.get(profile).iter().copied();
                known.add(place, ids.filter(|&id| !is_lost(id)), self.vectors.len());
            }
            for (place, word) in query.words.iter().enumerate() {
                let having = word.id.map_or(0, |id| known.profiles_with(id));
                let words = known.words.iter();
                let vectors = words.map(|word| (word.profiles, &self.vectors[word.id as usize]));
                let best = word.vector.nearest_of_groups(vectors);
                let of_word = nearness.iter_mut().skip(place).step_by(query.words.len());
                for (profile, nearness) in of_word.enumerate() {
                    *nearness = if having >> profile & 1 == 1 { 1.0 } else { best[profile] };
                }
            }
            known.clear();
        });
        nearness
    }
}

impl AlignedQuery {
    /// What a profile lacks while a question of it is held out.
    fn lost(&self, profile: usize) -> Option<&HeldOutTerms> {
        self.held_out.as_ref().filter(|lost| lost.profile == profile)
    }
}

/// The words of several profiles. The profiles share many, and each word is compared with an
/// utterance once. The memory is reused by each thread.
#[derive(Default)]
struct ProfileWords {
    words: Vec<ProfileWord>,
    /// By word id, one more than its place among `words`. Between utterances all are 0.
    places: Vec<u32>,
}

struct ProfileWord {
    id: u32,
    /// A bit for each profile that has the word.
    profiles: u32,
}

thread_local! {
    static PROFILE_WORDS: RefCell<ProfileWords> = RefCell::default();
}

impl ProfileWords {
    /// Adds the words of a profile, by their ids, which are below `ids_end`.
    fn add(&mut self, profile: usize, ids: impl Iterator<Item = u32>, ids_end: usize) {
        if self.places.len() < ids_end {
            self.places.resize(ids_end, 0);
        }
        for id in ids {
            let place = &mut self.places[id as usize];
            if *place == 0 {
                self.words.push(ProfileWord { id, profiles: 0 });
                *place = self.words.len() as u32;
            }
            self.words[*place as usize - 1].profiles |= 1 << profile;
        }
    }

    /// A bit for each profile that has a word.
    fn profiles_with(&self, id: u32) -> u32 {
        let place = self.places.get(id as usize).map_or(0, |&place| place as usize);
        place.checked_sub(1).map_or(0, |place| self.words[place].profiles)
    }

    fn clear(&mut self) {
        for word in self.words.drain(..) {
            self.places[word.id as usize] = 0;
        }
    }
}

impl Lists {
    /// The ids that `id_of` gives for the terms of each profile.
    fn of(profiles: &Profiles, id_of: impl Fn(u32) -> Option<u32>) -> Self {
        let mut starts = vec![0_u32; profiles.all.len() + 1];
        let terms = 0..profiles.document_frequency.len() as u32;
        for (term, _) in terms.clone().filter_map(|term| Some((term, id_of(term)?))) {
            for (profile, _) in profiles.of(term) {
                starts[profile as usize + 1] += 1;
            }
        }
        for profile in 0..profiles.all.len() {
            starts[profile + 1] += starts[profile];
        }
        let mut next = starts.clone();
        let mut ids = vec![0; *starts.last().unwrap_or(&0) as usize];
        // Terms come in the order of their ids, so that each list is sorted.
        for (term, id) in terms.filter_map(|term| Some((term, id_of(term)?))) {
            for (profile, _) in profiles.of(term) {
                let place = &mut next[profile as usize];
                ids[*place as usize] = id;
                *place += 1;
            }
        }
        Self { ids, starts }
    }

    fn get(&self, profile: usize) -> &[u32] {
        let range: Range<usize> = self.starts[profile] as usize..self.starts[profile + 1] as usize;
        &self.ids[range]
    }
}

/// Whether an n-gram is a single one: a character, a Latin word or a number.
fn is_one(term: &str) -> bool {
    char_units(term).count() == 1
}

#[cfg(test)]
mod tests {
    use crate::knowledge::questions_only;
    use crate::matching::Snapshot;
    use crate::matching::index::{alignment::Alignment, profile::HoldOut};
    use crate::matching::target::Target;

    const QUESTIONS: &str = r#"
{"id": "withdraw", "question": "提现多久到账", "similar": ["取出来的钱何时到银行卡"]}
{"id": "password", "question": "忘记登录密码怎么办", "similar": ["怎么重置密码"]}
"#;

    fn snapshot() -> Snapshot {
        Snapshot::build(questions_only(QUESTIONS.as_bytes()).base.unwrap()).unwrap()
    }

    /// The alignment of an utterance with the first entry.
    fn with_withdraw(utterance: &str) -> Alignment {
        snapshot().matcher.bank().alignment(utterance, Target::Entry(0), None)
    }

    #[test]
    fn words_of_several_wordings_are_all_had() {
        let aligned = with_withdraw("提现的钱到银行卡");
        assert!(aligned.words > 0.99, "{aligned:?}");
        assert!(aligned.missing < 0.01, "{aligned:?}");
    }

    #[test]
    fn a_word_that_nothing_resembles_is_missed() {
        let (own, foreign) = (with_withdraw("提现到账"), with_withdraw("paypal提现到账"));
        assert!(foreign.words < own.words - 0.1, "{own:?} {foreign:?}");
        // Six letters beside four characters.
        assert!((foreign.missing - 0.6).abs() < 0.01, "{foreign:?}");
    }

    #[test]
    fn a_word_of_like_meaning_counts_in_part() {
        let (alike, other) = (with_withdraw("提款"), with_withdraw("天气"));
        assert!(alike.words > other.words + 0.1 && alike.words < 1.0, "{alike:?} {other:?}");
    }

    #[test]
    fn an_amount_is_no_missing_word() {
        assert!(with_withdraw("提现5000到账").missing < 0.01);
    }

    #[test]
    fn a_held_out_question_lends_no_words() {
        let snapshot = snapshot();
        let aligned = |held_out| {
            let text = "取出来的钱什么时候到银行卡";
            snapshot.matcher.bank().alignment(text, Target::Entry(0), held_out)
        };
        let (with, without) = (aligned(None), aligned(Some(HoldOut::Question)));
        assert!(with.words > 0.99 && with.missing < 0.01, "{with:?}");
        assert!(without.words < 0.9 && without.missing > 0.5, "{without:?}");
    }
}
