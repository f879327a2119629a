//! `kefu serve`: customers, agents and their pages.

use std::{io::Write, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};

use super::figures::shortfall_line;
use crate::config::{Config, Environment, Flags, load};
use crate::files::Root;
use crate::knowledge::{Language, Severity};
use crate::parallel::Threads;
use crate::service::{
    Clock, KnowledgeBuilder, OpenConversations, ReloadError, Reloader, Service, add_agent,
    draw_password,
};
use crate::storage::Store;
use crate::transport::{ControlSocket, Server};

/// The account that an empty data folder gets.
const FIRST_AGENT: &str = "admin";

/// The target of kefu's own lines. They name ids, counts, addresses and accounts, at every level.
const OURS: &str = "kefu";

/// The highest level at which libraries may log. Below it they write whole messages, with tokens
/// and with the words of customers: `tungstenite` each frame, and why a client says it closes;
/// `axum` the bodies that it refuses.
const LIBRARIES: LevelFilter = LevelFilter::INFO;

/// Flags of `kefu serve`: where the file is, and the settings.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// A YAML file with these settings, else the one that KEFU_CONFIG names
    #[arg(long, value_name = "FILE")]
    #[expect(clippy::doc_markdown, reason = "a help text, shown as it is")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Flags,
}

/// Serves until SIGTERM or Ctrl-C, then drains.
pub(super) fn run(args: ServeArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let config =
        load(args.config.as_deref(), environment, args.settings).context("failed to start")?;
    start_logging(&config, environment, "info");
    log_faults();
    let runtime = tokio::runtime::Runtime::new().context("failed to start")?;
    runtime.block_on(serve(config))
}

/// Logs where a fault was. Its message may quote what somebody typed, and is left out.
fn log_faults() {
    std::panic::set_hook(Box::new(|fault| {
        tracing::error!(at = fault.location().map(tracing::field::display), "panicked");
    }));
}

/// Logs to standard error, by the filter of `KEFU_LOG` if there is one.
pub(super) fn start_logging(config: &Config, environment: &Environment, filter: &str) {
    let filter = EnvFilter::new(environment.log_filter().unwrap_or(filter));
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = if config.log_json {
        lines.json().boxed()
    } else {
        let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
        lines.with_ansi(is_terminal && !environment.is_plain()).boxed()
    };
    registry().with(filter).with(cap()).with(lines).init();
}

/// Holds beside any filter, whatever it says.
fn cap() -> Targets {
    Targets::new().with_default(LIBRARIES).with_target(OURS, LevelFilter::TRACE)
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    // From here on SIGHUP ends nothing.
    let hangups = signal(SignalKind::hangup()).context("failed to start: listen for SIGHUP")?;
    let clock = Clock::start();
    let server = Server::bind(&config).await.context("failed to start")?;
    let store = Store::open(&config.data, clock.now()).context("failed to start")?;
    let open = OpenConversations::read(&store);
    let here = std::env::current_dir().context("failed to start: find the current folder")?;
    let root = Root::find(config.root.as_deref(), &here).context("failed to start")?;
    let mut builder = KnowledgeBuilder::new(root, config.static_table, &config.data)
        .with_encoder(config.encoder.as_deref())
        .losing_at_most(config.reload_max_loss);
    let snapshot = match builder.build(clock.now(), Threads::all()) {
        Ok(snapshot) => snapshot,
        Err(ReloadError::Knowledge(diagnostics)) => {
            let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
            let count =
                errors.inspect(|d| eprintln!("{}", d.render(Language::Chinese, false))).count();
            anyhow::bail!("failed to start: the knowledge has {count} mistakes, see above");
        }
        Err(error) => {
            if let ReloadError::Floors { figures, .. } = &error {
                figures.iter().filter_map(shortfall_line).for_each(|line| eprintln!("{line}"));
            }
            return Err(error).context("failed to start");
        }
    };
    make_first_agent(&store, &clock).await?;
    let service = Service::start(store, open, snapshot, clock).await.context("failed to start")?;
    let look_every = Some(Duration::from_secs(config.reload_check_s.into()));
    let look_every = look_every.filter(|every| !every.is_zero());
    let reloader = service.watch_knowledge(builder, look_every);
    let reloader = reloader.context("failed to start: watch the knowledge")?;
    tokio::spawn(reload_on(hangups, reloader.clone()));
    let control = match ControlSocket::open(&config.data) {
        Ok(socket) => Some(tokio::spawn(socket.run(reloader))),
        Err(error) => {
            tracing::warn!(%error, "kefu reload will not reach this server");
            None
        }
    };
    if config.listen.ip().is_unspecified() && config.public_origin.is_none() {
        tracing::warn!("browsers elsewhere are refused until public_origin is set");
    }
    // Before anybody can know that it runs, so that it never ends without a word.
    let told_to_stop = told_to_stop().context("failed to start: listen for SIGTERM")?;
    say(&format!("listening on http://{}", server.address()))?;
    let ended = server.run(service.clone(), told_to_stop).await;
    if let Some(control) = control {
        // Its file goes with it.
        control.abort();
        _ = control.await;
    }
    ended.context("failed while serving")?;
    log_end(&service);
    Ok(ExitCode::SUCCESS)
}

