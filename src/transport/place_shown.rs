//! The place in the queue as one customer's page shows it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::journal::ConversationId;
use crate::service::{Clock, DeskView};

/// A customer who waits hears of another place at most once in this time: more often is noise,
/// and each time costs as much as there are customers who wait.
const PACE: Duration = Duration::from_secs(2);

/// The place in the queue as one customer's page shows it.
pub(super) struct PlaceShown {
    view: Arc<DeskView>,
    /// Until the desk has taken the customer in, each change of it may be that.
    changes: watch::Receiver<u64>,
    /// After that, only what moves places counts.
    moves: watch::Receiver<u64>,
    shown: Option<usize>,
    /// When the place was looked up last, by how long the clock had run.
    looked_at: Option<Duration>,
}

impl PlaceShown {
    pub(super) fn new(view: Arc<DeskView>) -> Self {
        let (changes, moves) = (view.changes(), view.places());
        Self { view, changes, moves, shown: None, looked_at: None }
    }

    /// The customer no longer waits: the next place is told at once.
    pub(super) fn forget(&mut self) {
        (self.shown, self.looked_at) = (None, None);
    }

    /// Waits until the place may be another one. Safe to cancel.
    pub(super) async fn changed(&mut self, clock: &Clock) {
        let changed = match self.looked_at.filter(|_| self.shown.is_some()) {
            Some(looked_at) => {
                clock.sleep_until(looked_at + PACE).await;
                self.moves.changed().await
            }
            None => self.changes.changed().await,
        };
        if changed.is_err() {
            // The desk has gone with the server, of which the session is told another way.
            std::future::pending::<()>().await;
        }
    }

    /// The place and how many wait, if the page is to show another place now.
    pub(super) fn look(
        &mut self,
        conversation: &ConversationId,
        now: Duration,
    ) -> Option<(usize, usize)> {
        if self.shown.is_some() && self.looked_at.is_some_and(|at| now < at + PACE) {
            return None;
        }
        self.changes.mark_unchanged();
        self.moves.mark_unchanged();
        let (place, waiting) = self.view.place(conversation)?;
        self.looked_at = Some(now);
        (self.shown.replace(place) != Some(place)).then_some((place, waiting))
    }
}
