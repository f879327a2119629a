//! The embeddings: a table of vectors for 25,000 words, characters and pairs of characters.
//!
//! The embedding of a text is the sum of the vectors of its terms. Texts of the same meaning have
//! a large cosine even when they share no characters. The table was distilled from two sentence
//! encoders on sentences of this project; `assets/static/` has the recipe.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use foldhash::fast::FixedState;
use sha2::{Digest, Sha256};

use super::extract::Terms;
use crate::text::{char_ngrams, hex, key};

/// The number of dimensions of a vector.
pub(crate) const DIMENSIONS: usize = 128;

/// The first bytes of a file of embeddings; the last one is the version of the format.
const MAGIC: &[u8; 8] = b"KEFUTAB1";

/// A file with more rows is refused: they would take 128 MB.
const ROWS_MAX: usize = 1_000_000;

/// The longest term in a file: its length is one byte.
const TERM_BYTES_MAX: usize = 255;

/// With how many groups of vectors a vector is compared at once.
pub(crate) const GROUPS_MAX: usize = 16;

/// The shipped embeddings.
static SHIPPED: LazyLock<Arc<Embeddings>> = LazyLock::new(|| {
    let bytes = include_bytes!("../../../assets/static/table.bin");
    Arc::new(
        Embeddings::parse(bytes).expect("the embeddings in the binary are whole; tests load them"),
    )
});

/// A table of vectors of terms.
///
/// A row is 128 numbers of 8 bits and a scale. The embedding of a text is the sum of the rows of
/// its terms, each times its scale, normalised to length one. Sums follow the order of the text,
/// so that a text has the same embedding on every machine.
#[derive(Clone, Default, PartialEq)]
pub struct Embeddings {
    /// The row of each term, by its key: nearly all terms are short enough for an exact one.
    ids: HashMap<u64, u32, FixedState>,
    /// By row.
    terms: Vec<Box<str>>,
    scales: Vec<f32>,
    rows: Vec<EmbeddingRow>,
}

/// Why bytes cannot be read as embeddings.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EmbeddingsError {
    /// They do not begin with the mark of this version.
    #[error("read the embeddings: not an embeddings file, or of another version")]
    NotATable,
    /// They end too early, go on after the last row, or have a wrong row.
    #[error("read the embeddings: the file is cut off or damaged")]
    Damaged,
}

pub(crate) type EmbeddingRow = [i8; DIMENSIONS];

/// The direction of a text's embedding, scaled so that a length of one is 127.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vector(pub(crate) EmbeddingRow);

impl Embeddings {
    /// The shipped embeddings.
    pub fn shipped() -> Arc<Self> {
        SHIPPED.clone()
    }

