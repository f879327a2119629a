//! The types of a database's driver stay in the folder of their engine.

use std::{fs, path::Path};

/// Each driver with the folder that may name it.
const DRIVERS: [(&str, &str); 1] = [("rusqlite", "storage/sqlite")];

#[test]
fn a_driver_is_named_in_the_folder_of_its_engine_alone() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (driver, folder) in DRIVERS {
        let mut named = Vec::new();
        find(&src, driver, &mut named);
        let home = src.join(folder);
        let (at_home, elsewhere): (Vec<_>, Vec<_>) =
            named.into_iter().partition(|path| Path::new(path).starts_with(&home));
        assert!(!at_home.is_empty(), "{driver} is found");
        assert_eq!(elsewhere, Vec::<String>::new(), "{driver} is named outside of {folder}");
    }
}

fn find(folder: &Path, word: &str, named: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            find(&path, word, named);
        } else if fs::read_to_string(&path).is_ok_and(|source| source.contains(word)) {
            named.push(path.to_str().unwrap().to_owned());
        }
    }
}
