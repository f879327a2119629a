//! The bytes of tiny encoder files for tests. Other test binaries include this file by its path, so
//! it uses nothing of the crate.

use sha2::{Digest, Sha256};

/// The sizes of a toy and what is written into it.
pub(crate) struct ToyEncoder<'t> {
    /// Pieces with a text; the special ones come before them.
    pub(crate) pieces: &'t [&'t str],
    /// The length of a row, the widths of a branch, of the sum and within, the length of a vector.
    pub(crate) sizes: [u32; 5],
    /// The number in a piece's row, by piece and place.
    pub(crate) row: &'t dyn Fn(usize, usize) -> u8,
    /// A number in a matrix, by matrix, input and output.
    pub(crate) weight: &'t dyn Fn(usize, usize, usize) -> i8,
    /// The step of a matrix, by matrix.
    pub(crate) step: &'t dyn Fn(usize) -> f32,
    /// Every bias, scale and offset of a layer.
    pub(crate) constant: f32,
}

impl ToyEncoder<'_> {
    /// The file: a single branch that sees each piece and the one after it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let [dimensions, width, middle, hidden, output] = self.sizes.map(|size| size as usize);
        let count = self.pieces.len() + 3;
        let mut body = (count as u32).to_le_bytes().to_vec();
        body.extend(self.sizes.into_iter().chain([1, 2, 0]).flat_map(u32::to_le_bytes));
        // The divisor's guard, and the score of a character without a piece.
        body.extend([1e-12_f32, -20.0].into_iter().flat_map(f32::to_le_bytes));
        for piece in 0..count {
            let text = piece.checked_sub(3).map_or("", |own| self.pieces[own]);
            body.push(text.len() as u8);
            body.extend(text.bytes());
            body.extend([-1.0_f32, 1.0, 0.0].into_iter().flat_map(f32::to_le_bytes));
            body.extend((0..dimensions).map(|place| (self.row)(piece, place)));
        }
        let mut matrix = 0;
        let mut matrix_of = |body: &mut Vec<u8>, inputs: usize, outputs: usize| {
            body.extend((self.step)(matrix).to_le_bytes());
            for input in 0..inputs {
                let weights = (0..outputs).map(|output| (self.weight)(matrix, input, output));
                body.extend(weights.map(i8::cast_unsigned));
            }
            matrix += 1;
        };
        let constants = |body: &mut Vec<u8>, count: usize| {
            body.extend((0..count).flat_map(|_| self.constant.to_le_bytes()));
        };
        matrix_of(&mut body, dimensions, width);
        constants(&mut body, width);
        for _ in 0..2 {
            matrix_of(&mut body, 2 * width, width);
            constants(&mut body, width);
        }
        constants(&mut body, 2 * width + 2 * (dimensions + width));
        matrix_of(&mut body, dimensions + width, middle);
        constants(&mut body, middle);
        for (inputs, outputs) in [
            (middle, hidden),
            (middle, hidden),
            (hidden, hidden),
            (hidden, output),
            (hidden, output),
            (output, output),
        ] {
            matrix_of(&mut body, inputs, outputs);
        }
        sealed(&body)
    }
}

/// A file with this body, and its right checksum.
pub(crate) fn sealed(body: &[u8]) -> Vec<u8> {
    [b"KEFUENC1", Sha256::digest(body).as_slice(), body].concat()
}

/// A toy whose pieces are these characters, with numbers from a fixed seed.
pub(crate) fn random_toy(pieces: &[&str]) -> Vec<u8> {
    let drawn = |one: usize, two: usize, three: usize| {
        let mixed = (one * 7_919 + two * 104_729 + three * 1_299_709 + 17) as u64;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8
    };
    let toy = ToyEncoder {
        pieces,
        sizes: [24, 20, 18, 12, 32],
        row: &|piece, place| drawn(97, piece, place) >> 2,
        weight: &|matrix, input, output| drawn(matrix, input, output) as i8,
        step: &|_| 0.004,
        constant: 0.5,
    };
    toy.bytes()
}
