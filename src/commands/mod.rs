//! One file per subcommand. Only these and `main` talk to a terminal.

mod agent;
mod ask;
mod check;
mod cli;
mod evaluate;
mod init;
mod root_snapshot;
mod serve;

pub use cli::run;
