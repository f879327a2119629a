//! Reads the file of an encoder. `assets/encoder/README.md` tells its format.

use sha2::{Digest, Sha256};

use super::{
    matrix::Matrix,
    model::{Encoder, PieceRows},
    network::{Branch, Layer, Network, Norm, OutputHead},
    pieces::{PieceCutter, SPECIAL},
};
use crate::text::hex;

/// The first bytes of a file; the last one is the version of the format.
const MAGIC: &[u8; 8] = b"KEFUENC1";

/// The bytes of a SHA-256.
const SUM_BYTES: usize = 32;

/// The limits of the sizes. They keep the largest encoder below half a gigabyte.
const PIECES_MAX: usize = 200_000;
const WIDTH_MAX: usize = 2_048;
const BRANCHES_MAX: usize = 8;
const ORDER_MAX: usize = 8;

/// Why bytes cannot be read as an encoder.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EncoderError {
    /// They do not begin with the mark of this version.
    #[error("read the encoder: not an encoder file, or of another version")]
    NotAnEncoder,
    /// Their checksum differs.
    #[error("read the encoder: the file is cut off or damaged, its checksum differs")]
    Damaged,
    /// A size is zero or too large.
    #[error("read the encoder: {what} is {found}, expected 1 to {most}")]
    Size {
        /// Which size.
        what: &'static str,
        /// The size in the file.
        found: usize,
        /// The largest one allowed.
        most: usize,
    },
    /// Whoever wrote the file wrote something else than its sizes say.
    #[error("read the encoder: {0}")]
    Wrong(&'static str),
}

const NOT_FINITE: EncoderError = EncoderError::Wrong("a number is not finite");
const TOO_SHORT: EncoderError = EncoderError::Wrong("it ends before its last layer");

/// The numbers in the head of a file.
struct Sizes {
    pieces: usize,
    /// Of a piece's row.
    dimensions: usize,
    /// Of a branch's row.
    width: usize,
    /// Of the sum of all pieces.
    middle: usize,
    hidden: usize,
    output: usize,
    /// Order, and pieces before.
    branches: Vec<(usize, usize)>,
}

impl Encoder {
    /// Reads the bytes of a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, EncoderError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(EncoderError::NotAnEncoder)?;
        let (sum, body) = rest.split_at_checked(SUM_BYTES).ok_or(EncoderError::Damaged)?;
        if Sha256::digest(body).as_slice() != sum {
            return Err(EncoderError::Damaged);
        }
        let mut body = EncoderBody(body);
        let sizes = body.sizes()?;
        let (epsilon, unknown_score) = (body.number()?, body.number()?);
        let (pieces, rows) = body.pieces(&sizes, unknown_score)?;
        let network = body.network(&sizes, epsilon)?;
        if !body.0.is_empty() {
            return Err(EncoderError::Wrong("it goes on after its last layer"));
        }
        Ok(Self { pieces, rows, network, hash: hex(&Sha256::digest(bytes)) })
    }
}

/// What is left to read.
struct EncoderBody<'b>(&'b [u8]);