fn log_end(service: &Arc<Service>) {
    tracing::info!(knowledge = service.snapshot().base.hash, "stopped");
}

/// An empty data folder gets one account; its password is shown now and never again.
async fn make_first_agent(store: &Store, clock: &Clock) -> anyhow::Result<()> {
    if store.count_agents().await.context("failed to start")? > 0 {
        return Ok(());
    }
    let password = draw_password();
    let added = add_agent(store, FIRST_AGENT, &password, clock.now()).await;
    added.context("failed to make the first agent")?;
    say(&format!("first agent: name {FIRST_AGENT}, password {password}"))?;
    say("the password is shown only now; change it with: kefu agent passwd admin")
}

/// Standard output may be a pipe that another program reads line by line.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("failed to write to standard output")
}

/// Has the knowledge read again at each SIGHUP, as when its files change.
async fn reload_on(mut hangups: Signal, reloader: Reloader) {
    while hangups.recv().await.is_some() {
        tracing::info!("SIGHUP: reading the knowledge again");
        // The outcome is logged where it is known.
        reloader.reload(false).await;
    }
}

/// Ends at SIGTERM or Ctrl-C; a second one ends the process at once. From the call on neither
/// ends it by itself.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::warn!("told to stop twice, stopping at once");
            std::process::exit(1);
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_filter_lets_whole_messages_into_the_log() {
        use tracing::Level;
        let filters = [
            "trace",
            "info,tungstenite=trace",
            "info,tungstenite::protocol::frame::frame=trace",
            "info,[span]=trace",
            "info,[{message}]=trace",
            "tungstenite[{message}]=trace,[span{name=a}]=trace,kefu=trace",
        ];
        for written in filters {
            let lines = Lines::default();
            let writer = lines.clone();
            let logs = registry()
                .with(EnvFilter::new(written))
                .with(cap())
                .with(fmt::layer().with_writer(move || writer.clone()));
            tracing::subscriber::with_default(logs, || {
                let _span = tracing::span!(Level::TRACE, "span", name = "a").entered();
                tracing::trace!(target: "tungstenite::protocol::frame::frame", "planted");
                tracing::debug!(target: "axum::rejection", "planted");
                tracing::debug!(target: "kef", "planted");
                tracing::error!(target: "kefu::commands", "a control");
            });
            let text = lines.text();
            assert!(!text.contains("planted"), "{written}: {text}");
            assert!(text.contains("a control"), "{written}: {text}");
        }
    }

    /// Collects what is logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<std::sync::Mutex<Vec<u8>>>);

    impl Lines {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}
