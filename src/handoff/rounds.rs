//! What the desk has conversations do, and what it shows.

use super::{board::Changes, desk::Desk, errand::Errand, moment::Moment};

impl Desk {
    /// What is to be done now, each once, in this order: conversations hear of their agents;
    /// offers end, and others are made; those who wait hear whether anybody is ready.
    pub fn errands(&mut self, now: Moment) -> Vec<Errand> {
        self.look(now);
        let mut errands = self.news_of_agents(now);
        errands.extend(self.offers_to_end(now));
        while let Some(offer) = self.next_offer(now) {
            self.propose(&offer);
            errands.push(Errand::Offer(offer));
        }
        errands.extend(self.tellings(now).into_iter().map(Errand::Tell));
        errands
    }

    /// The conversation has taken the errand, or could not. What followed from it was taken in
    /// before.
    pub fn answered(&mut self, errand: &Errand, now: Moment) {
        match errand {
            Errand::Offer(offer) => self.proposed(offer, now),
            Errand::EndOffer { conversation, agent } => {
                self.end_answered(conversation, *agent, now);
            }
            Errand::Tell(telling) => self.told(telling, now),
            // The records tell, or it is told again.
            Errand::AgentLost { .. } | Errand::AgentBack { .. } => {}
        }
    }

    /// When there may be an errand though nothing else has happened since [`Desk::errands`] were
    /// asked for at `now`; `None`: not by time alone.
    pub fn wake_at(&self, now: Moment) -> Option<Moment> {
        let wakes = [
            self.leases.next_end(),
            self.news_again_at(),
            self.offer_at(now),
            self.away_at(now),
            self.telling_at(now),
        ];
        wakes.into_iter().flatten().filter(|at| *at > now).min()
    }

    /// What is shown of the desk and has changed since the last time.
    pub fn take_changes(&mut self) -> Changes {
        let agents = std::mem::take(&mut self.agents_changed);
        let statuses = agents.into_iter().map(|agent| (agent, self.status(agent)));
        Changes {
            statuses: statuses.collect(),
            waiting: self.queue.take_changed(),
            messages: self.messages.take_changed(),
            conversations_max: self.limit,
        }
    }
}
