//! Reads and watches a root folder. The one place that touches knowledge files on disk.

mod error;
mod root;
mod watcher;

pub use error::FilesError;
pub use root::Root;
pub use watcher::{Watcher, settle};
