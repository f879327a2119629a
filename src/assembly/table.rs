//! The choice of the embedding table.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::config::TableChoice;
use crate::files::{FilesError, read_encoder, read_table};
use crate::matching::{Embeddings, Encoder, TextModels};

/// An embedding table and its kind.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its vectors.
    pub vectors: Arc<Embeddings>,
    /// Whether it is the trained or the shipped table, or none.
    pub which: TableChoice,
    /// The second encoder, if the operator named one.
    pub encoder: Option<Arc<Encoder>>,
}

impl Table {
    /// The table that comes with the program.
    pub fn shipped() -> Self {
        Self::new(Embeddings::shipped(), TableChoice::Shipped)
    }

    /// A table that `kefu train` made.
    pub fn trained(vectors: Arc<Embeddings>) -> Self {
        Self::new(vectors, TableChoice::Trained)
    }

    /// No table: texts are compared only by their characters.
    pub fn off() -> Self {
        Self::new(Arc::default(), TableChoice::Off)
    }

    /// The same without the second encoder.
    #[must_use]
    pub fn without_encoder(&self) -> Self {
        Self { encoder: None, ..self.clone() }
    }

    /// The models of a snapshot with this table.
    pub fn models(&self) -> TextModels {
        TextModels { embeddings: self.vectors.clone(), encoder: self.encoder.clone() }
    }

    fn new(vectors: Arc<Embeddings>, which: TableChoice) -> Self {
        Self { vectors, which, encoder: None }
    }
}

/// The source of the table, and the table that was last read.
#[derive(Debug)]
pub(super) struct TableSource {
    choice: TableChoice,
    data: PathBuf,
    last: Option<Arc<Embeddings>>,
    encoder: EncoderSource,
}

/// The second encoder of an operator.
#[derive(Debug, Default)]
enum EncoderSource {
    #[default]
    None,
    /// Its file, which is read when it is first needed.
    File(PathBuf),
    Read(Arc<Encoder>),
}

impl TableSource {
    pub(super) fn new(choice: TableChoice, data: &Path) -> Self {
        Self { choice, data: data.to_owned(), last: None, encoder: EncoderSource::None }
    }

    /// Names the file of the second encoder.
    pub(super) fn name_encoder(&mut self, path: &Path) {
        self.encoder = EncoderSource::File(path.to_owned());
    }

    /// The present table. An unchanged table stays the same object in memory, so that parts that
    /// were made with it can be reused.
    pub(super) fn read(&mut self) -> Result<Table, FilesError> {
        let encoder = self.encoder()?;
        Ok(Table { encoder, ..self.read_table()? })
    }

    /// The encoder is read once: another file needs a restart.
    fn encoder(&mut self) -> Result<Option<Arc<Encoder>>, FilesError> {
        let encoder = match &self.encoder {
            EncoderSource::None => return Ok(None),
            EncoderSource::File(path) => read_encoder(path)?,
            EncoderSource::Read(encoder) => encoder.clone(),
        };
        self.encoder = EncoderSource::Read(encoder.clone());
        Ok(Some(encoder))
    }

    fn read_table(&mut self) -> Result<Table, FilesError> {
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
