//! The control socket in the data folder, by which an operator on the same machine asks the running
//! server for a reload.
//!
//! One connection carries one request, a line of JSON, and one answer, a line of JSON. The file
//! mode 0600 is the only permission: users with access to the data folder may ask.

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

/// Connections beyond those that are told that the server is busy, at a time.
const REFUSED_CONNECTIONS_MAX: usize = 16;

/// The longest diagnostics of an answer together, which stays below what a client reads.
const DIAGNOSTICS_BYTES_MAX: usize = 8 << 20;

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

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlOutcome {
    /// The new knowledge is served.
    Loaded,
    /// The files are those that are served.
    Unchanged,
    /// The old knowledge is still served, because of the files.
    Refused,
    /// The old knowledge is still served, because of the server.
    Failed,
    /// The line was no request.
    BadRequest,
    /// The server has other requests to answer.
    Busy,
}

/// Why new knowledge is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReloadRefusal {
    /// The files cannot be read.
    Files,
    /// The files have mistakes.
    Mistakes,
    /// No index can be made of them.
    Matching,
    /// A floor of the tests is not kept.
    Floors,
    /// Too many entries are gone.
    Loss,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlAnswer {
    /// What came of it.
    pub outcome: ControlOutcome,
    /// The hash of the new knowledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knowledge: Option<String>,
    /// The number of warnings in the files of the new knowledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<usize>,
    /// Why it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<ReloadRefusal>,
    /// Why the old knowledge is still served, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The findings in the files, if there are mistakes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
    /// The number of findings beyond the length of an answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl ControlAnswer {
    fn bare(outcome: ControlOutcome) -> Self {
        Self {
            outcome,
            knowledge: None,
            warnings: None,
            refusal: None,
            reason: None,
            diagnostics: Vec::new(),
            left_out: 0,
        }
    }

    fn of(outcome: ReloadOutcome) -> Self {
        match outcome {
            ReloadOutcome::Unchanged => Self::bare(ControlOutcome::Unchanged),
            ReloadOutcome::Loaded { knowledge, warnings } => Self {
                knowledge: Some(knowledge),
                warnings: Some(warnings),
                ..Self::bare(ControlOutcome::Loaded)
            },
            ReloadOutcome::Refused(error) => {
                let reason = Some(error.to_string());
                let (refusal, diagnostics) = match error {
                    ReloadError::Knowledge(diagnostics) => (ReloadRefusal::Mistakes, diagnostics),
                    ReloadError::Files(_) => (ReloadRefusal::Files, Vec::new()),
                    ReloadError::Matching(_) => (ReloadRefusal::Matching, Vec::new()),
                    ReloadError::Floors { .. } => (ReloadRefusal::Floors, Vec::new()),
                    ReloadError::Loss { .. } => (ReloadRefusal::Loss, Vec::new()),
                };
                let bare = Self::bare(ControlOutcome::Refused);
                Self { refusal: Some(refusal), reason, ..bare }.with(diagnostics)
            }
            ReloadOutcome::Failed => Self {
                reason: Some("the build failed or the server stops; see its log".to_owned()),
                ..Self::bare(ControlOutcome::Failed)
            },
        }
    }

    /// Adds as many of the diagnostics as an answer may hold, and counts the others.
    fn with(mut self, diagnostics: Vec<Diagnostic>) -> Self {
        let mut room = DIAGNOSTICS_BYTES_MAX;
        for found in diagnostics {
            let length = serde_json::to_vec(&found).map_or(usize::MAX, |json| json.len());
            match room.checked_sub(length).filter(|_| self.left_out == 0) {
                Some(left) => {
                    room = left;
                    self.diagnostics.push(found);
                }
                None => self.left_out += 1,
            }
        }
        self
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
        let refusals = Arc::new(Semaphore::new(REFUSED_CONNECTIONS_MAX));
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    if let Ok(permit) = permits.clone().try_acquire_owned() {
                        tokio::spawn(serve(stream, Some(reloader.clone()), permit));
                    } else if let Ok(permit) = refusals.clone().try_acquire_owned() {
                        tokio::spawn(serve(stream, None, permit));
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

/// Answers one connection. Without a reloader the server is busy.
async fn serve(stream: UnixStream, reloader: Option<Reloader>, _permit: OwnedSemaphorePermit) {
    if let Err(error) = answer(stream, reloader.as_ref()).await {
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

async fn answer(stream: UnixStream, reloader: Option<&Reloader>) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = Vec::new();
    let mut read = BufReader::new(read.take(REQUEST_BYTES_MAX));
    // Also when busy: a client must be able to write its request before it reads.
    tokio::time::timeout(IO_TIME, read.read_until(b'\n', &mut line)).await??;
    let answer = match (serde_json::from_slice(&line), reloader) {
        (Ok(ControlRequest::Reload { allow_loss }), Some(reloader)) => {
            tracing::info!(allow_loss, "a reload is asked for at the control socket");
            ControlAnswer::of(reloader.reload(allow_loss).await)
        }
        (Ok(ControlRequest::Reload { .. }), None) => ControlAnswer::bare(ControlOutcome::Busy),
        (Err(error), _) => ControlAnswer {
            reason: Some(error.to_string()),
            ..ControlAnswer::bare(ControlOutcome::BadRequest)
        },
    };
    let mut answer = serde_json::to_vec(&answer)?;
    answer.push(b'\n');
    tokio::time::timeout(IO_TIME, write.write_all(&answer)).await?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{SourceFile, load};

    #[test]
    fn an_answer_counts_the_diagnostics_beyond_its_length() {
        let file = SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: b"x: 1".to_vec() };
        let found = load(&[file], jiff::civil::date(2026, 11, 22)).diagnostics.remove(0);
        let long = |bytes: usize| Diagnostic { reason: "a".repeat(bytes), ..found.clone() };
        let third = DIAGNOSTICS_BYTES_MAX / 3;
        let cases = [
            // (what it shows, lengths, diagnostics, left out)
            ("two that fit", vec![third, third], 2, 0),
            ("a third that does not, and those after it", vec![third, third, third, 1], 2, 2),
            ("one that is too long", vec![DIAGNOSTICS_BYTES_MAX], 0, 1),
        ];
        for (shows, lengths, kept, left_out) in cases {
            let all = lengths.into_iter().map(long).collect();
            let answer = ControlAnswer::bare(ControlOutcome::Refused).with(all);
            assert_eq!((answer.diagnostics.len(), answer.left_out), (kept, left_out), "{shows}");
            let json = serde_json::to_string(&answer).unwrap();
            assert!(json.len() < DIAGNOSTICS_BYTES_MAX + 1_024, "{shows}");
            assert_eq!(serde_json::from_str::<ControlAnswer>(&json).unwrap(), answer, "{shows}");
        }
    }
}
