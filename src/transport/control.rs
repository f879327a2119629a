//! The control socket in the data folder, by which an operator on the same machine asks the running
//! server for a reload.
//!
//! One connection carries one request, a line of JSON, and one answer, a line of JSON. The file
//! mode 0600 is the only permission: who may open the data folder's files may ask.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use crate::knowledge::Diagnostic;
use crate::service::{ReloadError, ReloadOutcome, Reloader};

/// The name of the socket in the data folder.
pub const CONTROL_SOCKET: &str = "control.sock";

/// The longest request. The longest one that means anything has 50 bytes.
const REQUEST_BYTES_MAX: u64 = 1_024;

/// The time in which a request must come, and the time in which its answer must be taken.
const IO_TIME: Duration = Duration::from_secs(5);

/// Connections at a time. Each may be slow; operators are few.
const CONNECTIONS_MAX: usize = 4;

/// A request of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum ControlRequest {
    /// Read the files again now.
    Reload {
        /// Whether the new knowledge may drop more entries than a reload otherwise may.
        #[serde(default)]
        allow_loss: bool,
    },
}

/// The answer to a request.
#[derive(Debug, Serialize)]
pub struct ControlAnswer {
    /// `loaded`, `unchanged`, `refused` or `failed`; `bad_request` for what is no request.
    outcome: &'static str,
    /// The hash of the new knowledge.
    #[serde(skip_serializing_if = "Option::is_none")]
    knowledge: Option<String>,
    /// The number of warnings in the files of the new knowledge.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<usize>,
    /// What kind of refusal: `files`, `mistakes`, `matching`, `floors` or `loss`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'static str>,
    /// Why the old knowledge is still served, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// All findings in the files, if there are mistakes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Diagnostic>,
}

impl ControlAnswer {
    fn bare(outcome: &'static str) -> Self {
        Self {
            outcome,
            knowledge: None,
            warnings: None,
            refusal: None,
            reason: None,
            diagnostics: Vec::new(),
        }
    }

    fn of(outcome: ReloadOutcome) -> Self {
        match outcome {
            ReloadOutcome::Unchanged => Self::bare("unchanged"),
            ReloadOutcome::Loaded { knowledge, warnings } => Self {
                knowledge: Some(knowledge),
                warnings: Some(warnings),
                ..Self::bare("loaded")
            },
            ReloadOutcome::Refused(error) => {
                let reason = Some(error.to_string());
                let (refusal, diagnostics) = match error {
                    ReloadError::Knowledge(diagnostics) => ("mistakes", diagnostics),
                    ReloadError::Files(_) => ("files", Vec::new()),
                    ReloadError::Matching(_) => ("matching", Vec::new()),
                    ReloadError::Floors { .. } => ("floors", Vec::new()),
                    ReloadError::Loss { .. } => ("loss", Vec::new()),
                };
                Self { refusal: Some(refusal), reason, diagnostics, ..Self::bare("refused") }
            }
            ReloadOutcome::Failed => Self {
                reason: Some("the build failed or the server stops; see its log".to_owned()),
                ..Self::bare("failed")
            },
        }
    }
}

/// The socket. Its file goes when it is dropped.
#[derive(Debug)]
pub struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlSocket {
    /// Opens the socket in the data folder. The caller holds the lock of that folder, so a file of
    /// that name is left over from a server that was killed.
    pub fn open(data: &Path) -> io::Result<Self> {
        let path = data.join(CONTROL_SOCKET);
        // Nobody may connect before the mode is set: the name that others know comes last.
        // Its name is no longer than the other: a path of a socket has 107 bytes at most.
        let aside = data.join("control.new");
        remove(&aside)?;
        let listener = UnixListener::bind(&aside)?;
        fs::set_permissions(&aside, fs::Permissions::from_mode(0o600))?;
        fs::rename(&aside, &path)?;
        Ok(Self { listener, path })
    }

    /// Answers requests until the future is dropped.
    pub async fn run(self, reloader: Reloader) {
        let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            match self.listener.accept().await {
                // A connection for which there is no room is closed.
                Ok((stream, _)) => {
                    if let Ok(permit) = permits.clone().try_acquire_owned() {
                        tokio::spawn(serve(stream, reloader.clone(), permit));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the control socket cannot take a request");
                    tokio::time::sleep(IO_TIME).await;
                }
            }
        }
    }
}

async fn serve(stream: UnixStream, reloader: Reloader, _permit: OwnedSemaphorePermit) {
    if let Err(error) = answer(stream, &reloader).await {
        tracing::debug!(%error, "a request at the control socket broke off");
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.path);
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

async fn answer(stream: UnixStream, reloader: &Reloader) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = Vec::new();
    let mut read = BufReader::new(read.take(REQUEST_BYTES_MAX));
    tokio::time::timeout(IO_TIME, read.read_until(b'\n', &mut line)).await??;
    let answer = match serde_json::from_slice(&line) {
        Ok(ControlRequest::Reload { allow_loss }) => {
            tracing::info!(allow_loss, "a reload is asked for at the control socket");
            ControlAnswer::of(reloader.reload(allow_loss).await)
        }
        Err(error) => {
            ControlAnswer { reason: Some(error.to_string()), ..ControlAnswer::bare("bad_request") }
        }
    };
    let mut answer = serde_json::to_vec(&answer)?;
    answer.push(b'\n');
    tokio::time::timeout(IO_TIME, write.write_all(&answer)).await?
}
