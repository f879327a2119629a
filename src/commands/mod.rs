//! The subcommands, one a file.

pub mod ask;
pub mod check;
pub mod evaluate;
pub mod init;
mod root_snapshot;
