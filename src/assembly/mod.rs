//! Puts together what answers: a knowledge base, the embeddings of a data folder and what
//! was learnt before become a snapshot, in one way for the server and for every command.
//!
//! The data folder need not be there: then the table is the shipped one, and all is learnt
//! anew. The same room judges a snapshot by the floors of its tests, so that what `kefu train`
//! accepts is what `kefu serve` accepts.

mod assemble;
mod assembled;
mod learnt_file;
mod table;

pub use assemble::Assembly;
pub use assembled::Assembled;
pub use table::Table;
