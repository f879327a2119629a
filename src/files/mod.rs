//! Reads and watches a root folder. The one place that touches knowledge files on disk.

mod editor;
mod error;
mod replace;
mod root;
mod watcher;

pub use editor::{editor_text, schema_text};
pub use error::FilesError;
pub use root::Root;
pub use watcher::{Watcher, settle};