impl<'b> EncoderBody<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], EncoderError> {
        let (taken, after) = self.0.split_at_checked(count).ok_or(TOO_SHORT)?;
        self.0 = after;
        Ok(taken)
    }

    fn four(&mut self) -> Result<[u8; 4], EncoderError> {
        let (taken, after) = self.0.split_first_chunk().ok_or(TOO_SHORT)?;
        self.0 = after;
        Ok(*taken)
    }

    fn size(&mut self, what: &'static str, most: usize) -> Result<usize, EncoderError> {
        let found = u32::from_le_bytes(self.four()?) as usize;
        let is_allowed = (1..=most).contains(&found);
        if is_allowed { Ok(found) } else { Err(EncoderError::Size { what, found, most }) }
    }

    fn number(&mut self) -> Result<f32, EncoderError> {
        let number = f32::from_le_bytes(self.four()?);
        if number.is_finite() { Ok(number) } else { Err(NOT_FINITE) }
    }

    fn numbers(&mut self, count: usize) -> Result<Vec<f32>, EncoderError> {
        let (chunks, _) = self.take(4 * count)?.as_chunks();
        let numbers: Vec<f32> = chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect();
        if numbers.iter().all(|number| number.is_finite()) { Ok(numbers) } else { Err(NOT_FINITE) }
    }

    fn sizes(&mut self) -> Result<Sizes, EncoderError> {
        let pieces = self.size("the number of pieces", PIECES_MAX)?;
        let mut width = |what| self.size(what, WIDTH_MAX);
        let (dimensions, branch) = (width("the length of a row")?, width("the width of a branch")?);
        let (middle, hidden) = (width("the width of the sum")?, width("the width within")?);
        let output = width("the length of a vector")?;
        let count = self.size("the number of branches", BRANCHES_MAX)?;
        let mut branches = Vec::with_capacity(count);
        for _ in 0..count {
            let order = self.size("the order of a branch", ORDER_MAX)?;
            let before = u32::from_le_bytes(self.four()?) as usize;
            if before >= order {
                return Err(EncoderError::Wrong("a branch sees more pieces before than at all"));
            }
            branches.push((order, before));
        }
        if pieces < SPECIAL {
            return Err(EncoderError::Wrong("it has too few pieces"));
        }
        Ok(Sizes { pieces, dimensions, width: branch, middle, hidden, output, branches })
    }

    fn pieces(
        &mut self,
        sizes: &Sizes,
        unknown_score: f32,
    ) -> Result<(PieceCutter, PieceRows), EncoderError> {
        let mut pieces = Vec::new();
        let mut rows = PieceRows { numbers: Vec::new(), scales: Vec::new(), offsets: Vec::new() };
        for _ in 0..sizes.pieces {
            let length = usize::from(self.take(1)?[0]);
            let text = std::str::from_utf8(self.take(length)?);
            let text = text.map_err(|_| EncoderError::Wrong("a piece is not UTF-8"))?;
            pieces.push((text, self.number()?));
            rows.scales.push(self.number()?);
            rows.offsets.push(self.number()?);
            rows.numbers.extend_from_slice(self.take(sizes.dimensions)?);
        }
        if pieces.iter().skip(SPECIAL).any(|(text, _)| text.is_empty()) {
            return Err(EncoderError::Wrong("a piece is empty"));
        }
        let pieces = PieceCutter::new(&pieces, unknown_score);
        Ok((pieces.ok_or(EncoderError::Wrong("a piece occurs twice"))?, rows))
    }

    fn matrix(&mut self, inputs: usize, outputs: usize) -> Result<Matrix, EncoderError> {
        let step = self.number()?;
        let numbers: Vec<i8> =
            self.take(inputs * outputs)?.iter().map(|&byte| byte.cast_signed()).collect();
        Ok(Matrix::new(inputs, step, &numbers))
    }

    fn layer(&mut self, inputs: usize, outputs: usize) -> Result<Layer, EncoderError> {
        Ok(Layer { matrix: self.matrix(inputs, outputs)?, bias: self.numbers(outputs)? })
    }

    fn norm(&mut self, width: usize) -> Result<Norm, EncoderError> {
        Ok(Norm { scale: self.numbers(width)?, offset: self.numbers(width)? })
    }

    fn network(&mut self, sizes: &Sizes, epsilon: f32) -> Result<Network, EncoderError> {
        let &Sizes { dimensions, width, middle, hidden, output, .. } = sizes;
        let mut branches = Vec::with_capacity(sizes.branches.len());
        for &(order, before) in &sizes.branches {
            branches.push(Branch {
                order,
                before,
                entrance: self.layer(dimensions, width)?,
                first: self.layer(order * width, width)?,
                second: self.layer(order * width, width)?,
            });
        }
        let entrance = self.norm(width * branches.len())?;
        let features = dimensions + width * branches.len();
        let norm = self.norm(features)?;
        let sum = self.layer(features, middle)?;
        let head = OutputHead {
            first: self.matrix(middle, hidden)?,
            past_first: self.matrix(middle, hidden)?,
            second: self.matrix(hidden, hidden)?,
            third: self.matrix(hidden, output)?,
            past_third: self.matrix(hidden, output)?,
            fourth: self.matrix(output, output)?,
        };
        Ok(Network { dimensions, branches, entrance, norm, sum, head, epsilon })
    }
}