    /// Reads the bytes that [`Self::to_bytes`] wrote.
    pub fn parse(bytes: &[u8]) -> Result<Self, EmbeddingsError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(EmbeddingsError::NotATable)?;
        let count = u32::from_le_bytes(take(&mut rest)?) as usize;
        if count > ROWS_MAX {
            return Err(EmbeddingsError::Damaged);
        }
        let mut table = Self::with_capacity(count);
        for id in 0..count {
            let [length] = take(&mut rest)?;
            let (term, after) =
                rest.split_at_checked(length.into()).ok_or(EmbeddingsError::Damaged)?;
            let term = std::str::from_utf8(term).map_err(|_| EmbeddingsError::Damaged)?;
            rest = after;
            let scale = f32::from_le_bytes(take(&mut rest)?);
            if !scale.is_finite() || table.ids.insert(key(term), id as u32).is_some() {
                return Err(EmbeddingsError::Damaged);
            }
            table.terms.push(term.into());
            table.scales.push(scale);
            let row: [u8; DIMENSIONS] = take(&mut rest)?;
            table.rows.push(row.map(u8::cast_signed));
        }
        if rest.is_empty() { Ok(table) } else { Err(EmbeddingsError::Damaged) }
    }

    /// The bytes of a file: a mark of eight bytes, then the number of rows (32 bits, little-endian),
    /// then the rows. A row is its term (a byte for its length, then UTF-8), its scale (32-bit
    /// float) and its 128 numbers of 8 bits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((self.rows.len() as u32).to_le_bytes());
        for (id, term) in self.terms().enumerate() {
            bytes.push(term.len() as u8);
            bytes.extend(term.as_bytes());
            bytes.extend(self.scales[id].to_le_bytes());
            bytes.extend(self.rows[id].map(i8::cast_unsigned));
        }
        bytes
    }

    /// The row id of a term, if it has a row.
    pub(crate) fn id(&self, term: &str) -> Option<u32> {
        self.ids.get(&key(term)).copied()
    }

    /// The hash of a knowledge base with these embeddings: SHA-256, in lower-case hex, of the
    /// base's own hash and the bytes of the table.
    pub(crate) fn hash_with(&self, base: &str) -> String {
        hex(&Sha256::new().chain_update(base).chain_update(self.to_bytes()).finalize())
    }

    /// Whether there is no row, so that the cosine of any two texts is 0.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The terms, in the order of the rows.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(AsRef::as_ref)
    }

    /// A table of these rows; each is scaled so that its largest number is 127. Empty, too long and
    /// repeated terms are left out.
    pub(crate) fn of_rows<'a>(
        rows: impl IntoIterator<Item = (&'a str, [f32; DIMENSIONS])>,
    ) -> Self {
        let mut table = Self::with_capacity(0);
        for (term, row) in rows {
            let is_new = !term.is_empty()
                && term.len() <= TERM_BYTES_MAX
                && table.rows.len() < ROWS_MAX
                && table.id(term).is_none();
            if is_new {
                table.ids.insert(key(term), table.rows.len() as u32);
                table.terms.push(term.into());
                let (row, scale) = quantized(&row);
                table.rows.push(row);
                table.scales.push(scale);
            }
        }
        table
    }

    /// The row with that id, as floating-point numbers.
    pub(crate) fn row(&self, id: u32) -> [f32; DIMENSIONS] {
        let (row, scale) = (&self.rows[id as usize], self.scales[id as usize]);
        row.map(|number| f32::from(number) * scale)
    }

    /// The row ids of the terms of a text.
    pub(crate) fn rows_of(&self, terms: &Terms<'_>) -> impl Iterator<Item = u32> {
        embedding_terms(terms).filter_map(|term| self.id(term))
    }

    /// The embedding of a text; [`Vector::ZERO`] when none of its terms has a row.
    pub(crate) fn vector(&self, terms: &Terms<'_>) -> Vector {
        let mut sum = [0.0; DIMENSIONS];
        for id in self.rows_of(terms) {
            add(&mut sum, &self.rows[id as usize], self.scales[id as usize]);
        }
        Vector::along(&sum)
    }

    /// The embedding of a single word.
    pub(crate) fn vector_of_word(&self, word: &str) -> Vector {
        let mut sum = [0.0; DIMENSIONS];
        let long = is_long_word(word).then_some(word);
        for id in char_ngrams(word).chain(long).filter_map(|term| self.id(term)) {
            add(&mut sum, &self.rows[id as usize], self.scales[id as usize]);
        }
        Vector::along(&sum)
    }

    fn with_capacity(rows: usize) -> Self {
        Self {
            ids: HashMap::with_capacity_and_hasher(rows, FixedState::default()),
            terms: Vec::with_capacity(rows),
            scales: Vec::with_capacity(rows),
            rows: Vec::with_capacity(rows),
        }
    }
}

/// The terms of a text that the embeddings may have a row for.
pub(crate) fn embedding_terms<'a>(terms: &Terms<'a>) -> impl Iterator<Item = &'a str> {
    let longer = terms.words.iter().filter(|word| is_long_word(word));
    terms.ngrams.iter().chain(longer).copied()
}

/// Whether a word is longer than an n-gram. Shorter words are n-grams themselves.
fn is_long_word(word: &str) -> bool {
    word.chars().count() > 2 && !word.starts_with(|first: char| first.is_ascii_alphanumeric())
}

impl Vector {
    /// The embedding of a text without known terms.
    pub(crate) const ZERO: Self = Self([0; DIMENSIONS]);

