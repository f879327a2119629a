//! The compositions of all rules: concepts that meet within one sentence.
//!
//! `text::ConceptsSeen` answers whether a composition is in a text. Here every place of it counts,
//! because one may be denied and the next not: 验证码别给他，验证码给我.

use std::{cell::OnceCell, ops::Range};

use super::{
    letters::Letters,
    rule::Rule,
    words::{RuleMatch, has_bearable_gaps},
};
use crate::text::{Composition, Concept, ConceptFinder, ConceptsSeen};

/// The longest gap between two parts that follow each other, in letters. It is wider than the
/// guard's, because agents put reasons and politeness between what they ask for and the asking.
const GAP_MAX: usize = 16;

/// The longest stretch of letters that a composition may cover.
const SPAN_MAX: usize = 40;

/// How far from a composition an excluded concept still counts, in letters.
const WITHOUT_REACH: usize = 12;

/// The longest word of a concept, in letters.
const CONCEPT_MAX: usize = 60;

/// The places of one group of parts that are tried for each place of the groups before.
const TRIED_MAX: usize = 4;

/// The compositions of all rules, and the concepts that they name.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleCompositions {
    concepts: ConceptFinder,
    all: Vec<RuleComposition>,
}

#[derive(Clone, Debug)]
struct RuleComposition {
    rule: usize,
    composition: Composition,
    /// The concepts that follow each other, group by group.
    groups: Vec<Vec<usize>>,
}

/// A find: the rule, and the ranges of letters of its parts, in order.
#[derive(Clone, Debug)]
pub(super) struct ComposedMatch {
    pub(super) rule: usize,
    pub(super) parts: Vec<Range<usize>>,
}

impl ComposedMatch {
    /// From the first part to the last.
    pub(super) fn span(&self) -> RuleMatch {
        let Range { start: from, end: to } = span(&self.parts);
        RuleMatch { rule: self.rule, from, to }
    }
}

impl RuleCompositions {
    pub(super) fn new(rules: &[Rule], concepts: &[Concept]) -> Self {
        let compositions = rules.iter().enumerate().flat_map(|(rule, one)| {
            one.compositions.iter().map(move |composition| RuleComposition {
                rule,
                composition: composition.clone(),
                groups: groups(composition),
            })
        });
        let all: Vec<RuleComposition> = compositions.collect();
        let concepts = if all.is_empty() { &[] } else { concepts };
        Self { concepts: ConceptFinder::new(concepts, &[]), all }
    }

    /// The finds of the rules that apply to the text: for each place of a composition's first
    /// concepts, the nearest of the others with which it `stands`, neither denied nor harmless.
    /// The time is linear in the length of the text.
    pub(super) fn find(
        &self,
        letters: &Letters,
        judges: impl Fn(usize) -> bool,
        stands: impl Fn(&ComposedMatch) -> bool,
    ) -> Vec<RuleMatch> {
        let mut found = Vec::new();
        if self.all.is_empty() {
            return found;
        }
        let mut from = 0;
        for sentence in letters.text.split('\n') {
            let seen = self.concepts.see(sentence);
            let hits = vec![OnceCell::new(); self.concepts.count()];
            let sentence = SentenceConcepts { letters, from, seen, hits };
            for RuleComposition { rule, composition, groups } in &self.all {
                if judges(*rule) && sentence.seen.has_all(composition) {
                    let with_rule = |parts| ComposedMatch { rule: *rule, parts };
                    let nearest = |ways: Vec<Vec<Range<usize>>>| {
                        ways.into_iter().map(with_rule).find(|one| stands(one))
                    };
                    let places = sentence.places(composition, groups).into_iter();
                    found.extend(places.filter_map(nearest).map(|one| one.span()));
                }
            }
            from += sentence.seen.text().len() + 1;
        }
        found
    }
}

/// The concepts of one sentence.
struct SentenceConcepts<'l> {
    letters: &'l Letters,
    /// The byte of the letters' text at which the sentence starts.
    from: usize,
    seen: ConceptsSeen<'l>,
    /// By concept: its places, when they were asked for.
    hits: Vec<OnceCell<Vec<Range<usize>>>>,
}

