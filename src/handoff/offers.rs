//! Offers of waiting conversations to agents.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    agent::{AgentStatus, Seat},
    desk::Desk,
    errand::{Errand, Offer},
    moment::{Moment, lasted},
    queue::{Ending, QueuePlace, StandingOffer},
};
use crate::journal::{AgentId, ConversationId};

/// An agent who let an offer pass is not offered that conversation again for this time. A
/// conversation whose offer could not be committed is offered to nobody for this time. It is as
/// long as an offer stands by default.
const PAUSE: Duration = Duration::from_secs(30);

/// Ending an offer is tried again after this time if it could not be committed.
const END_AGAIN: Duration = Duration::from_secs(5);

/// Tolerance of the desk's own measurement of an offer. The desk hears of the start and of the end
/// of an offer a little after each was committed, and not equally late. Stamps are exact until the
/// wall clock is set.
const HEARD_LATE: Duration = Duration::from_millis(500);

impl Desk {
    /// The next offer to make, if any.
    ///
    /// The first waiting conversation that is not being offered goes to the ready agent with the
    /// least load, among equals to the least recently offered. Agents who let it pass come after
    /// all others, and only after a pause. Meanwhile the next in the queue is served.
    pub(super) fn next_offer(&mut self, now: Moment) -> Option<Offer> {
        self.queue.release(now);
        let free: Vec<(AgentId, &Seat)> = self.free().collect();
        if free.is_empty() {
            return None;
        }
        let fresh = self.queue.first_fresh();
        let comes_first = |place: &&QueuePlace| fresh.is_none_or(|fresh| place.order() < *fresh);
        let offer = |place: &QueuePlace, agent| Offer {
            conversation: place.waiting.conversation.clone(),
            agent,
            epoch: place.waiting.epoch,
        };
        let passed = self.queue.passed().take_while(comes_first);
        let again = passed.filter(|place| place.may_be_offered()).find_map(|place| {
            let (agent, _) = free
                .iter()
                .map(|(agent, seat)| (*agent, (again_at(place, *agent), seat)))
                .filter(|(_, (again_at, _))| again_at.is_none_or(|at| at <= now))
                .min_by_key(|(agent, (again_at, seat))| {
                    (again_at.is_some(), seat.load(), seat.last_offer, *agent)
                })?;
            Some(offer(place, agent))
        });
        again.or_else(|| {
            let place = self.queue.get(&fresh?.conversation)?;
            let least = |(agent, seat): &&(AgentId, &Seat)| (seat.load(), seat.last_offer, *agent);
            let (agent, _) = free.iter().min_by_key(least)?;
            Some(offer(place, *agent))
        })
    }

    /// Marks the offer as on its way, so that it is not made twice. The mark ends with the record
    /// of the offer, or with another record that changes the conversation's place.
    pub(super) fn propose(&mut self, offer: &Offer) {
        let is_there = self.queue.change(&offer.conversation, |place| {
            place.proposed = Some(offer.agent);
        });
        if is_there.is_some() {
            self.agents.entry(offer.agent).or_default().asked.insert(offer.conversation.clone());
        }
    }

    /// The conversation has answered a proposed offer. If no record of the offer came, either the
    /// conversation has moved on, and its record follows soon, or the offer could not be stored,
    /// and there is a pause before the next.
    pub(super) fn proposed(&mut self, offer: &Offer, now: Moment) {
        let Some(place) = self.queue.get(&offer.conversation) else { return };
        if place.waiting.epoch != offer.epoch || place.proposed != Some(offer.agent) {
            return;
        }
        self.queue.change(&offer.conversation, |place| {
            place.proposed = None;
            place.held_until = Some(now.plus(PAUSE));
        });
        self.unload(offer.agent, &offer.conversation);
    }

    /// The offers to end because their agents take none now: on a break, signed out, away for
    /// longer than `FLAP`, or at the limit.
    pub(super) fn offers_to_end(&mut self, now: Moment) -> Vec<Errand> {
        let mut ended = Vec::new();
        for (agent, seat) in &self.agents {
            for conversation in &seat.asked {
                if seat.may_answer(conversation, self.limit, now) {
                    continue;
                }
                let Some(place) = self.queue.get(conversation) else { continue };
                let is_offered = place.waiting.offered.is_some_and(|(to, _)| to == *agent);
                let is_due = match place.ending {
                    Ending::No => true,
                    Ending::Asked => false,
                    Ending::Again(at) => at <= now,
                };
                if is_offered && is_due {
                    self.queue.change(conversation, |place| place.ending = Ending::Asked);
                    let (conversation, agent) = (conversation.clone(), *agent);
                    ended.push(Errand::EndOffer { conversation, agent });
                }
            }
        }
        ended
    }

