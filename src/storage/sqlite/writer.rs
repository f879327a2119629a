//! The writer thread.
//!
//! It puts up to [`BATCH`] waiting commands into one transaction: one fsync for many. Each command
//! has a savepoint, so that a refused command fails alone. A caller is answered after the commit is
//! on disk.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::sync::{mpsc, oneshot};

use super::{session::SqliteSession, statements};
use crate::storage::error::StorageError;

/// Commands that may wait. A further one is refused as [`StorageError::Busy`].
pub(super) const WAITING: usize = 1_024;

/// Commands in one transaction. A larger batch gains little, and its first command waits for its
/// last.
const BATCH: usize = 256;

/// A command with its result type erased, so that all commands wait in one queue.
trait WriteJob: Send {
    /// Writes within the open transaction. An error means that this command was refused.
    fn run(&mut self, session: &SqliteSession) -> Result<(), StorageError>;
    /// Answers the caller with the result, or with why the whole transaction was lost.
    fn answer(self: Box<Self>, lost: Option<StorageError>);
}

enum Message {
    Write(Box<dyn WriteJob>),
    Close,
}

struct Write<T, F> {
    work: Option<F>,
    result: Result<T, StorageError>,
    reply: oneshot::Sender<Result<T, StorageError>>,
}

impl<T, F> WriteJob for Write<T, F>
where
    T: Send,
    F: FnOnce(&SqliteSession) -> Result<T, StorageError> + Send,
{
    fn run(&mut self, session: &SqliteSession) -> Result<(), StorageError> {
        if let Some(work) = self.work.take() {
            self.result = work(session);
        }
        self.result.as_ref().map(|_| ()).map_err(StorageError::clone)
    }

    fn answer(self: Box<Self>, lost: Option<StorageError>) {
        // The caller may be gone; the write stands.
        let _ = self.reply.send(lost.map_or(self.result, Err));
    }
}

/// The writer thread's mailbox. Dropping it waits until all accepted writes are stored.
#[derive(Debug)]
pub(super) struct Writer {
    mailbox: Option<mpsc::Sender<Message>>,
    thread: Option<thread::JoinHandle<()>>,
    failure: Arc<Mutex<Option<StorageError>>>,
}

impl Writer {
    pub(super) fn start(session: SqliteSession) -> io::Result<Self> {
        let (mailbox, waiting) = mpsc::channel(WAITING);
        let failure = Arc::new(Mutex::new(None));
        let told = Arc::clone(&failure);
        let thread = thread::Builder::new()
            .name("kefu-writer".to_owned())
            .spawn(move || write_all(session, waiting, &told))?;
        Ok(Self { mailbox: Some(mailbox), thread: Some(thread), failure })
    }

    /// Runs `work` in a transaction. Returns its result once it is on disk.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteSession) -> Result<T, StorageError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let write = Write { work: Some(work), result: Err(StorageError::Stopped), reply };
        let mailbox = self.mailbox.as_ref().ok_or(StorageError::Stopped)?;
        mailbox.try_send(Message::Write(Box::new(write))).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StorageError::Busy,
            mpsc::error::TrySendError::Closed(_) => StorageError::Stopped,
        })?;
        answer.await.unwrap_or(Err(StorageError::Stopped))
    }

    /// Why the last transaction failed; `None` if it succeeded.
    pub(super) fn failure(&self) -> Option<StorageError> {
        if self.mailbox.as_ref().is_none_or(mpsc::Sender::is_closed) {
            return Some(StorageError::Stopped);
        }
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stores the accepted writes, refuses further ones, and returns when the file is closed.
    pub(super) async fn close(&self) {
        if let Some(mailbox) = &self.mailbox {
            // An error means that it is closed already.
            let _ = mailbox.send(Message::Close).await;
            mailbox.closed().await;
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.mailbox = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the storage writer had panicked");
        }
    }
}

fn write_all(
    session: SqliteSession,
    mut waiting: mpsc::Receiver<Message>,
    failure: &Mutex<Option<StorageError>>,
) {
    let mut messages = Vec::with_capacity(BATCH);
    let mut open = true;
    while open && waiting.blocking_recv_many(&mut messages, BATCH) > 0 {
        let mut batch = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match message {
                Message::Write(command) if open => batch.push(command),
                Message::Write(late) => late.answer(Some(StorageError::Stopped)),
                Message::Close => open = false,
            }
        }
        let lost = match write_batch(&session, &mut batch) {
            Ok(news) => {
                note(failure, news);
                None
            }
            Err(error) => {
                note(failure, BatchEffect::Failed(error.clone()));
                Some(error)
            }
        };
        for command in batch {
            command.answer(lost.clone());
        }
    }
    // Closes the file first: a caller that waits for the mailbox to close may open the folder next.
    drop(session);
    drop(waiting);
}

