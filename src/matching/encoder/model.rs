//! The encoder: pieces, their rows, and the network over them.

use sha2::{Digest, Sha256};

use super::{network::Network, pieces::PieceCutter, vector::SentenceVector};
use crate::text::hex;

/// A second encoder of texts, read from a file.
///
/// It is slow beside the embeddings, a millisecond a text, and sees the order of words. So it is
/// asked only where the first ranking is not sure, and only in knowledge bases with few wordings.
/// A text has the same vector on every machine.
#[derive(Clone)]
pub struct Encoder {
    pub(super) pieces: PieceCutter,
    pub(super) rows: PieceRows,
    pub(super) network: Network,
    /// SHA-256 of its file, in lower-case hex.
    pub(super) hash: String,
}

/// The rows of the pieces, as 8-bit numbers with a scale and an offset for each row.
#[derive(Clone, Debug)]
pub(super) struct PieceRows {
    pub(super) numbers: Vec<u8>,
    pub(super) scales: Vec<f32>,
    pub(super) offsets: Vec<f32>,
}

impl Encoder {
    /// The vector of a text, of length one. Normalised texts are expected: the encoder knows
    /// neither full-width letters nor capitals as such. The first 128 characters count.
    pub fn encode(&self, text: &str) -> Vec<f32> {
        let width = self.network.dimensions;
        let pieces = self.pieces.cut(text);
        let mut rows = Vec::with_capacity(pieces.len() * width);
        for piece in pieces {
            let piece = piece as usize;
            let (scale, offset) = (self.rows.scales[piece], self.rows.offsets[piece]);
            let numbers = &self.rows.numbers[piece * width..(piece + 1) * width];
            rows.extend(numbers.iter().map(|&number| f32::from(number) * scale + offset));
        }
        self.network.run(&rows)
    }

    /// The same in little memory.
    pub(crate) fn sentence(&self, text: &str) -> SentenceVector {
        SentenceVector::new(&self.encode(text))
    }

    /// The hash of a knowledge base with this encoder: SHA-256, in lower-case hex, of the base's own
    /// hash and that of the encoder's file.
    pub(crate) fn hash_with(&self, base: &str) -> String {
        hex(&Sha256::new().chain_update(base).chain_update(&self.hash).finalize())
    }
}

impl PartialEq for Encoder {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("hash", &self.hash).finish_non_exhaustive()
    }
}
