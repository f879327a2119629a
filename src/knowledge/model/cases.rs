//! The operator's own tests: utterances of customers, and the result that each must have.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{
    facts::Facts,
    guard::GuardKind,
    id::{EntryId, IntentId},
};

/// All that `knowledge/tests.yaml` and `knowledge/tests/*.yaml` hold. Never served.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// The limits that the operator sets, in thousandths.
    pub floors: BTreeMap<Floor, u16>,
    /// The cases that people may read, in the order of the sorted files, then of the lines.
    pub cases: Vec<Case>,
    /// The sealed cases, in the same order. They stand apart, so that no list of what is tested,
    /// learnt or fitted holds them by accident.
    pub sealed: Vec<SealedCase>,
}

/// A figure of the tests for which the operator may set a limit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Floor {
    /// Of the utterances with an entry: ranked first, or the intent that answers with it acted on.
    First,
    /// Of the utterances with an entry: answered rightly, or shown the right choice.
    Helped,
    /// Of the utterances with an entry: answered rightly at once, without a choice between.
    RightAtOnce,
    /// Of the utterances that an entry answers at once: rightly.
    AnsweredRight,
    /// Of the utterances that must not be answered: not answered. A list of choices counts.
    NotAnswered,
    /// Of the utterances of an intent: acted on as that intent.
    Intents,
    /// Of the utterances that must not be answered: the bot did not understand, or an intent
    /// refused with a text of its own. A list of choices does not count.
    Silent,
    /// Of the utterances that must be asked back: asked back, with a choice that was expected.
    Clarify,
    /// Of the utterances that must be asked back: asked back, with two or more of the choices that were
    /// expected: what is vague has two meanings at least.
    TwoMeanings,
    /// How well confidence tells right from wrong: the area under the ROC curve.
    Auroc,
    /// How far confidence is from the share that is right: the expected calibration error. Its
    /// limit is the most that it may be; that of every other figure is the least.
    EceMax,
    /// Of the utterances of this intent: acted on as that intent.
    Intent(IntentId),
    /// Of the sealed utterances of this kind: as good as the figure of that kind asks.
    Sealed(KindName),
}

impl Floor {
    /// The figures that every root has, in the order in which they are told.
    pub const ALL: [Self; 11] = [
        Self::First,
        Self::Helped,
        Self::RightAtOnce,
        Self::AnsweredRight,
        Self::NotAnswered,
        Self::Intents,
        Self::Silent,
        Self::Clarify,
        Self::TwoMeanings,
        Self::Auroc,
        Self::EceMax,
    ];

    /// Its key in the file, or the key of the map that it stands in.
    pub fn key(&self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Helped => "helped",
            Self::RightAtOnce => "right_at_once",
            Self::AnsweredRight => "answered_right",
            Self::NotAnswered => "not_answered",
            Self::Intents => "intents",
            Self::Silent => "silent",
            Self::Clarify => "clarify",
            Self::TwoMeanings => "two_meanings",
            Self::Auroc => "auroc",
            Self::EceMax => "ece_max",
            Self::Intent(_) => "by_intent",
            Self::Sealed(_) => "sealed",
        }
    }

    /// The intent or the kind that it is about, where it is about one.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Intent(id) => Some(id.as_str()),
            Self::Sealed(kind) => Some(kind.as_str()),
            Self::First
            | Self::Helped
            | Self::RightAtOnce
            | Self::AnsweredRight
            | Self::NotAnswered
            | Self::Intents
            | Self::Silent
            | Self::Clarify
            | Self::TwoMeanings
            | Self::Auroc
            | Self::EceMax => None,
        }
    }

    /// Whether its limit is the most that the figure may be.
    pub fn is_ceiling(&self) -> bool {
        *self == Self::EceMax
    }

    /// The intent that it is about, where it is about one.
    pub fn intent(&self) -> Option<&IntentId> {
        if let Self::Intent(id) = self { Some(id) } else { None }
    }

    /// The kind of sealed cases that it is about, where it is about one.
    pub fn sealed_kind(&self) -> Option<&KindName> {
        if let Self::Sealed(kind) = self { Some(kind) } else { None }
    }

    /// In Chinese.
    pub fn title(&self) -> String {
        match self {
            Self::First => "首位正确".to_owned(),
            Self::Helped => "答对或选项里有".to_owned(),
            Self::RightAtOnce => "直接答对".to_owned(),
            Self::AnsweredRight => "直接回答的准确率".to_owned(),
            Self::NotAnswered => "不该答的没有答".to_owned(),
            Self::Intents => "意图正确".to_owned(),
            Self::Silent => "不该答的没有出声（给选项不算）".to_owned(),
            Self::Clarify => "该反问的反问了，选项里有".to_owned(),
            Self::TwoMeanings => "该反问的反问了，至少两个意思在".to_owned(),
            Self::Auroc => "置信度分得清对错（AUROC）".to_owned(),
            Self::EceMax => "置信度与实际的差距（ECE）".to_owned(),
            Self::Intent(id) => format!("意图 {id}"),
            Self::Sealed(kind) => format!("封存集 {kind}"),
        }
    }
}

