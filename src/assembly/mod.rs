//! Assembly: a knowledge base, an embedding table and the learnt weights become a snapshot, in the
//! same way for the server and for every command.
//!
//! Without a data folder the shipped table is used, and all weights are learnt anew. This room also
//! tests a snapshot against its floors, so that `kefu serve` accepts what `kefu train` accepts.

mod assemble;
mod assembled;
mod learnt_file;
mod table;

pub use assemble::Assembly;
pub use assembled::Assembled;
pub use table::Table;
