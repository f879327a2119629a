//! The postings of one kind of terms.
//!
//! tantivy compresses the postings of frequent terms and reads them block by block. Those of a term
//! with fewer than a block are kept as they are: there are many such terms, and opening a compressed
//! list takes longer than reading so few.

use std::sync::Arc;

use tantivy::{
    Index, IndexSettings, InvertedIndexReader, TantivyDocument,
    directory::RamDirectory,
    postings::TermInfo,
    schema::{IndexRecordOption, NumericOptions, Schema},
};

use super::{
    lexicon::{Lexicon, NO_TERM},
    rows::Rows,
};
use crate::matching::error::MatchingError;

/// Memory for the writer's term table, in bytes. Postings grow beyond it as needed.
const WRITER_BYTES: usize = 15_000_000;

/// From as many documents on a term is frequent: the length of a block of tantivy.
const FREQUENT: u32 = 128;

/// The postings of one kind of terms in a segment. Each kind is a tantivy index of its own, so
/// that all kinds can be written at the same time.
pub(crate) struct Field {
    /// The postings of the frequent terms.
    reader: Arc<InvertedIndexReader>,
    /// The postings of the rare terms, one term after the other.
    rare: Arc<[u32]>,
    /// By term id, the location of its postings.
    locations: Vec<Location>,
}

/// The location of the postings of a term. A rare term has a range of [`Field::rare`]; a frequent one
/// has a range of bytes, as tantivy's `TermInfo` in less memory.
#[derive(Clone, Copy, Debug, Default)]
struct Location {
    from: u32,
    to: u32,
    /// How many documents have the term; 0 when the field does not have it.
    documents: u32,
}

impl Field {
    /// Writes the terms of the questions, each question as a document, in the order given.
    pub(super) fn write(
        questions: &[u32],
        rows: &Rows,
        lexicon: &Lexicon,
    ) -> Result<Self, MatchingError> {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field("terms", NumericOptions::default().set_indexed());
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // A single-segment writer keeps document ids in the order of adding.
        let mut writer = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        let distinct = |question: u32| {
            let terms = rows.row(question as usize).terms;
            terms.chunk_by(|one, next| one == next).map(|same| same[0])
        };
        let mut locations = vec![Location::default(); lexicon.len()];
        for term in questions.iter().flat_map(|&question| distinct(question)) {
            locations[term as usize].documents += 1;
        }
        let mut rare = vec![0; place_rare(&mut locations)?];
        for (&question, document) in questions.iter().zip(0..) {
            let mut frequent = TantivyDocument::default();
            for term in distinct(question) {
                let location = &mut locations[term as usize];
                if location.is_rare() {
                    rare[location.to as usize] = document;
                    location.to += 1;
                } else {
                    frequent.add_u64(field, term.into());
                }
            }
            writer.add_document(frequent)?;
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        let reader = searcher.segment_reader(0).inverted_index(field)?;
        place_frequent(&mut locations, &reader)?;
        Ok(Self { reader, rare: rare.into(), locations })
    }

    /// The same postings with new term ids; `terms` gives the new id of each earlier one.
    pub(super) fn renumbered(&self, terms: &[u32], lexicon: &Lexicon) -> Self {
        let mut locations = vec![Location::default(); lexicon.len()];
        let known = self.locations.iter().zip(terms).filter(|(_, term)| **term != NO_TERM);
        for (&location, &term) in known {
            locations[term as usize] = location;
        }
        Self { reader: self.reader.clone(), rare: self.rare.clone(), locations }
    }

    /// Gives the documents that have a term, block by block.
    pub(super) fn read(&self, term: u32, mut give: impl FnMut(&[u32])) {
        let Some(location) = self.locations.get(term as usize) else { return };
        if location.is_rare() {
            give(&self.rare[location.from as usize..location.to as usize]);
            return;
        }
        let info = location.info();
        let read = self.reader.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic);
        let mut block = read.expect("an index in memory, just written, can be read");
        while block.block_len() > 0 {
            give(block.docs());
            block.advance();
        }
    }
}

impl Location {
    fn is_rare(self) -> bool {
        self.documents < FREQUENT
    }

    /// `None` beyond 4 GiB of postings.
    fn of(info: &TermInfo) -> Option<Self> {
        let [from, to] = [info.postings_range.start, info.postings_range.end];
        let (from, to) = (u32::try_from(from).ok()?, u32::try_from(to).ok()?);
        Some(Self { from, to, documents: info.doc_freq })
    }

    fn info(self) -> TermInfo {
        TermInfo {
            doc_freq: self.documents,
            postings_range: self.from as usize..self.to as usize,
            positions_range: 0..0,
        }
    }
}

/// Locates the rare terms one after the other, each with an empty range, by their numbers of
/// documents. Returns how long all are.
fn place_rare(locations: &mut [Location]) -> Result<usize, MatchingError> {
    let mut end = 0_u32;
    for location in locations.iter_mut().filter(|location| location.is_rare()) {
        (location.from, location.to) = (end, end);
        end = end.checked_add(location.documents).ok_or(MatchingError::TooMuchText)?;
    }
    Ok(end as usize)
}

/// Locates the frequent terms where tantivy has written them.
fn place_frequent(
    locations: &mut [Location],
    reader: &InvertedIndexReader,
) -> Result<(), MatchingError> {
    let mut stream = reader.terms().stream().map_err(tantivy::TantivyError::from)?;
    while stream.advance() {
        // tantivy writes a number in big-endian order, so that its bytes sort as it does.
        let id = stream.key().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let location = Location::of(stream.value()).ok_or(MatchingError::TooMuchText)?;
        locations[id as usize] = location;
    }
    Ok(())
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("terms", &self.locations.len()).finish_non_exhaustive()
    }
}