/// For the log: `first`, `by_intent.safety.self_harm`, `sealed.payment`.
impl fmt::Display for Floor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())?;
        self.about().map_or(Ok(()), |about| write!(f, ".{about}"))
    }
}

/// The name under which sealed cases are counted: `clarify`, `no_answer`, `harmless`, the category
/// of the entry that must answer, the id of the intent that must be acted on, or `guard.` and a
/// kind of the guard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindName(Arc<str>);

impl KindName {
    /// The kind of utterances that must be asked back.
    pub const CLARIFY: &'static str = "clarify";
    /// The kind of utterances that must not be answered.
    pub const NO_ANSWER: &'static str = "no_answer";

    /// The kind of utterances for which the guard must not act.
    pub const HARMLESS: &'static str = "harmless";

    /// The name of the cases that the guard must find as this kind, such as `guard.crisis`.
    pub fn of_guard(kind: GuardKind) -> &'static str {
        match kind {
            GuardKind::Crisis => "guard.crisis",
            GuardKind::CrisisNear => "guard.crisis_near",
            GuardKind::Distress => "guard.distress",
            GuardKind::Fraud => "guard.fraud",
            GuardKind::Theft => "guard.theft",
            GuardKind::Violence => "guard.violence",
            GuardKind::Minor => "guard.minor",
            GuardKind::Harm => "guard.harm",
            GuardKind::Injection => "guard.injection",
            GuardKind::Advice => "guard.advice",
        }
    }

    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for KindName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Utterances of which the same is expected.
#[derive(Clone, Debug)]
pub struct Case {
    /// The result that each must have.
    pub expected: Expected,
    /// The part of the tests that they belong to.
    pub split: Split,
    /// The facts that are known of the customers.
    pub facts: Facts,
    /// The utterances; never empty.
    pub say: Vec<Said>,
}

/// One utterance of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// As the customer typed it.
    pub text: String,
    /// Where it is written, such as `knowledge/tests.yaml:12:9`.
    pub at: String,
}

/// The result that an utterance must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This entry answers.
    Entry(EntryId),
    /// The bot asks back and shows these.
    Clarify(Vec<EntryId>),
    /// This intent is acted on.
    Intent(IntentId),
    /// It is not answered, for the reason given.
    NoAnswer(String),
    /// It is acted on as a danger or a request of one of these kinds; never empty. It is counted
    /// under the first.
    Guard(Vec<GuardKind>),
    /// It only looks like a danger or a request to be refused, for the reason given: no intent of
    /// the guard is acted on.
    Harmless(String),
}

/// The part of the tests that people may read and to which a case belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Read while the knowledge is improved; the ranker and the thresholds are fitted on it.
    Fit,
    /// The regression set, `split: test`: the floors are about it.
    Test,
}

/// A case of the sealed part, `split: sealed`: nobody who writes knowledge reads its utterances,
/// and nothing is fitted on them.
///
/// Its utterances are handed out to two callers alone: the run that counts how they come out, and
/// `kefu test --reveal`, which takes them out of the sealed part.
#[derive(Clone)]
pub struct SealedCase(Case);

impl SealedCase {
    /// Seals a case. Its `split` says nothing any more.
    pub(crate) fn new(case: Case) -> Self {
        Self(case)
    }

    /// How many utterances it has.
    pub fn count(&self) -> usize {
        self.0.say.len()
    }

    /// The case, for a caller that gives no sentence away.
    pub(crate) fn opened(&self) -> &Case {
        &self.0
    }
}

/// Without the utterances.
impl fmt::Debug for SealedCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedCase").field("count", &self.count()).finish_non_exhaustive()
    }
}
