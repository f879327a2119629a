//! `kefu agent`: the accounts of human agents. Works beside a running server.

use std::{
    io::{BufRead, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::serve::start_logging;
use crate::config::{Environment, Flags, load};
use crate::service::{Clock, add_agent, draw_password, set_disabled, set_password};
use crate::storage::Store;

/// Arguments of `kefu agent`.
#[derive(Debug, Args)]
pub(super) struct AgentArgs {
    #[command(subcommand)]
    action: Action,
    /// The server's data folder [default: data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add an account; prints a drawn password unless one is given
    Add {
        /// The name, as customers see it
        name: String,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List all accounts
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Set a new password and end the account's sessions
    Passwd {
        /// The account
        name: String,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Disable an account and end its sessions
    Disable {
        /// The account
        name: String,
    },
    /// Enable a disabled account
    Enable {
        /// The account
        name: String,
    },
}

/// Runs the subcommand.
pub(super) fn run(args: AgentArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = load(None, environment, flags)?;
    start_logging(&config, environment, "warn,kefu::security=info");
    let clock = Clock::start();
    let store = Store::open_shared(&config.data, clock.now())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        act(args.action, &store, &clock).await?;
        store.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

async fn act(action: Action, store: &Store, clock: &Clock) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match action {
        Action::Add { name, password_stdin } => {
            let (password, is_drawn) = password(password_stdin)?;
            let added = add_agent(store, &name, &password, clock.now()).await;
            added.with_context(|| format!("failed to add {name}"))?;
            writeln!(out, "已添加坐席 {name}")?;
            show(&mut out, &password, is_drawn)?;
        }
        Action::Passwd { name, password_stdin } => {
            let (password, is_drawn) = password(password_stdin)?;
            let set = set_password(store, &name, &password).await;
            set.with_context(|| format!("failed to change {name}"))?;
            writeln!(out, "已修改 {name} 的密码，原有登录已失效")?;
            show(&mut out, &password, is_drawn)?;
        }
        Action::Disable { name } => {
            let set = set_disabled(store, &name, true).await;
            set.with_context(|| format!("failed to disable {name}"))?;
            writeln!(out, "已停用坐席 {name}，原有登录已失效")?;
        }
        Action::Enable { name } => {
            let set = set_disabled(store, &name, false).await;
            set.with_context(|| format!("failed to enable {name}"))?;
            writeln!(out, "已启用坐席 {name}")?;
        }
        Action::List { json } => list(&mut out, store, json).await?,
    }
    Ok(())
}

async fn list(out: &mut impl Write, store: &Store, json: bool) -> anyhow::Result<()> {
    let agents = store.list_agents().await?;
    if json {
        let rows: Vec<_> = agents
            .iter()
            .map(|row| serde_json::json!({"name": row.name, "disabled": row.disabled}))
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
        return Ok(());
    }
    for row in agents {
        writeln!(out, "{}  {}", if row.disabled { "停用" } else { "启用" }, row.name)?;
    }
    Ok(())
}

/// The given password, or a random one that must be shown.
fn password(from_stdin: bool) -> anyhow::Result<(String, bool)> {
    if !from_stdin {
        return Ok((draw_password(), true));
    }
    if std::io::stdin().is_terminal() {
        eprint!("密码：");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("failed to read the password")?;
    Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
}

fn show(out: &mut impl Write, password: &str, is_drawn: bool) -> std::io::Result<()> {
    if is_drawn {
        writeln!(out, "密码（只显示这一次）：{password}")?;
    }
    Ok(())
}
