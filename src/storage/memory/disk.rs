//! A simulated disk: whether it takes writes, and why the last write failed.

use std::{io, sync::Arc};

use crate::storage::error::StorageError;

/// A failure of a store in memory, planted by a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The next append fails, and nothing of it is stored.
    NextAppendIsLost,
    /// The next append is stored, but answers with a failure. Its caller cannot tell it from the
    /// case above.
    NextAppendIsStoredUnseen,
    /// The next append is stored and then panics, like a fault of the program.
    NextAppendPanics,
    /// Every write is refused as busy, until the fault is mended.
    Busy,
    /// Every write that changes anything finds the disk full, until the fault is mended.
    Full,
    /// Every read fails, until the fault is mended.
    Unreadable,
}

#[derive(Debug, Default)]
pub(super) struct Disk {
    pub(super) fault: Option<Fault>,
    /// Why the last write failed; `None` if it succeeded.
    pub(super) failure: Option<StorageError>,
    pub(super) is_closed: bool,
}

impl Disk {
    /// Called before a write is checked.
    pub(super) fn admit(&self) -> Result<(), StorageError> {
        match self.fault {
            _ if self.is_closed => Err(StorageError::Stopped),
            Some(Fault::Busy) => Err(StorageError::Busy),
            _ => Ok(()),
        }
    }

    /// Called before a read.
    pub(super) fn read(&self) -> Result<(), StorageError> {
        match self.fault {
            _ if self.is_closed => Err(StorageError::Stopped),
            Some(Fault::Unreadable) => Err(planted()),
            _ => Ok(()),
        }
    }

    /// Called after a write was checked and before it changes anything.
    pub(super) fn change(&mut self) -> Result<(), StorageError> {
        let is_full = self.fault == Some(Fault::Full);
        self.failure = is_full.then(|| StorageError::Full(Arc::new(io::Error::other("planted"))));
        self.failure.clone().map_or(Ok(()), Err)
    }

    /// As [`Self::change`], for an append. Returns the answer to give once it is stored.
    pub(super) fn change_by_append(&mut self) -> Result<Result<(), StorageError>, StorageError> {
        let lost = self.fault.take_if(|fault| *fault == Fault::NextAppendIsLost);
        let unseen = self.fault.take_if(|fault| *fault == Fault::NextAppendIsStoredUnseen);
        self.change()?;
        self.failure = (lost.is_some() || unseen.is_some()).then(planted);
        let answer = self.failure.clone().map_or(Ok(()), Err);
        if lost.is_some() { answer.map(Ok) } else { Ok(answer) }
    }

    /// Called after an append.
    pub(super) fn panic_if_planted(&mut self) {
        let planted = self.fault.take_if(|fault| *fault == Fault::NextAppendPanics);
        assert!(planted.is_none(), "planted by a test");
    }
}

fn planted() -> StorageError {
    StorageError::Io(Arc::new(io::Error::other("planted by a test")))
}
