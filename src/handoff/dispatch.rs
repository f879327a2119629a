//! The errands of the desk, and its changes for the board.

use super::{board::DeskChanges, desk::Desk, errand::Errand, moment::Moment};

impl Desk {
    /// The errands to run now, each given once, in this order: reports on agents; ends of offers,
    /// then new offers; staffing notices.
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

    /// The conversation has run the errand or failed to. The records that follow from it were taken
    /// before.
    pub fn answered(&mut self, errand: &Errand, now: Moment) {
        match errand {
            Errand::Offer(offer) => self.proposed(offer, now),
            Errand::EndOffer { conversation, agent } => {
                self.end_answered(conversation, *agent, now);
            }
            Errand::Tell(telling) => self.told(telling, now),
            // A record shows the report, or it is repeated.
            Errand::AgentLost { .. } | Errand::AgentBack { .. } => {}
        }
    }

    /// When there may be an errand by the passing of time alone, after [`Desk::errands`] at `now`;
    /// `None`: never.
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

    /// The changes since the last call, for [`Board::publish`](super::board::Board::publish).
    pub fn take_changes(&mut self) -> DeskChanges {
        let agents = std::mem::take(&mut self.agents_changed);
        let statuses = agents.into_iter().map(|agent| (agent, self.status(agent)));
        DeskChanges {
            statuses: statuses.collect(),
            waiting: self.queue.take_changed(),
            messages: self.messages.take_changed(),
            conversations_max: self.limit,
        }
    }
}
