//! The choice of the embedding table.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::config::TableChoice;
use crate::files::{FilesError, read_table};
use crate::matching::Embeddings;

/// An embedding table and its kind.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its vectors.
    pub vectors: Arc<Embeddings>,
    /// Whether it is the trained or the shipped table, or none.
    pub which: TableChoice,
}

impl Table {
    /// The table that comes with the program.
    pub fn shipped() -> Self {
        Self { vectors: Embeddings::shipped(), which: TableChoice::Shipped }
    }

    /// A table that `kefu train` made.
    pub fn trained(vectors: Arc<Embeddings>) -> Self {
        Self { vectors, which: TableChoice::Trained }
    }

    /// No table: texts are compared only by their characters.
    pub fn off() -> Self {
        Self { vectors: Arc::default(), which: TableChoice::Off }
    }
}

/// The source of the table, and the table that was last read.
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

    /// The present table. An unchanged table stays the same object in memory, so that parts that
    /// were made with it can be reused.
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
