//! Which embeddings a snapshot is asked with.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::config::TableChoice;
use crate::files::{FilesError, read_table};
use crate::matching::Embeddings;

/// Embeddings, and which ones they are.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its vectors.
    pub vectors: Arc<Embeddings>,
    /// Trained, shipped, or none at all.
    pub which: TableChoice,
}

impl Table {
    /// The one that comes with the program.
    pub fn shipped() -> Self {
        Self { vectors: Embeddings::shipped(), which: TableChoice::Shipped }
    }

    /// One that `kefu train` made.
    pub fn trained(vectors: Arc<Embeddings>) -> Self {
        Self { vectors, which: TableChoice::Trained }
    }

    /// None: texts are compared by their letters alone.
    pub fn off() -> Self {
        Self { vectors: Arc::default(), which: TableChoice::Off }
    }
}

/// Where the table comes from, and what was read there last.
#[derive(Debug)]
pub(super) struct TableSource {
    choice: TableChoice,
    data: PathBuf,
    last: Option<Arc<Embeddings>>,
}

impl TableSource {
    pub(super) fn new(choice: TableChoice, data: &Path) -> Self {
        Self { choice, data: data.to_owned(), last: None }
    }

    /// The table as it is now. One that did not change is the same in memory, too, so that
    /// what was made with it can be taken over.
    pub(super) fn read(&mut self) -> Result<Table, FilesError> {
        let trained = match self.choice {
            TableChoice::Trained => read_table(&self.data)?,
            TableChoice::Shipped => None,
            TableChoice::Off => return Ok(Table::off()),
        };
        let Some(read) = trained else { return Ok(Table::shipped()) };
        let table = self.last.take().filter(|last| **last == *read).unwrap_or(read);
        self.last = Some(table.clone());
        Ok(Table::trained(table))
    }
}
