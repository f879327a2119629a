//! One file per subcommand. Only these and `main` talk to a terminal.

#![expect(clippy::print_stderr, reason = "this is where people are talked to")]

mod agent;
mod ask;
mod assembled;
mod check;
mod cli;
mod columns;
mod diff;
mod evaluate;
mod export;
mod figures;
mod fit;
mod fit_guard;
mod fit_rules;
mod import;
mod init;
mod known_facts;
mod loss_line;
mod measure;
mod new_entry;
mod outcomes;
mod progress;
mod promise;
mod reaction_json;
mod reload;
mod reveal;
mod sarif;
mod schema;
mod serve;
mod stability;
mod test;
mod today;
mod train;

pub use cli::run;
