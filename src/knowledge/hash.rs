//! The names of files and of what they say together.

use sha2::{Digest, Sha256};

use super::diagnostics::source::SourceFile;
use crate::text::hex;

/// SHA-256 of a file.
pub(crate) type Hash = [u8; 32];

pub(crate) fn hash(file: &SourceFile) -> Hash {
    Sha256::digest(&file.bytes).into()
}

/// The name of what these files, with the hashes of their bytes, say to this version of the
/// engine.
pub(crate) fn name<'f>(files: impl IntoIterator<Item = (&'f SourceFile, &'f Hash)>) -> String {
    let mut sha = Sha256::new();
    // Lengths go first, so that no two sets of files run together to the same bytes.
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
