//! The command line.

use std::{io, process::ExitCode};

use clap::{Parser, Subcommand};

use super::{
    agent, ask, check, diff, evaluate, export, fit, fit_guard, fit_rules, import, init, new_entry,
    reload, schema, serve, test, train,
};
use crate::config::Environment;

/// kefu (客服): a FAQ-driven chatbot with human agents behind it.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80)]
struct Cli {
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Serve customers and agents
    Serve(serve::ServeArgs),
    /// Write the shipped knowledge and intents into a folder, to edit
    Init(init::InitArgs),
    /// Check knowledge and intents: every mistake, with its place and mend
    Check(check::CheckArgs),
    /// Ask one question, or open a prompt
    Ask(ask::AskArgs),
    /// Run the regression tests of knowledge/tests.yaml against their floors
    Test(test::TestArgs),
    /// List what an edit of the knowledge changes for customers
    Diff(diff::DiffArgs),
    /// Measure matching over labelled queries
    Eval(evaluate::EvalArgs),
    /// Add a draft of an entry, after a look at what is there already
    New(new_entry::NewArgs),
    /// Print the JSON Schemas of the files, for editors
    Schema(schema::SchemaArgs),
    /// Write all entries into a sheet (CSV or XLSX), to edit
    Export(export::ExportArgs),
    /// Change entries to what a sheet says, line by line
    Import(import::ImportArgs),
    /// Have a running server read its files again, and tell the outcome
    Reload(reload::ReloadArgs),
    /// Teach the engine the words of the knowledge and of confirmed answers
    Train(train::TrainArgs),
    /// Fit the weights and the curve that ship (for developers)
    #[command(hide = true)]
    Fit(fit::FitArgs),
    /// Fit the weights of the guard that ship (for developers)
    #[command(hide = true)]
    FitGuard(fit_guard::FitGuardArgs),
    /// Fit the weights of the compliance rules that ship (for developers)
    #[command(hide = true)]
    FitRules(fit_rules::FitRulesArgs),
    /// Add and change the accounts of human agents
    Agent(agent::AgentArgs),
}

/// Runs the command that the arguments name.
///
/// The exit code is 0, or 1 when problems were found, or 2 for wrong use and for what could
/// not be done.
pub fn run() -> ExitCode {
    let environment = Environment::read();
    let done = match Cli::parse().command {
        CliCommand::Serve(args) => serve::run(args, &environment),
        CliCommand::Init(args) => init::run(args),
        CliCommand::Check(args) => check::run(args, &environment),
        CliCommand::Ask(args) => ask::run(args, &environment),
        CliCommand::Test(args) => test::run(args, &environment),
        CliCommand::Diff(args) => diff::run(args, &environment),
        CliCommand::Eval(args) => evaluate::run(&args, &environment),
        CliCommand::New(args) => new_entry::run(args, &environment),
        CliCommand::Schema(args) => schema::run(args),
        CliCommand::Export(args) => export::run(args),
        CliCommand::Import(args) => import::run(&args, &environment),
        CliCommand::Reload(args) => reload::run(&args, &environment),
        CliCommand::Train(args) => train::run(&args, &environment),
        CliCommand::Fit(args) => fit::run(&args),
        CliCommand::FitGuard(args) => fit_guard::run(&args),
        CliCommand::FitRules(args) => fit_rules::run(&args),
        CliCommand::Agent(args) => agent::run(args, &environment),
    };
    done.unwrap_or_else(|error| {
        // Who reads the output has had enough of it, as `head` does.
        let is_enough = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if error.downcast_ref().is_some_and(is_enough) {
            return ExitCode::SUCCESS;
        }
        eprintln!("kefu: {error:#}");
        ExitCode::from(2)
    })
}
