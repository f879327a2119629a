//! Assembles a root in the same way as the server, for every command that matches questions.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;

use super::today::or_today;
use crate::assembly::{Assembled, Assembly};
use crate::config::{Config, Environment, Flags, TableChoice, load};
use crate::files::Root;
use crate::knowledge::{KnowledgeBase, Language, Loaded, Severity};
use crate::parallel::Threads;

/// Which embeddings are used.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct TableArgs {
    /// The server's data folder, for its trained table [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Its trained table if any, the shipped one, or off [default: trained]
    #[arg(long, value_name = "trained|shipped|off")]
    static_table: Option<TableChoice>,
    /// The file of a second encoder, for few wordings
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
}

impl TableArgs {
    /// The assembly of a server with these settings.
    pub(super) fn assembly(self, environment: &Environment) -> anyhow::Result<Assembly> {
        let Config { static_table, data, encoder, .. } = self.config(environment)?;
        Ok(Assembly::of_command(static_table, &data).with_encoder(encoder.as_deref()))
    }

    fn config(self, environment: &Environment) -> anyhow::Result<Config> {
        let Self { data, static_table, encoder } = self;
        let flags = Flags { data, static_table, encoder, ..Flags::default() };
        load(None, environment, flags).context("failed to use the settings")
    }
}

/// Which table was used, in Chinese.
pub(super) fn table_line(language: Language, table: TableChoice) -> String {
    let name = match (language, table) {
        (Language::Chinese, TableChoice::Trained) => "kefu train 训练过的",
        (Language::Chinese, TableChoice::Shipped) => "程序自带的",
        (Language::Chinese, TableChoice::Off) => "不用",
        (Language::English, _) => table.as_str(),
    };
    match language {
        Language::Chinese => format!("词向量表：{name}"),
        Language::English => format!("embeddings: {name}"),
    }
}

/// The root's knowledge base, ready for questions, and the day on which it is asked: the one that
/// was given, else the operator's. `None` when it has mistakes, which are then on standard error.
pub(super) fn assembled_root(
    assembly: &mut Assembly,
    root: Option<&Path>,
    given: Option<Date>,
) -> anyhow::Result<Option<(Assembled, Date)>> {
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(root, &cwd).context("failed to find the root")?;
    let files = root.read().context("failed to read the root")?;
    let today = or_today(given, &files);
    let Some(base) = base_of(root.loader().load(&files, today, Threads::all()))? else {
        return Ok(None);
    };
    Ok(Some((assembled(assembly, base)?, today)))
}

/// The same of a knowledge base that was loaded already.
pub(super) fn assembled(assembly: &mut Assembly, base: KnowledgeBase) -> anyhow::Result<Assembled> {
    let table = assembly.table().context("failed to use the trained table or the encoder")?;
    let assembled = assembly
        .assemble(base, table, None, Threads::all())
        .context("failed to prepare the knowledge base")?;
    assembly.keep(&assembled);
    Ok(assembled)
}

/// What was loaded, without mistakes; else they are on standard error.
pub(super) fn base_of(loaded: Loaded) -> anyhow::Result<Option<KnowledgeBase>> {
    if loaded.base.is_none() {
        let mut err = std::io::stderr().lock();
        let color = err.is_terminal();
        for found in loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error) {
            writeln!(err, "{}", found.render(Language::Chinese, color))?;
        }
    }
    Ok(loaded.base)
}
