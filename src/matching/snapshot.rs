//! A knowledge base together with what finds things in it.

use std::sync::{Arc, OnceLock};

use super::{
    confidence::{calibrate::Calibration, learnt::Learnt},
    error::MatchingError,
    explanation::Explanation,
    matcher::Matcher,
    outcome::Outcome,
    suggest::{SuggestIndex, Suggestion, suggest},
    terms::embeddings::Embeddings,
};
use crate::knowledge::{Circumstances, KnowledgeBase};
use crate::parallel::Threads;

/// A knowledge base made ready for questions. It never changes; a reload builds another.
#[derive(Debug)]
pub struct Snapshot {
    /// What the files say.
    pub base: KnowledgeBase,
    /// What finds things in it.
    pub matcher: Matcher,
    /// What suggestions are looked for in; built when it is first needed.
    suggest_index: OnceLock<SuggestIndex>,
}

/// What was done earlier and need not be done again.
#[derive(Clone, Debug, Default)]
pub struct Earlier<'s> {
    /// What snapshots learnt; only that of the same knowledge and table is taken.
    pub learnt: Vec<Learnt>,
    /// A snapshot of other files: the entries and intents in which nothing changed are taken
    /// over from it.
    pub snapshot: Option<&'s Snapshot>,
}

impl Snapshot {
    /// Indexes the questions and calibrates confidence on them, with the embeddings that
    /// comes with the program.
    pub fn build(base: KnowledgeBase) -> Result<Self, MatchingError> {
        Self::build_with(base, Embeddings::shipped())
    }

    /// The same with another embeddings, which is then a part of the snapshot's hash.
    pub fn build_with(base: KnowledgeBase, table: Arc<Embeddings>) -> Result<Self, MatchingError> {
        Self::build_again(base, table, Earlier::default(), Threads::all())
    }

    /// The same on so many threads, sparing what was done earlier. It is the same snapshot as
    /// without that, to the last bit.
    pub fn build_again(
        mut base: KnowledgeBase,
        table: Arc<Embeddings>,
        earlier: Earlier<'_>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        base.hash = Self::hash_of(&base, &table);
        let Earlier { learnt, snapshot } = earlier;
        let before = snapshot.map(|before| (&before.base, &before.matcher));
        let matcher = Matcher::build(&base, table, learnt, before, threads)?;
        Ok(Self { base, matcher, suggest_index: OnceLock::new() })
    }

    /// The hash that a snapshot of these will have.
    pub(crate) fn hash_of(base: &KnowledgeBase, table: &Arc<Embeddings>) -> String {
        // The shipped table is a part of the engine, whose version is in the hash already.
        if Arc::ptr_eq(table, &Embeddings::shipped()) {
            base.hash.clone()
        } else {
            table.hash_with(&base.hash)
        }
    }

    /// Makes ready what is otherwise made when it is first needed: what finds the words of the
    /// rules, and suggestions. Once is enough; more often does nothing.
    pub fn prepare(&self) {
        self.base.rules.prepare();
        self.prepare_suggestions();
    }

    /// What it learnt by asking its own questions, for [`Snapshot::build_again`].
    pub fn learnt(&self) -> Learnt {
        Learnt::new(&self.base, self.calibration().clone())
    }

    /// The same, asked anew.
    pub fn learn_anew(&self) -> Result<Learnt, MatchingError> {
        Ok(Learnt::new(&self.base, self.matcher.calibrate(&self.base, Threads::all())?))
    }

    /// What the utterance asks for, among what is served on that day to such a customer. A
    /// date alone is a customer of whom nothing is known.
    pub fn find<'f>(
        &self,
        utterance: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Outcome {
        self.matcher.examine(&self.base, utterance, circumstances.into()).1
    }

    /// The same, with every stage on the way.
    pub fn explain<'f>(
        &self,
        utterance: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Explanation {
        let (examination, outcome) =
            self.matcher.examine(&self.base, utterance, circumstances.into());
        Explanation::new(&self.base, &self.matcher, utterance, examination, outcome)
    }

    /// What confidence means here, and from where on an answer is given.
    pub fn calibration(&self) -> &Calibration {
        self.matcher.calibration()
    }

    /// The terms of an utterance that the embeddings may have rows for.
    pub fn terms(&self, utterance: &str) -> Vec<String> {
        self.matcher.embedding_terms(utterance)
    }
    /// The questions that a customer may be typing, best first: at most five, one of an entry,
    /// none of an entry that is not served on that day. None when nothing fits.
    ///
    /// What is typed may be Chinese of either script, pinyin without tones, its initials, or
    /// all of them mixed; its last syllable need not be finished. The first 30 characters
    /// count, after normalising. Questions that begin with it come first, then those with a
    /// word that does, then those that have it in order but apart. Among equals the very
    /// characters come before sounds and whole syllables before initials, then words that
    /// more questions have, standard questions, short ones, and the order of the files.
    ///
    /// The first call builds an index and takes some milliseconds for each thousand questions;
    /// [`prepare_suggestions`](Self::prepare_suggestions) does it ahead.
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

    /// Builds what [`suggest`](Self::suggest) looks through, so that the first customer who
    /// types need not wait. Once is enough; more often does nothing.
    pub fn prepare_suggestions(&self) {
        self.suggest_index();
    }

    /// Whether that was done.
    pub fn has_suggestions(&self) -> bool {
        self.suggest_index.get().is_some()
    }

    pub(super) fn suggest_index(&self) -> &SuggestIndex {
        let segmenter = self.matcher.bank().segmenter();
        self.suggest_index.get_or_init(|| SuggestIndex::build(&self.base, segmenter))
    }
}