impl SentenceConcepts<'_> {
    /// The places of a concept, in letters, in order.
    ///
    /// A word over a comma is none: 如实填，否则 does not mean 填否. Nor is the end of a longer word of
    /// the same concept, which may hold a denial: 没有啥 and not 有啥.
    fn hits(&self, concept: usize) -> &[Range<usize>] {
        self.hits.get(concept).map_or(&[], |hits| hits.get_or_init(|| self.find_hits(concept)))
    }

    fn find_hits(&self, concept: usize) -> Vec<Range<usize>> {
        let hit = |bytes: &Range<usize>| {
            self.letters.of_bytes(self.from + bytes.start..self.from + bytes.end)
        };
        let is_whole = |hit: &Range<usize>| has_bearable_gaps(self.letters, hit.start, hit.end);
        let hits = self.seen.ranges(concept).iter().map(hit).filter(is_whole);
        let mut hits: Vec<Range<usize>> = hits.collect();
        hits.sort_unstable_by_key(|hit| (hit.end, hit.start));
        hits.dedup_by_key(|hit| hit.end);
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end));
        hits
    }

    /// For each place of the first group, the ways to compose from there, the nearest first: the
    /// parts of each in order.
    fn places(
        &self,
        composition: &Composition,
        groups: &[Vec<usize>],
    ) -> Vec<Vec<Vec<Range<usize>>>> {
        let chains: Vec<Vec<Vec<Range<usize>>>> =
            groups.iter().map(|group| self.chains(group)).collect();
        let Some((first, others)) = chains.split_first() else { return Vec::new() };
        let without: Vec<&[Range<usize>]> =
            composition.without.iter().map(|&concept| self.hits(concept)).collect();
        let near_without = |parts: &[Range<usize>]| {
            let span = span(parts);
            without.iter().any(|hits| is_near(hits, &span))
        };
        let ways = |chain: &Vec<Range<usize>>| {
            let mut ways = joined(chain.clone(), others);
            for parts in &mut ways {
                parts.sort_unstable_by_key(|part| part.start);
            }
            ways.retain(|parts| !near_without(parts));
            ways
        };
        first.iter().map(ways).collect()
    }

    /// The places where concepts follow each other: for each place of the last, the parts that
    /// start latest.
    fn chains(&self, concepts: &[usize]) -> Vec<Vec<Range<usize>>> {
        let mut chains: Vec<Vec<Range<usize>>> = Vec::new();
        for (index, &concept) in concepts.iter().enumerate() {
            let hits = self.hits(concept);
            if index == 0 {
                chains = hits.iter().map(|hit| vec![hit.clone()]).collect();
                continue;
            }
            chains.sort_unstable_by_key(|chain| end(chain));
            let longer = |hit: &Range<usize>| {
                let ended = chains.partition_point(|chain| end(chain) <= hit.start);
                let near = chains.get(..ended)?.iter().rev();
                let near = near.take_while(|chain| hit.start - end(chain) <= GAP_MAX);
                let latest = near.max_by_key(|chain| chain.first().map(|part| part.start))?;
                Some([latest.as_slice(), std::slice::from_ref(hit)].concat())
            };
            chains = hits.iter().filter_map(longer).collect();
        }
        chains.retain(|chain| span(chain).len() <= SPAN_MAX);
        chains.sort_unstable_by_key(|chain| span(chain).start);
        chains
    }
}

/// The parts with one place of each other group, near by and apart from all others.
fn joined(parts: Vec<Range<usize>>, groups: &[Vec<Vec<Range<usize>>>]) -> Vec<Vec<Range<usize>>> {
    let Some((group, others)) = groups.split_first() else { return vec![parts] };
    let placed = span(&parts);
    let first = group.partition_point(|chain| span(chain).start + SPAN_MAX < placed.start);
    let near = group.iter().skip(first);
    let near = near.take_while(|chain| span(chain).start <= placed.start + SPAN_MAX);
    let fits = |chain: &&Vec<Range<usize>>| {
        let own = span(chain);
        let whole = own.start.min(placed.start)..own.end.max(placed.end);
        let is_apart = |part: &Range<usize>| {
            parts.iter().all(|other| other.end <= part.start || part.end <= other.start)
        };
        whole.len() <= SPAN_MAX && chain.iter().all(is_apart)
    };
    let mut fitting: Vec<&Vec<Range<usize>>> = near.filter(fits).collect();
    fitting.sort_by_key(|chain| {
        let own = span(chain);
        own.start.saturating_sub(placed.end) + placed.start.saturating_sub(own.end)
    });
    fitting.truncate(TRIED_MAX);
    let whole = fitting.into_iter().map(|chain| [parts.as_slice(), chain].concat());
    whole.flat_map(|parts| joined(parts, others)).collect()
}

/// The concepts of a composition, divided where one need not follow the one before.
fn groups(composition: &Composition) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for term in &composition.terms {
        match groups.last_mut() {
            Some(group) if term.follows => group.push(term.concept),
            _ => groups.push(vec![term.concept]),
        }
    }
    groups
}

/// Whether one of these ranges, which are in order, is within reach of the span.
fn is_near(hits: &[Range<usize>], span: &Range<usize>) -> bool {
    let to = hits.partition_point(|hit| hit.start < span.end + WITHOUT_REACH);
    let from = span.start.saturating_sub(WITHOUT_REACH + CONCEPT_MAX);
    let near = hits.iter().take(to).rev().take_while(|hit| from <= hit.start);
    near.into_iter().any(|hit| span.start < hit.end + WITHOUT_REACH)
}

fn end(chain: &[Range<usize>]) -> usize {
    chain.last().map_or(0, |part| part.end)
}

fn span(parts: &[Range<usize>]) -> Range<usize> {
    let start = parts.iter().map(|part| part.start).min().unwrap_or_default();
    start..parts.iter().map(|part| part.end).max().unwrap_or_default()
}
