//! Which ranked candidates are shown as the choices of a clarification.

use crate::matching::{rank::ranking::Ranked, target::Target};

/// The share of the total likelihood of all candidates that the shown choices cover: the right
/// entry is seldom among the rest.
const SHOWN_SHARE: f32 = 0.9;

/// How many choices are shown at least, even where the first has nearly all of the likelihood:
/// it was too little to answer.
const CHOICES_MIN: usize = 2;

/// A candidate with a smaller likelihood than this, relative to the best one, is noise.
const RELATIVE_LIKELIHOOD_MIN: f32 = 0.03;

/// The entries to show as choices, at most `most`: the best ones, until they cover
/// [`SHOWN_SHARE`] of the likelihood.
pub(crate) fn choices(ranked: &[Ranked], most: usize) -> impl Iterator<Item = &Ranked> {
    let likelihood = relative_likelihood(ranked);
    let total: f32 = ranked.iter().map(&likelihood).sum();
    let entries = ranked.iter().filter(|one| matches!(one.target, Target::Entry(_)));
    let (mut shown, mut count) = (0.0, 0);
    entries.take(most).take_while(move |&one| {
        let is_needed = count < CHOICES_MIN || shown < SHOWN_SHARE * total;
        shown += likelihood(one);
        count += 1;
        is_needed && (count == 1 || likelihood(one) >= RELATIVE_LIKELIHOOD_MIN)
    })
}

/// How likely a candidate is relative to the best of these, from 0 to 1, by the conditional
/// logit that the scores are fitted with.
pub(crate) fn relative_likelihood(ranked: &[Ranked]) -> impl Fn(&Ranked) -> f32 + use<> {
    let best = ranked.first().map_or(0.0, |best| best.score);
    move |one| libm::expf(one.score - best)
}

/// The best entry, after any intents that rank before it.
pub(crate) fn first_entry(ranked: &[Ranked]) -> Option<&Ranked> {
    ranked.iter().find(|one| matches!(one.target, Target::Entry(_)))
}
