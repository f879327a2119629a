//! A turn as the customer reads it.

use std::collections::BTreeSet;

use super::{draft::Turn, treated::TreatedData};
use crate::compliance::PersonalData;
use crate::journal::{BotEvent, CustomerEvent, DeskEvent, Event, Reply, ReplyKind};
use crate::knowledge::KnowledgeBase;
use crate::matching::{Band, Outcome};

/// A turn as the customer reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The utterance as it is stored: masked.
    pub said: String,
    /// The outcome of matching; `None` where the bot had no utterance to answer.
    pub outcome: Option<Outcome>,
    /// The bot's reply. Without one, the notices as one text.
    pub reply: Reply,
    /// All texts of the bot and the system, in order.
    pub texts: Vec<String>,
    /// Whether the conversation goes into the queue for a human.
    pub is_handoff: bool,
    /// What masking found in the utterance.
    pub treated: Vec<TreatedData>,
}

impl Answered {
    /// Reads a turn that was taken with this knowledge base.
    pub fn of(turn: Turn, base: &KnowledgeBase) -> Self {
        let Turn { events, outcome, treated } = turn;
        let (mut said, mut reply) = (String::new(), None);
        let (mut texts, mut is_handoff) = (Vec::new(), false);
        for event in events {
            match event {
                Event::Customer(CustomerEvent::Said { text, .. }) => said = text.into_string(),
                Event::Bot(BotEvent::Said(own)) => {
                    texts.push(own.text.clone());
                    reply = Some(own);
                }
                Event::Bot(BotEvent::Noticed(notice)) => texts.push(notice.text),
                Event::Desk(DeskEvent::Queued { .. }) => is_handoff = true,
                Event::Customer(_)
                | Event::Bot(_)
                | Event::Agent(_)
                | Event::Desk(_)
                | Event::Episode(_) => {}
            }
        }
        let reply = reply.unwrap_or_else(|| Reply {
            kind: ReplyKind::Intent,
            text: texts.join("\n\n"),
            steps: Vec::new(),
            source: None,
            checked: None,
            entry: None,
            intent: outcome.as_ref().and_then(|outcome| outcome.intent.clone()),
            choices: Vec::new(),
            offer_human: true,
            is_urgent: false,
            candidates: Vec::new(),
            knowledge: base.hash.clone(),
        });
        Self { said, outcome, reply, texts, is_handoff, treated }
    }

    /// The classes of personal data that a tag replaces in the utterance, each once.
    pub fn masked_classes(&self) -> Vec<&'static str> {
        self.classes(|found| found.treatment.replaces())
    }

    /// The classes of personal data that the policy flags, and that stay in the utterance, each
    /// once.
    pub fn flagged_classes(&self) -> Vec<&'static str> {
        self.classes(|found| !found.treatment.replaces())
    }

    fn classes(&self, counts: impl Fn(&TreatedData) -> bool) -> Vec<&'static str> {
        let classes: BTreeSet<PersonalData> =
            self.treated.iter().filter(|found| counts(found)).map(|found| found.class).collect();
        classes.into_iter().map(PersonalData::as_str).collect()
    }

    /// How sure matching was. A choice that the customer took counts as an answer. A turn without
    /// matching and without a reply counts as a fallback.
    pub fn band(&self) -> Band {
        match (&self.outcome, self.reply.kind) {
            (Some(outcome), _) => outcome.band,
            (None, ReplyKind::Answer) => Band::Answer,
            (None, ReplyKind::Clarify) => Band::Clarify,
            (None, ReplyKind::Intent | ReplyKind::Fallback) => Band::Fallback,
        }
    }
}