/// What a batch shows about the disk.
enum BatchEffect {
    /// Nothing: no command changed a row.
    None,
    Wrote,
    Failed(StorageError),
}

/// Commits what it can. An error means that nothing was stored.
fn write_batch(
    session: &SqliteSession,
    batch: &mut [Box<dyn WriteJob>],
) -> Result<BatchEffect, StorageError> {
    if batch.is_empty() {
        return Ok(BatchEffect::None);
    }
    let outcome = try_batch(session, batch);
    if outcome.is_err()
        && session.is_in_transaction()
        && let Err(error) = session.execute(statements::ROLLBACK, [])
    {
        tracing::error!(error = &error as &dyn std::error::Error, "failed to roll back");
    }
    outcome
}

fn try_batch(
    session: &SqliteSession,
    batch: &mut [Box<dyn WriteJob>],
) -> Result<BatchEffect, StorageError> {
    let mut wrote = false;
    let mut failed = None;
    session.execute(statements::BEGIN, [])?;
    for command in batch {
        session.execute(statements::BEGIN_COMMAND, [])?;
        let changes = session.changes();
        match command.run(session) {
            Ok(()) => wrote |= session.changes() > changes,
            Err(error) => {
                // When the disk is full SQLite may roll back the whole transaction by itself,
                // including the commands before this one.
                if !session.is_in_transaction() {
                    return Err(error);
                }
                session.execute(statements::UNDO_COMMAND, [])?;
                failed = Some(error).filter(StorageError::is_outage).or(failed);
            }
        }
        session.execute(statements::KEEP_COMMAND, [])?;
    }
    session.execute(statements::COMMIT, [])?;
    Ok(match failed {
        Some(error) => BatchEffect::Failed(error),
        None if wrote => BatchEffect::Wrote,
        None => BatchEffect::None,
    })
}

