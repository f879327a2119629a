//! Hashes of files, and the name of a snapshot.

use sha2::{Digest, Sha256};

use super::diagnostics::source::SourceFile;
use crate::text::hex;

/// SHA-256 of the bytes of a file.
pub(crate) type Hash = [u8; 32];

pub(crate) fn hash(file: &SourceFile) -> Hash {
    Sha256::digest(&file.bytes).into()
}

/// The name of the snapshot of these files: a hash over their paths, the hashes of their bytes, and
/// the version of kefu.
pub(crate) fn name<'f>(files: impl IntoIterator<Item = (&'f SourceFile, &'f Hash)>) -> String {
    let mut sha = Sha256::new();
    // Lengths come first, so that two sets of files never give the same bytes.
    let mut part = |bytes: &[u8]| {
        sha.update((bytes.len() as u64).to_le_bytes());
        sha.update(bytes);
    };
    for (file, hash) in files {
        part(file.path.as_bytes());
        part(hash);
    }
    part(env!("CARGO_PKG_VERSION").as_bytes());
    hex(&sha.finalize())
}

/// The name of these files, in whatever order they come: equal for equal paths and bytes.
pub fn files_name(files: &[SourceFile]) -> String {
    let mut hashed: Vec<(&SourceFile, Hash)> =
        files.iter().map(|file| (file, hash(file))).collect();
    hashed.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    name(hashed.iter().map(|(file, hash)| (*file, hash)))
}
