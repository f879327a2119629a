//! A knowledge base together with the indexes that search it.

use std::sync::{Arc, OnceLock};

use super::{
    confidence::{calibrate::Calibration, learnt::Learnt},
    error::MatchingError,
    explanation::Explanation,
    index::encoded::has_few_wordings,
    matcher::Matcher,
    models::TextModels,
    outcome::Outcome,
    suggest::{SuggestIndex, Suggestion, suggest},
    terms::embeddings::Embeddings,
};
use crate::knowledge::{Circumstances, KnowledgeBase};
use crate::parallel::Threads;

/// A knowledge base with its indexes. It never changes; a reload builds another one.
#[derive(Debug)]
pub struct Snapshot {
    /// The content of the files.
    pub base: KnowledgeBase,
    /// The indexes and the calibration.
    pub matcher: Matcher,
    /// The index of the suggestions; built when it is first needed.
    suggest_index: OnceLock<SuggestIndex>,
}

/// Earlier results that a build reuses.
#[derive(Clone, Debug, Default)]
pub struct Earlier<'s> {
    /// Earlier calibrations; only one of the same knowledge and embeddings is used.
    pub learnt: Vec<Learnt>,
    /// A snapshot of earlier files; the indexes of its unchanged entries and intents are reused.
    pub snapshot: Option<&'s Snapshot>,
}

impl Snapshot {
    /// Indexes the questions and calibrates confidence on them, with the shipped embeddings.
    pub fn build(base: KnowledgeBase) -> Result<Self, MatchingError> {
        Self::build_with(base, Embeddings::shipped())
    }

    /// The same with other embeddings, whose hash then becomes a part of the snapshot's hash.
    pub fn build_with(
        base: KnowledgeBase,
        embeddings: Arc<Embeddings>,
    ) -> Result<Self, MatchingError> {
        Self::rebuild(base, embeddings, Earlier::default(), Threads::all())
    }

    /// The same on several threads, with a second encoder if there is one, reusing earlier results. The snapshot is the same as without
    /// them, to the last bit.
    pub fn rebuild(
        mut base: KnowledgeBase,
        models: impl Into<TextModels>,
        earlier: Earlier<'_>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let models = models.into();
        base.hash = Self::hash_of(&base, &models);
        let Earlier { learnt, snapshot } = earlier;
        let earlier = snapshot.map(|earlier| (&earlier.base, &earlier.matcher));
        let matcher = Matcher::build(&base, models, learnt, earlier, threads)?;
        Ok(Self { base, matcher, suggest_index: OnceLock::new() })
    }

    /// The hash of a snapshot of this base with these models.
    pub(crate) fn hash_of(base: &KnowledgeBase, models: &TextModels) -> String {
        let TextModels { embeddings, encoder } = models;
        let hash = Self::hash_with_embeddings(base, embeddings);
        // Where the encoder is not asked, it is no part of the snapshot.
        match encoder.as_ref().filter(|_| has_few_wordings(base)) {
            Some(encoder) => encoder.hash_with(&hash),
            None => hash,
        }
    }

    fn hash_with_embeddings(base: &KnowledgeBase, embeddings: &Arc<Embeddings>) -> String {
        // The shipped embeddings are a part of the engine, whose version is in the hash already.
        if Arc::ptr_eq(embeddings, &Embeddings::shipped()) {
            base.hash.clone()
        } else {
            embeddings.hash_with(&base.hash)
        }
    }

    /// Builds the parts that are otherwise built when they are first needed: the word finders of
    /// the compliance rules, the reader of pinyin and the index of the suggestions. Further calls do nothing.
    pub fn prepare(&self) {
        self.base.rules.prepare();
        self.matcher.prepare(&self.base);
        self.prepare_suggestions();
    }

    /// Its calibration, to be reused by [`Snapshot::rebuild`].
    pub fn learnt(&self) -> Learnt {
        Learnt::new(&self.base, self.calibration().clone())
    }

    /// The same, computed again.
    pub fn learn_anew(&self) -> Result<Learnt, MatchingError> {
        Ok(Learnt::new(&self.base, self.matcher.calibrate(&self.base, Threads::all())?))
    }