/// Keeps the failure for `/readyz`. Logs its start and its end once.
fn note(failure: &Mutex<Option<StorageError>>, news: BatchEffect) {
    let mut last = failure.lock().unwrap_or_else(PoisonError::into_inner);
    match news {
        BatchEffect::None => {}
        BatchEffect::Wrote => {
            if last.take().is_some() {
                tracing::info!("writes to the store succeed again");
            }
        }
        BatchEffect::Failed(error) => {
            if last.is_none() {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "failed to write to the store"
                );
            }
            *last = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::Pin,
        sync::mpsc,
        task::{Context, Poll, Waker},
    };

    use rusqlite::Connection;

    use super::{super::failure::failure, *};

    fn lines() -> SqliteSession {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE line (n INTEGER PRIMARY KEY, parent INTEGER REFERENCES line (n))",
        )
        .unwrap();
        SqliteSession::new(conn)
    }

    fn stored(session: &SqliteSession) -> Vec<i64> {
        let conn = session.raw();
        // In the order of writing, because every n here is larger than the last.
        let mut statement = conn.prepare("SELECT n FROM line ORDER BY n").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    type Work = fn(&SqliteSession) -> Result<u64, StorageError>;

    /// Runs these writes in one transaction. Returns the answers and what the batch shows about the
    /// disk.
    fn batch(session: &SqliteSession, writes: &[Work]) -> (Vec<String>, &'static str) {
        let (mut batch, answers): (Vec<Box<dyn WriteJob>>, Vec<_>) = writes
            .iter()
            .map(|&work| {
                let (reply, answer) = oneshot::channel();
                let result = Err(StorageError::Stopped);
                (Box::new(Write { work: Some(work), result, reply }) as Box<dyn WriteJob>, answer)
            })
            .unzip();
        let outcome = write_batch(session, &mut batch);
        assert!(!session.is_in_transaction(), "no transaction is left open");
        let lost = outcome.as_ref().err().cloned();
        for command in batch {
            command.answer(lost.clone());
        }
        let answers = answers.into_iter().map(|mut answer| match answer.try_recv().unwrap() {
            Ok(value) => format!("ok {value}"),
            Err(error) => error.to_string(),
        });
        let news = match outcome {
            Ok(BatchEffect::None) => "none",
            Ok(BatchEffect::Wrote) => "wrote",
            Ok(BatchEffect::Failed(_)) => "failed",
            Err(_) => "lost",
        };
        (answers.collect(), news)
    }

    fn next(session: &SqliteSession) -> Result<u64, StorageError> {
        let sql = "INSERT INTO line (n) SELECT coalesce(max(n), 0) + 1 FROM line RETURNING n";
        let added = session.raw().query_row(sql, [], |row| row.get::<_, i64>(0));
        added.map(|n| n as u64).map_err(failure)
    }

    fn refused(session: &SqliteSession) -> Result<u64, StorageError> {
        next(session)?;
        Err(StorageError::NameTaken)
    }

    fn broken(session: &SqliteSession) -> Result<u64, StorageError> {
        next(session)?;
        Err(StorageError::Corrupt { what: "a test".to_owned() })
    }

    /// The fault shows only at the commit, which then fails.
    fn poison(session: &SqliteSession) -> Result<u64, StorageError> {
        let conn = session.raw();
        conn.pragma_update(None, "defer_foreign_keys", true).map_err(failure)?;
        conn.execute("INSERT INTO line (n, parent) VALUES (99, -1)", []).map_err(failure)?;
        Ok(99)
    }

    /// `SQLite` does this by itself on some full disks and I/O errors.
    fn given_up(session: &SqliteSession) -> Result<u64, StorageError> {
        session.raw().execute_batch("ROLLBACK").unwrap();
        Err(StorageError::Corrupt { what: "a test".to_owned() })
    }

    #[test]
    fn a_refused_command_fails_alone_and_a_lost_transaction_fails_all() {
        type Case<'a> = (&'a str, &'a [Work], &'a [&'a str], &'a str, &'a [i64]);
        let damaged = "the stored data is damaged: a test";
        let clash = "the write contradicts what is stored";
        let cases: [Case<'_>; 6] = [
            ("in order", &[next, next, next], &["ok 1", "ok 2", "ok 3"], "wrote", &[1, 2, 3]),
            (
                "one refused",
                &[next, refused, next],
                &["ok 1", "the name is taken", "ok 2"],
                "wrote",
                &[1, 2],
            ),
            ("only refused", &[refused], &["the name is taken"], "none", &[]),
            ("one failed", &[broken, next], &[damaged, "ok 1"], "failed", &[1]),
            ("commit failed", &[next, poison, next], &[clash; 3], "lost", &[]),
            ("given up", &[next, given_up, next], &[damaged; 3], "lost", &[]),
        ];
        for (shows, writes, answers, news, rows) in cases {
            let session = lines();
            session.raw().pragma_update(None, "foreign_keys", true).unwrap();
            let (answered, told) = batch(&session, writes);
            assert_eq!(answered, answers, "{shows}");
            assert_eq!(told, news, "{shows}");
            assert_eq!(stored(&session), rows, "{shows}");
            assert_eq!(batch(&session, &[next]).1, "wrote", "{shows}: the next batch works");
        }
    }

    type Waiting<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + 'a>>;

    /// Hands the command to the mailbox, without waiting for its answer.
    fn post<'a, T>(
        write: impl Future<Output = Result<T, StorageError>> + 'a,
    ) -> Result<Waiting<'a, T>, StorageError> {
        let mut write: Waiting<'a, T> = Box::pin(write);
        match write.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Ok(write),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(_)) => panic!("answered while the writer was held"),
        }
    }

    /// A command that holds the writer until it is released.
    fn hold(writer: &Writer) -> (Waiting<'_, ()>, mpsc::Sender<()>) {
        let (started, start) = mpsc::channel();
        let (go, gate) = mpsc::channel();
        let held = writer.write(move |_| {
            started.send(()).unwrap();
            gate.recv().unwrap();
            Ok(())
        });
        let held = post(held).unwrap();
        start.recv().unwrap();
        (held, go)
    }

    #[tokio::test]
    async fn a_full_mailbox_is_busy_and_keeps_its_order() {
        let writer = Writer::start(lines()).unwrap();
        let (held, go) = hold(&writer);
        let waiting: Vec<_> = (0..WAITING).map(|_| post(writer.write(next)).unwrap()).collect();
        assert!(matches!(post(writer.write(next)), Err(StorageError::Busy)));
        assert!(writer.failure().is_none(), "back-pressure is no outage");

        go.send(()).unwrap();
        held.await.unwrap();
        for (place, write) in waiting.into_iter().enumerate() {
            assert_eq!(write.await.unwrap(), place as u64 + 1);
        }
    }

    #[tokio::test]
    async fn closing_writes_what_was_taken_and_refuses_the_rest() {
        let writer = Writer::start(lines()).unwrap();
        let (held, go) = hold(&writer);
        let before = post(writer.write(next)).unwrap();
        let mut close = Box::pin(writer.close());
        assert!(close.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let after = post(writer.write(next)).unwrap();

        go.send(()).unwrap();
        close.await;
        held.await.unwrap();
        assert_eq!(before.await.unwrap(), 1);
        assert!(matches!(after.await, Err(StorageError::Stopped)));
        assert!(matches!(writer.write(next).await, Err(StorageError::Stopped)));
        assert!(matches!(writer.failure(), Some(StorageError::Stopped)));
        writer.close().await;
    }
}