    /// The centroid of several embeddings.
    pub(crate) fn centroid<'a>(vectors: impl Iterator<Item = &'a Self>) -> Self {
        let mut sum = [0.0; DIMENSIONS];
        for vector in vectors {
            for (sum, &number) in sum.iter_mut().zip(&vector.0) {
                *sum += f32::from(number);
            }
        }
        Self::along(&sum)
    }

    /// The direction of a sum of rows; [`Self::ZERO`] for a sum of zero.
    pub(crate) fn along(sum: &[f32; DIMENSIONS]) -> Self {
        let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt();
        if length > 0.0 {
            Self(sum.map(|number| (number / length * 127.0).round() as i8))
        } else {
            Self::ZERO
        }
    }

    /// The cosine of the angle between two embeddings, from -1 to 1; 0 with [`Self::ZERO`].
    #[cfg(test)]
    pub(crate) fn cosine(&self, other: &Self) -> f32 {
        scaled(dot(&self.0, &other.0))
    }

    /// The cosines to many texts at once, in their order.
    pub(crate) fn cosines<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> Vec<f32> {
        let others = others.into_iter();
        let mut cosines = Vec::with_capacity(others.size_hint().0);
        self.each_dot(others.map(|other| ((), other)), |(), dot| cosines.push(scaled(dot)));
        cosines
    }

    /// The place of the nearest of these and its cosine; of equally near ones the first.
    pub(crate) fn nearest<'a>(
        &self,
        others: impl Iterator<Item = &'a Self>,
    ) -> Option<(usize, f32)> {
        let mut nearest: Option<(usize, i32)> = None;
        self.each_dot(others.enumerate(), |place, dot| {
            if nearest.is_none_or(|(_, most)| dot > most) {
                nearest = Some((place, dot));
            }
        });
        nearest.map(|(place, dot)| (place, scaled(dot)))
    }

    /// The largest cosine with the vectors of each group; 0 when all are smaller. Each vector comes
    /// with a bit for each group that has it.
    pub(crate) fn nearest_of_groups<'a>(
        &self,
        others: impl Iterator<Item = (u32, &'a Self)>,
    ) -> [f32; GROUPS_MAX] {
        let mut largest = [0; GROUPS_MAX];
        if *self != Self::ZERO {
            self.each_dot(others, |groups, dot| {
                // For all groups at once, whether they have it or not, instead of a branch for each.
                for (group, largest) in largest.iter_mut().enumerate() {
                    *largest = (*largest).max(if groups & 1 << group == 0 { 0 } else { dot });
                }
            });
        }
        largest.map(scaled)
    }

    /// Gives the dot product with each of these, and what comes with it.
    fn each_dot<'a, T>(
        &self,
        others: impl Iterator<Item = (T, &'a Self)>,
        give: impl FnMut(T, i32),
    ) {
        pulp::Arch::new().dispatch(EachDot { own: self, others, give });
    }
}

/// A vector that is multiplied with others, compiled once for each instruction set: all that it
/// calls is inlined. A closure would be compiled apart, for the oldest processors.
struct EachDot<'v, I, F> {
    own: &'v Vector,
    others: I,
    give: F,
}

impl<'a, T, I: Iterator<Item = (T, &'a Vector)>, F: FnMut(T, i32)> pulp::WithSimd
    for EachDot<'_, I, F>
{
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { own, others, mut give } = self;
        for (with, other) in others {
            give(with, dot(&own.0, &other.0));
        }
    }
}

/// The sum of integers is the same in any order, so each instruction set may use its own.
#[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
#[inline(always)]
fn dot(one: &EmbeddingRow, other: &EmbeddingRow) -> i32 {
    let mut sum = 0;
    for (&one, &other) in one.iter().zip(other) {
        sum += i32::from(one) * i32::from(other);
    }
    sum
}

fn scaled(dot: i32) -> f32 {
    dot as f32 / (127.0 * 127.0)
}

fn add(sum: &mut [f32; DIMENSIONS], row: &EmbeddingRow, scale: f32) {
    for (sum, &number) in sum.iter_mut().zip(row) {
        *sum += f32::from(number) * scale;
    }
}

fn quantized(row: &[f32; DIMENSIONS]) -> (EmbeddingRow, f32) {
    let largest = row.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    if largest > 0.0 && largest.is_finite() {
        let scale = largest / 127.0;
        (row.map(|number| (number / scale).round() as i8), scale)
    } else {
        ([0; DIMENSIONS], 0.0)
    }
}