    /// The conversation has answered the end of its offer. If the offer still stands, its end could
    /// not be stored.
    pub(super) fn end_answered(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        now: Moment,
    ) {
        self.queue.change(conversation, |place| {
            let is_offered = place.waiting.offered.is_some_and(|(to, _)| to == agent);
            if is_offered && place.ending == Ending::Asked {
                place.ending = Ending::Again(now.plus(END_AGAIN));
            }
        });
    }

    /// When an offer may be made or ended by the passing of time alone.
    pub(super) fn offer_at(&self, now: Moment) -> Option<Moment> {
        let free: Vec<AgentId> = self.free().map(|(agent, _)| agent).collect();
        let passed = self.queue.passed().filter(|place| place.may_be_offered());
        let again = passed
            .filter_map(|place| free.iter().map(|agent| again_at(place, *agent)).min().flatten());
        let again = again.filter(|at| *at > now).min();
        let asked = self.agents.values().flat_map(|seat| &seat.asked);
        let ending = asked.filter_map(|conversation| match self.queue.get(conversation)?.ending {
            Ending::No | Ending::Asked => None,
            // If its agent is back by then, the offer stands.
            Ending::Again(at) => (at > now).then_some(at),
        });
        [again, self.queue.next_release(), ending.min()].into_iter().flatten().min()
    }

    /// Folds the record of an offer.
    pub(super) fn offered(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        until: Timestamp,
        (at, made_at): (Timestamp, Moment),
    ) {
        let proposed = self.queue.change(conversation, |place| {
            place.waiting.offered = Some((agent, until));
            place.standing = Some(StandingOffer { made_at, stamp: at, lasts: lasted(at, until) });
            place.ending = Ending::No;
            place.proposed.take()
        });
        let Some(proposed) = proposed else { return };
        if let Some(other) = proposed.filter(|proposed| *proposed != agent) {
            self.unload(other, conversation);
        }
        let seat = self.agents.entry(agent).or_default();
        seat.asked.insert(conversation.clone());
        seat.last_offer = Some(made_at);
    }

    /// Folds the record of an offer's end.
    ///
    /// An offer whose whole time has passed ran out without an answer. An agent with no other act
    /// in that time is set to [`AgentStatus::Break`], so that the next customers do not wait for
    /// nobody. An agent who accepted, answered, returned or closed a conversation since the offer
    /// is present but busy, so the offer simply goes to the next agent.
    pub(super) fn offer_ended(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        (at, ended_at): (Timestamp, Moment),
    ) {
        let stood = self.queue.change(conversation, |place| {
            place.waiting.offered = None;
            // An offer that the desk ended does not count as let pass: the agent had less than the
            // full time, or could not answer.
            let is_passed = std::mem::replace(&mut place.ending, Ending::No) == Ending::No;
            if is_passed {
                place.passed.insert(agent, ended_at);
            }
            place.standing.take().filter(|_| is_passed)
        });
        let Some(stood) = stood else { return };
        self.unload(agent, conversation);
        let Some(standing) = stood else { return };
        let is_silent =
            self.agents.get(&agent).is_none_or(|seat| seat.last_act <= Some(standing.made_at));
        if is_silent && ran_out(standing, at, ended_at) {
            self.agent_status(agent, AgentStatus::Break);
        }
    }
}

/// From when the conversation may be offered to this agent again. An agent who let it pass comes
/// after all others, and only after a pause, so that it does not come straight back.
fn again_at(place: &QueuePlace, agent: AgentId) -> Option<Moment> {
    Some(place.passed.get(&agent)?.plus(PAUSE))
}

/// Whether an offer had its whole time when it ended. The stamps decide, unless they differ from
/// the time measured: then the wall clock was set meanwhile.
fn ran_out(standing: StandingOffer, stamp: Timestamp, ended_at: Moment) -> bool {
    let stood = ended_at.since(standing.made_at);
    let by_stamps = lasted(standing.stamp, stamp);
    if stood.abs_diff(by_stamps) <= HEARD_LATE {
        by_stamps >= standing.lasts
    } else {
        stood + HEARD_LATE >= standing.lasts
    }
}