    /// Finds the entry or intent that the utterance asks for, among those that are served in these
    /// circumstances. A date alone stands for a customer without known facts.
    pub fn find<'f>(
        &self,
        utterance: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Outcome {
        self.matcher.examine(&self.base, utterance, circumstances.into()).1
    }

    /// The same, with the result of every stage.
    pub fn explain<'f>(
        &self,
        utterance: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Explanation {
        let (examination, outcome) =
            self.matcher.examine(&self.base, utterance, circumstances.into());
        Explanation::new(&self.base, &self.matcher, utterance, examination, outcome)
    }

    /// The embeddings that it was built with.
    pub(crate) fn embeddings(&self) -> &Arc<Embeddings> {
        self.matcher.bank().embeddings()
    }

    /// The calibration and the thresholds.
    pub fn calibration(&self) -> &Calibration {
        self.matcher.calibration()
    }

    /// Whether the second encoder is asked where the first ranking is not sure: one was given, and
    /// most entries have few wordings.
    pub fn asks_encoder(&self) -> bool {
        self.matcher.bank().has_encoder()
    }

    /// The terms of an utterance that the embeddings may have a row for.
    pub fn terms(&self, utterance: &str) -> Vec<String> {
        self.matcher.embedding_terms(utterance)
    }

    /// The questions that a customer may be typing, best first: at most five, at most one of an
    /// entry, and only of entries that are served in these circumstances.
    ///
    /// The prefix may be Chinese of either script, pinyin without tones, initials of pinyin, or
    /// a mixture; its last syllable may be unfinished. Its first 30 normalised characters count.
    /// Questions that begin with the prefix come first. Questions with a word that begins with it
    /// follow, and then questions that have its characters in order but apart. Ties are broken in
    /// this order: characters before sounds, whole syllables before initials, words that more
    /// questions have, standard questions, short questions, and the order of the files.
    ///
    /// The first call builds an index and takes some milliseconds for each thousand questions;
    /// [`prepare_suggestions`](Self::prepare_suggestions) builds it ahead.
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::civil::date;
    /// use kefu::knowledge::questions_only;
    /// use kefu::matching::Snapshot;
    ///
    /// let lines = r#"{"id": "withdraw", "question": "提现多久到账", "similar": ["银行卡几天到账"]}
    ///                {"id": "bind", "question": "怎么绑定银行卡"}"#;
    /// let base = questions_only(lines.as_bytes()).base.expect("two good lines");
    /// let snapshot = Snapshot::build(base)?;
    ///
    /// let today = date(2026, 11, 22);
    /// for typed in ["提現", "tixian", "tx", "tixdz", "提x"] {
    ///     assert_eq!(snapshot.suggest(typed, today)[0].wording, "提现多久到账", "{typed}");
    /// }
    /// let suggested = snapshot.suggest("yhk", today);
    /// assert_eq!((&*suggested[0].wording, &*suggested[0].matched), ("银行卡几天到账", &[0..3][..]));
    /// assert_eq!((&*suggested[1].wording, &*suggested[1].matched), ("怎么绑定银行卡", &[4..7][..]));
    /// assert!(snapshot.suggest("天气", today).is_empty());
    /// # Ok::<(), kefu::matching::MatchingError>(())
    /// ```
    pub fn suggest<'f>(
        &self,
        prefix: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Vec<Suggestion> {
        suggest(self.suggest_index(), &self.base, prefix, circumstances.into())
    }

    /// Builds the index of [`suggest`](Self::suggest), so that the first customer who types need
    /// not wait for it. Further calls do nothing.
    pub fn prepare_suggestions(&self) {
        self.suggest_index();
    }

    /// Whether the index of the suggestions is built.
    pub fn has_suggestions(&self) -> bool {
        self.suggest_index.get().is_some()
    }

    pub(super) fn suggest_index(&self) -> &SuggestIndex {
        let segmenter = self.matcher.bank().segmenter();
        self.suggest_index.get_or_init(|| SuggestIndex::build(&self.base, segmenter))
    }
}
