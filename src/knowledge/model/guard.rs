//! The guard: people in danger and requests that must be refused, recognised before all bands.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::id::IntentId;
use crate::text::{Composition, Concept};

/// The kind of a danger or of a request that the guard finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardKind {
    /// The customer may harm themself.
    Crisis,
    /// Somebody near the customer may be harming themself.
    CrisisNear,
    /// The customer is low or overwhelmed, without a sign of danger.
    Distress,
    /// A fraud or a coercion is happening, or has just happened.
    Fraud,
    /// Money, a card, a phone or an account is being taken.
    Theft,
    /// The customer threatens to hurt people.
    Violence,
    /// A minor asks for something that only adults may have.
    Minor,
    /// A request for something illegal, or that harms others.
    Harm,
    /// The text tries to give the bot another role or other rules.
    Injection,
    /// A request for advice on what to invest in.
    Advice,
}

impl GuardKind {
    /// Every kind, the most urgent first.
    pub const ALL: [Self; 10] = [
        Self::Crisis,
        Self::CrisisNear,
        Self::Distress,
        Self::Fraud,
        Self::Theft,
        Self::Violence,
        Self::Minor,
        Self::Harm,
        Self::Injection,
        Self::Advice,
    ];

    /// Its name in files and on the wire, such as `crisis_near`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crisis => "crisis",
            Self::CrisisNear => "crisis_near",
            Self::Distress => "distress",
            Self::Fraud => "fraud",
            Self::Theft => "theft",
            Self::Violence => "violence",
            Self::Minor => "minor",
            Self::Harm => "harm",
            Self::Injection => "injection",
            Self::Advice => "advice",
        }
    }

    /// The kind with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Its name for people, in Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Self::Crisis => "本人可能轻生、自伤",
            Self::CrisisNear => "身边的人可能轻生、自伤",
            Self::Distress => "情绪低落",
            Self::Fraud => "正在被骗或被胁迫",
            Self::Theft => "正在被盗",
            Self::Violence => "扬言伤人",
            Self::Minor => "未成年人",
            Self::Harm => "违法或伤害他人的请求",
            Self::Injection => "指令注入",
            Self::Advice => "要投资建议",
        }
    }

    /// Whether somebody may be harming themself.
    pub fn is_crisis(self) -> bool {
        matches!(self, Self::Crisis | Self::CrisisNear)
    }

    /// Whether a person is in danger or distress, so that the subject sticks to the conversation,
    /// agents are told, and no form is put before the customer.
    pub fn is_danger(self) -> bool {
        match self {
            Self::Crisis
            | Self::CrisisNear
            | Self::Distress
            | Self::Fraud
            | Self::Theft
            | Self::Violence => true,
            Self::Minor | Self::Harm | Self::Injection | Self::Advice => false,
        }
    }
}

impl fmt::Display for GuardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the guard looks for, from `intents/guard.yaml`; the shipped file where a root has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Concepts by index; rules name them.
    pub concepts: Vec<Concept>,
    /// Words and sentences inside of which no concept counts: 笑死, 死机, 跳楼价.
    pub harmless: Vec<String>,
    /// By kind, the likelihoods that count, by the weights that ship. A kind without them is found
    /// by rules and examples alone.
    pub likely: BTreeMap<GuardKind, LikelyEnough>,
    /// What is found, the most urgent first.
    pub watches: Vec<Watch>,
    /// Signs that an utterance is about another firm, or turns a request into harm: no entry
    /// answers it at once.
    pub vetoes: Vec<GuardRule>,
}

impl Guard {
    /// The kind of danger or request that an intent is acted on for; `None` for another intent.
    pub fn kind_of(&self, intent: &IntentId) -> Option<GuardKind> {
        self.watches.iter().find(|watch| watch.intent == *intent).map(|watch| watch.kind)
    }
}

/// How likely an utterance must be of some kind to count as a finding of this one, of 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LikelyEnough {
    /// Without a rule that fits.
    pub alone: u16,
    /// With a rule that fits; below it, the whole utterance is taken for harmless.
    pub with_rule: u16,
}

/// One thing that the guard looks for, and the intent that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The kind of the finding.
    pub kind: GuardKind,
    /// The intent that is acted on; its texts, priority and handoff stand in `intents/`.
    pub intent: IntentId,
    /// The least similarity to an example of the intent that counts as a finding, of 1,000;
    /// `None`: examples alone find nothing.
    pub near: Option<u16>,
    /// Any of these finds it.
    pub rules: Vec<GuardRule>,
}

/// A composition with the line that it was written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardRule {
    /// As written, such as `对方 > 要求 > 转钱 - 防骗`.
    pub written: Arc<str>,
    /// The same, with the concepts by index.
    pub composition: Composition,
}
