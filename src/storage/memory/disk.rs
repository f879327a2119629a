//! The disk that there is not: whether it takes writes, and why the last one failed.

use std::{io, sync::Arc};

use crate::storage::error::StorageError;

/// How a store in memory fails, planted by a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The next append fails and nothing of it is stored.
    NextAppendIsLost,
    /// The next append is stored and its answer is a failure all the same: to the caller, a
    /// write of unknown outcome like the one above.
    NextAppendIsStoredUnseen,
    /// The next append is stored and then panics: a fault of the program itself.
    NextAppendPanics,
    /// Every write finds too many others waiting, until the fault is mended.
    Busy,
    /// Every write that would change anything finds the disk full, until the fault is mended.
    Full,
    /// Every read fails, until the fault is mended.
    Unreadable,
}

#[derive(Debug, Default)]
pub(super) struct Disk {
    pub(super) fault: Option<Fault>,
    /// Why the last write failed.
    pub(super) failure: Option<StorageError>,
    pub(super) is_closed: bool,
}

impl Disk {
    /// Before any write is looked at.
    pub(super) fn admit(&self) -> Result<(), StorageError> {
        match self.fault {
            _ if self.is_closed => Err(StorageError::Stopped),
            Some(Fault::Busy) => Err(StorageError::Busy),
            _ => Ok(()),
        }
    }

    /// Before a read.
    pub(super) fn read(&self) -> Result<(), StorageError> {
        match self.fault {
            _ if self.is_closed => Err(StorageError::Stopped),
            Some(Fault::Unreadable) => Err(planted()),
            _ => Ok(()),
        }
    }

    /// When a write is found right, before it changes anything.
    pub(super) fn change(&mut self) -> Result<(), StorageError> {
        let is_full = self.fault == Some(Fault::Full);
        self.failure = is_full.then(|| StorageError::Full(Arc::new(io::Error::other("planted"))));
        self.failure.clone().map_or(Ok(()), Err)
    }

    /// The same of an append; the answer that is to be given once it is stored.
    pub(super) fn change_by_append(&mut self) -> Result<Result<(), StorageError>, StorageError> {
        let lost = self.fault.take_if(|fault| *fault == Fault::NextAppendIsLost);
        let unseen = self.fault.take_if(|fault| *fault == Fault::NextAppendIsStoredUnseen);
        self.change()?;
        self.failure = (lost.is_some() || unseen.is_some()).then(planted);
        let answer = self.failure.clone().map_or(Ok(()), Err);
        if lost.is_some() { answer.map(Ok) } else { Ok(answer) }
    }

    /// After an append.
    pub(super) fn panic_if_planted(&mut self) {
        let planted = self.fault.take_if(|fault| *fault == Fault::NextAppendPanics);
        assert!(planted.is_none(), "planted by a test");
    }
}

fn planted() -> StorageError {
    StorageError::Io(Arc::new(io::Error::other("planted by a test")))
}