/// Takes the first `N` bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], EmbeddingsError> {
    let (taken, after) = rest.split_first_chunk().ok_or(EmbeddingsError::Damaged)?;
    *rest = after;
    Ok(*taken)
}

impl std::fmt::Debug for Embeddings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embeddings").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table() -> Embeddings {
        let row = |seed: f32| std::array::from_fn(|place| (place as f32 * seed).sin());
        Embeddings::of_rows([("提", row(0.3)), ("现", row(0.7)), ("提现", row(1.1))])
    }

    #[test]
    fn a_round_trip_changes_nothing() {
        let table = table();
        assert_eq!(Embeddings::parse(&table.to_bytes()), Ok(table));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bytes = table().to_bytes();
        let cases = [
            // (what it shows, bytes, error)
            ("nothing", Vec::new(), EmbeddingsError::NotATable),
            ("another version", b"KEFUTAB2....".to_vec(), EmbeddingsError::NotATable),
            ("cut off", bytes[..bytes.len() - 1].to_vec(), EmbeddingsError::Damaged),
            ("too long", [&bytes[..], b"x"].concat(), EmbeddingsError::Damaged),
            ("too many rows", [&MAGIC[..], &[255; 4]].concat(), EmbeddingsError::Damaged),
        ];
        for (shows, bytes, error) in cases {
            assert_eq!(Embeddings::parse(&bytes), Err(error), "{shows}");
        }
    }

    #[test]
    fn the_shipped_embeddings_have_the_words_of_the_trade() {
        let table = Embeddings::shipped();
        assert!(table.len() > 20_000);
        for word in ["提现", "还款", "银行卡"] {
            assert!(table.id(word).is_some(), "{word}");
        }
    }

    #[test]
    fn the_cosine_with_itself_is_one_and_with_zero_is_zero() {
        let table = table();
        let vector = Vector::along(&table.row(0));
        assert!((vector.cosine(&vector) - 1.0).abs() < 0.01);
        assert!(vector.cosine(&Vector::along(&table.row(1))) < 0.9);
        assert!(vector.cosine(&Vector::along(&[0.0; DIMENSIONS])).abs() < 1e-9);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn vector_instructions_are_used_where_there_are_any() {
        let features = [
            is_x86_feature_detected!("avx2"),
            is_x86_feature_detected!("bmi2"),
            is_x86_feature_detected!("fma"),
            is_x86_feature_detected!("lzcnt"),
        ];
        let is_scalar = matches!(pulp::Arch::new(), pulp::Arch::Scalar);
        assert_eq!(is_scalar, features.contains(&false));
    }

    fn rows() -> impl Strategy<Value = Vec<Vec<i8>>> {
        proptest::collection::vec(proptest::collection::vec(any::<i8>(), DIMENSIONS), 1..20)
    }

    proptest! {
        #[test]
        fn cosines_equal_plain_sums(rows in rows()) {
            let vectors: Vec<Vector> =
                rows.iter().map(|row| Vector(std::array::from_fn(|place| row[place]))).collect();
            let plain = |other: &Vector| {
                let products = vectors[0].0.iter().zip(other.0).map(|(&one, other)| i32::from(one) * i32::from(other));
                scaled(products.sum())
            };
            let expected: Vec<f32> = vectors.iter().map(plain).collect();
            prop_assert_eq!(vectors[0].cosines(&vectors), &*expected);
            let first = |most: f32| expected.iter().position(|&cosine| cosine.total_cmp(&most).is_eq());
            let nearest = vectors[0].nearest(vectors.iter());
            let most = expected.iter().copied().max_by(f32::total_cmp);
            prop_assert_eq!(nearest, most.and_then(|most| Some((first(most)?, most))));
            // Each vector is in the groups that its place has bits for.
            let groups = vectors[0].nearest_of_groups((0..).zip(&vectors));
            for (group, nearest) in groups.into_iter().enumerate() {
                let members = expected.iter().enumerate().filter(|(place, _)| place >> group & 1 == 1);
                let most = members.map(|(_, &cosine)| cosine).fold(0.0, f32::max);
                prop_assert!(nearest.total_cmp(&most).is_eq(), "{nearest} {most}");
            }
        }
    }
}
