//! The one way to a snapshot.

use std::path::Path;

use super::{
    assembled::Assembled,
    learnt_file::{LearntFile, Remembered},
    table::{Table, TableSource},
};
use crate::config::TableChoice;
use crate::files::FilesError;
use crate::knowledge::KnowledgeBase;
use crate::matching::{Earlier, MatchingError, Snapshot};
use crate::parallel::Threads;

/// Puts snapshots together over one data folder.
#[derive(Debug)]
pub struct Assembly {
    table: TableSource,
    learnt: Option<LearntFile>,
}

impl Assembly {
    /// The server's: what is learnt is kept for its next start.
    pub fn of_server(choice: TableChoice, data: &Path) -> Self {
        Self { table: TableSource::new(choice, data), learnt: LearntFile::of_server(data) }
    }

    /// A command's: it uses what the server learnt, and leaves that as it is. What it learns
    /// itself is kept beside that for the next command, where a server has made the place.
    pub fn of_command(choice: TableChoice, data: &Path) -> Self {
        Self { table: TableSource::new(choice, data), learnt: LearntFile::of_command(data) }
    }

    /// The table as it is now: the trained one of the data folder if that is wanted and there
    /// is one, the shipped one, or none.
    pub fn table(&mut self) -> Result<Table, FilesError> {
        self.table.read()
    }

    /// Makes a knowledge base ready for questions. Of `served`, a snapshot that was made
    /// before, what did not change is taken over; the result is the same without it.
    pub fn assemble(
        &self,
        base: KnowledgeBase,
        table: Table,
        served: Option<&Snapshot>,
        threads: Threads,
    ) -> Result<Assembled, MatchingError> {
        let before = self.learnt.as_ref().map_or_else(Vec::new, LearntFile::read);
        let learnt = before.iter().map(|before| before.learnt.clone()).collect();
        let earlier = Earlier { learnt, snapshot: served };
        let snapshot = Snapshot::build_again(base, table.vectors.clone(), earlier, threads)?;
        let mut of_this = before.iter().filter(|before| before.learnt.is_of(&snapshot.base));
        let floors_kept_on = of_this.find_map(|before| before.floors_kept_on);
        tracing::debug!(table = table.which.as_str(), "questions indexed");
        Ok(Assembled { snapshot, table, floors_kept_on })
    }

    /// Keeps what it learnt, and that its floors were kept, to be quicker the next time.
    pub fn keep(&self, assembled: &Assembled) {
        let Some(file) = &self.learnt else { return };
        let Assembled { snapshot, floors_kept_on, .. } = assembled;
        let now = Remembered { learnt: snapshot.learnt(), floors_kept_on: *floors_kept_on };
        if !file.read().contains(&now) {
            file.write(&now);
        }
    }
}
