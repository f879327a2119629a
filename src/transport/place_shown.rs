//! The place in the queue as one customer's page shows it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::journal::ConversationId;
use crate::service::{Clock, DeskView};

/// Pause between two places sent to a waiting customer. A shorter one would only be noise, and each
/// update costs a frame for every waiting customer.
const PACE: Duration = Duration::from_secs(2);

/// The place in the queue as one customer's page shows it.
pub(super) struct PlaceShown {
    view: Arc<DeskView>,
    /// Until the desk has queued the customer, each change of the desk may do so.
    changes: watch::Receiver<u64>,
    /// After that, only changes of places count.
    moves: watch::Receiver<u64>,
    shown: Option<usize>,
    /// The elapsed time of the last look.
    looked_at: Option<Duration>,
}

impl PlaceShown {
    pub(super) fn new(view: Arc<DeskView>) -> Self {
        let (changes, moves) = (view.changes(), view.places());
        Self { view, changes, moves, shown: None, looked_at: None }
    }

    /// The customer no longer waits. The next place is sent at once.
    pub(super) fn forget(&mut self) {
        (self.shown, self.looked_at) = (None, None);
    }

    /// Waits until the place may have changed. Cancel safe.
    pub(super) async fn changed(&mut self, clock: &Clock) {
        let changed = match self.looked_at.filter(|_| self.shown.is_some()) {
            Some(looked_at) => {
                clock.sleep_until(looked_at + PACE).await;
                self.moves.changed().await
            }
            None => self.changes.changed().await,
        };
        if changed.is_err() {
            // The desk ends only with the server, and the session learns that another way.
            std::future::pending::<()>().await;
        }
    }

    /// The place and the length of the queue, if the page must be updated now.
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
