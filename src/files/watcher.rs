//! Watches the files of a root and the embedding table.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use notify::{
    EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{AccessKind, AccessMode},
};
use tokio::sync::mpsc::{Receiver, Sender};

use super::{error::FilesError, root::FOLDERS, table::is_table};

/// An editor writes a file in several steps: reading waits for this pause after the last one.
const SETTLE: Duration = Duration::from_millis(50);

/// A file that never stops changing is read after this time.
const SETTLE_MAX: Duration = Duration::from_secs(1);

/// Watches the folders of a root until it is dropped.
///
/// One change on disk makes many events. The receiver waits with [`settle`], calls
/// [`renew`](Watcher::renew) and reads the root again.
#[derive(Debug)]
pub struct Watcher {
    root: PathBuf,
    watcher: RecommendedWatcher,
}

impl Watcher {
    /// Watches `knowledge/` and `intents/` below a root. `on_change` needs room for one message: a
    /// full channel already means “look again”, so further messages are dropped.
    pub fn new(root: &Path, on_change: Sender<()>) -> Result<Watcher, FilesError> {
        let failed = |error| FilesError::Watch(root.to_owned(), error);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error may hide changes, and an extra look does no harm.
            if event.is_ok_and(|event| !is_change(event.kind)) {
                return;
            }
            // Full: a look is already due. Closed: the receiver is gone.
            let _ = on_change.try_send(());
        })
        .map_err(failed)?;
        let mut watcher = Watcher { root: root.to_owned(), watcher };
        // The root is watched, too, to notice a replaced folder.
        watcher.watcher.watch(root, RecursiveMode::NonRecursive).map_err(failed)?;
        watcher.renew()?;
        Ok(watcher)
    }

    /// Watches the folders again, because a replaced folder is no longer watched.
    pub fn renew(&mut self) -> Result<(), FilesError> {
        for folder in FOLDERS {
            let path = self.root.join(folder);
            let watched = self.watcher.watch(&path, RecursiveMode::Recursive);
            watched.map_err(|error| FilesError::Watch(path, error))?;
        }
        Ok(())
    }
}

/// Watches the embedding table of a data folder until it is dropped. Writing, replacing and
/// removing it are changes.
#[derive(Debug)]
pub struct TableWatcher {
    _watcher: RecommendedWatcher,
}

impl TableWatcher {
    /// Watches the table in this folder. The folder must exist, the table need not. For `on_change`
    /// see [`Watcher::new`].
    pub fn new(data: &Path, on_change: Sender<()>) -> Result<TableWatcher, FilesError> {
        let failed = |error| FilesError::Watch(data.to_owned(), error);
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // The journal is in the same folder and changes all the time.
                let is_other = |event: notify::Event| {
                    !is_change(event.kind) || !event.paths.iter().any(|path| is_table(path))
                };
                if !event.is_ok_and(is_other) {
                    let _ = on_change.try_send(());
                }
            })
            .map_err(failed)?;
        watcher.watch(data, RecursiveMode::NonRecursive).map_err(failed)?;
        Ok(TableWatcher { _watcher: watcher })
    }
}

/// Waits until a watched root has been quiet for a moment. Takes all messages until then.
pub async fn settle(changes: &mut Receiver<()>) {
    let quiet =
        async { while let Ok(Some(())) = tokio::time::timeout(SETTLE, changes.recv()).await {} };
    // A root that never gets quiet is read as it is.
    let _ = tokio::time::timeout(SETTLE_MAX, quiet).await;
}

/// Whether an event may mean new contents. Reading a file makes events, too, and following those
/// would never end.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tokio::{sync::mpsc, time::timeout};

    use super::*;

    #[test]
    fn reading_is_no_change() {
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(is_change(EventKind::Access(AccessKind::Close(AccessMode::Write))));
    }

    #[tokio::test]
    async fn a_table_is_noticed_however_it_comes_and_goes_and_its_neighbours_are_not() {
        let limit = Duration::from_secs(10);
        let dir = tempfile::tempdir().unwrap();
        let (sender, mut changes) = mpsc::channel(1);
        let _watcher = TableWatcher::new(dir.path(), sender).unwrap();
        let table = dir.path().join("static-table.bin");
        let mut noticed = async |shows| {
            assert!(timeout(limit, changes.recv()).await.is_ok(), "{shows}");
            settle(&mut changes).await;
        };

        fs::write(&table, "table").unwrap();
        noticed("written").await;
        fs::write(dir.path().join("kefu.sqlite3"), "journal").unwrap();
        let other = dir.path().join("static-table.new");
        fs::write(&other, "other table").unwrap();
        fs::rename(other, &table).unwrap();
        noticed("replaced").await;
        fs::remove_file(&table).unwrap();
        noticed("removed").await;

        // What is written last is noticed last: there was nothing before it.
        fs::write(dir.path().join("kefu.sqlite3"), "more of the journal").unwrap();
        fs::write(dir.path().join("static-table.bin"), "table").unwrap();
        noticed("written again").await;
        assert!(changes.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_new_file_and_a_replaced_folder_are_noticed() {
        let limit = Duration::from_secs(10);
        let dir = tempfile::tempdir().unwrap();
        for folder in FOLDERS {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let (sender, mut changes) = mpsc::channel(1);
        let mut watcher = Watcher::new(dir.path(), sender).unwrap();

        fs::write(dir.path().join("knowledge/a.yaml"), "version: 1").unwrap();
        timeout(limit, changes.recv()).await.unwrap().unwrap();

        fs::rename(dir.path().join("knowledge"), dir.path().join("old")).unwrap();
        fs::create_dir(dir.path().join("knowledge")).unwrap();
        timeout(limit, changes.recv()).await.unwrap().unwrap();
        watcher.renew().unwrap();
        fs::write(dir.path().join("knowledge/b.yaml"), "version: 1").unwrap();
        timeout(limit, changes.recv()).await.unwrap().unwrap();
    }
}
