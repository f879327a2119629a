//! The control socket in the data folder, by which an operator on the same machine asks the running
//! server for a reload.
//!
//! One connection carries one request, a line of JSON, and one answer, a line of JSON. The file
//! mode 0600 is the only permission: who may open the data folder's files may ask.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
};

use crate::knowledge::Diagnostic;
use crate::service::{ReloadError, ReloadOutcome, Reloader};

/// The name of the socket in the data folder.
pub const CONTROL_SOCKET: &str = "control.sock";

/// The longest request. The longest one that means anything has 50 bytes.
const REQUEST_BYTES_MAX: u64 = 1_024;

/// The time in which a request must come.
const REQUEST_TIME: Duration = Duration::from_secs(5);

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
    /// Why the old knowledge is still served.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// All findings in the files, if there are mistakes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Diagnostic>,
}

impl ControlAnswer {
    fn bare(outcome: &'static str) -> Self {
        Self { outcome, knowledge: None, reason: None, diagnostics: Vec::new() }
    }

    fn of(outcome: ReloadOutcome) -> Self {
        match outcome {
            ReloadOutcome::Unchanged => Self::bare("unchanged"),
            ReloadOutcome::Loaded { knowledge } => {
                Self { knowledge: Some(knowledge), ..Self::bare("loaded") }
            }
            ReloadOutcome::Refused(error) => {
                let reason = Some(error.to_string());
                let diagnostics = match error {
                    ReloadError::Knowledge(diagnostics) => diagnostics,
                    ReloadError::Files(_)
                    | ReloadError::Matching(_)
                    | ReloadError::Floors { .. }
                    | ReloadError::Loss { .. } => Vec::new(),
                };
                Self { reason, diagnostics, ..Self::bare("refused") }
            }
            ReloadOutcome::Failed => Self {
                reason: Some("see the log of the server".to_owned()),
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
        let aside = data.join(format!("{CONTROL_SOCKET}.new"));
        remove(&aside)?;
        let listener = UnixListener::bind(&aside)?;
        fs::set_permissions(&aside, fs::Permissions::from_mode(0o600))?;
        fs::rename(&aside, &path)?;
        Ok(Self { listener, path })
    }

    /// Answers one request after the other until the future is dropped.
    pub async fn run(self, reloader: Reloader) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    if let Err(error) = answer(stream, &reloader).await {
                        tracing::debug!(%error, "a request at the control socket broke off");
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the control socket cannot take a request");
                    tokio::time::sleep(REQUEST_TIME).await;
                }
            }
        }
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
    tokio::time::timeout(REQUEST_TIME, read.read_until(b'\n', &mut line)).await??;
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
    write.write_all(&answer).await
}
