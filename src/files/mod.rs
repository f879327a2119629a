//! Reads, writes and watches a root folder. No other room touches knowledge files on disk.

mod editor;
mod encoder;
mod error;
mod links;
mod replace;
mod root;
mod table;
mod watcher;

pub use editor::{editor_text, schema_text};
pub use encoder::read_encoder;
pub use error::FilesError;
pub use root::Root;
pub use table::{read_table, table_path, write_table};
pub use watcher::{TableWatcher, Watcher, settle};
