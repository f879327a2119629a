//! The file of the second encoder, where an operator names one.

use std::{fs, io, path::Path, sync::Arc};

use super::error::FilesError;
use crate::matching::Encoder;

/// A larger file is no encoder: the largest one that is read has fewer bytes.
const BYTES_MAX: u64 = 512 << 20;

/// Reads an encoder. Unlike a trained table it was asked for by its name, so that a missing file
/// is a mistake as well.
pub fn read_encoder(path: &Path) -> Result<Arc<Encoder>, FilesError> {
    let failed = |source| FilesError::Read(path.to_owned(), source);
    if fs::metadata(path).map_err(failed)?.len() > BYTES_MAX {
        return Err(failed(io::Error::other("the file is too large for an encoder")));
    }
    let bytes = fs::read(path).map_err(failed)?;
    let encoder = Encoder::parse(&bytes).map_err(|error| failed(io::Error::other(error)))?;
    Ok(Arc::new(encoder))
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn what_is_no_encoder_is_told_with_its_path_and_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("encoder.bin");
        let told = || {
            let error = read_encoder(&path).unwrap_err();
            format!("{error}: {}", error.source().unwrap())
        };
        assert!(told().contains("encoder.bin"), "{}", told());
        fs::write(&path, b"KEFUENC0 and rubbish").unwrap();
        assert!(told().contains("encoder.bin") && told().contains("another version"), "{}", told());
        fs::write(&path, [&b"KEFUENC1"[..], &[0; 40]].concat()).unwrap();
        assert!(told().contains("checksum"), "{}", told());
        let large = fs::File::create(&path).unwrap();
        large.set_len(BYTES_MAX + 1).unwrap();
        assert!(told().contains("too large"), "{}", told());
    }
}
