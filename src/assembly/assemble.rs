//! The one way to make a snapshot.

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

/// Makes snapshots with one data folder.
#[derive(Debug)]
pub struct Assembly {
    table: TableSource,
    learnt: Option<LearntFile>,
}

impl Assembly {
    /// The server's assembly. Learnt weights are kept for its next start.
    pub fn of_server(choice: TableChoice, data: &Path) -> Self {
        Self { table: TableSource::new(choice, data), learnt: LearntFile::of_server(data) }
    }

    /// A command's assembly. It reads what the server has learnt but never overwrites it. Its own
    /// learnt weights are kept beside that for the next command, if a server has created the
    /// folder.
    pub fn of_command(choice: TableChoice, data: &Path) -> Self {
        Self { table: TableSource::new(choice, data), learnt: LearntFile::of_command(data) }
    }

    /// The same with a second encoder, if a file is named.
    #[must_use]
    pub fn with_encoder(mut self, path: Option<&Path>) -> Self {
        if let Some(path) = path {
            self.table.name_encoder(path);
        }
        self
    }

    /// The present embedding table: the trained one if it is wanted and present, else the shipped
    /// one, or none; and the second encoder.
    pub fn table(&mut self) -> Result<Table, FilesError> {
        self.table.read()
    }

    /// Makes a snapshot of a knowledge base. Unchanged parts of `served`, an earlier snapshot, are
    /// reused. The result does not depend on it.
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
        let snapshot = Snapshot::rebuild(base, table.models(), earlier, threads)?;
        let mut of_this = before.iter().filter(|before| before.learnt.is_of(&snapshot.base));
        let floors_kept_on = of_this.find_map(|before| before.floors_kept_on);
        tracing::debug!(table = table.which.as_str(), "questions indexed");
        Ok(Assembled { snapshot, table, floors_kept_on })
    }

    /// Keeps the learnt weights and that the floors were kept, for a faster next start.
    pub fn keep(&self, assembled: &Assembled) {
        let Some(file) = &self.learnt else { return };
        let Assembled { snapshot, floors_kept_on, .. } = assembled;
        let now = Remembered { learnt: snapshot.learnt(), floors_kept_on: *floors_kept_on };
        if !file.read().contains(&now) {
            file.write(&now);
        }
    }
}
