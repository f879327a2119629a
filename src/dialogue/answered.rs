//! What the customer reads after a turn.

use super::draft::Turn;
use crate::journal::{BotEvent, DeskEvent, Event, Reply, ReplyKind};
use crate::knowledge::KnowledgeBase;
use crate::matching::{Band, Outcome};

/// What the customer reads after a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// What matching found, where the bot was to answer an utterance.
    pub outcome: Option<Outcome>,
    /// What the bot says. Where it says nothing, the notices as one text.
    pub reply: Reply,
    /// What the bot and the system say, in order.
    pub texts: Vec<String>,
    /// Whether the conversation goes into the queue for a human.
    pub is_handoff: bool,
}

impl Answered {
    /// Reads a turn that this knowledge base took.
    pub fn of(turn: Turn, base: &KnowledgeBase) -> Self {
        let Turn { events, outcome } = turn;
        let (mut said, mut texts, mut is_handoff) = (None, Vec::new(), false);
        for event in events {
            match event {
                Event::Bot(BotEvent::Said(reply)) => {
                    texts.push(reply.text.clone());
                    said = Some(reply);
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
        let reply = said.unwrap_or_else(|| Reply {
            kind: ReplyKind::Intent,
            text: texts.join("\n\n"),
            entry: None,
            intent: outcome.as_ref().and_then(|outcome| outcome.intent.clone()),
            choices: Vec::new(),
            offer_human: true,
            candidates: Vec::new(),
            knowledge: base.hash.clone(),
        });
        Self { outcome, reply, texts, is_handoff }
    }

    /// How sure matching was. A choice that the customer took is an answer; where the bot was
    /// not asked, nothing was found.
    pub fn band(&self) -> Band {
        match (&self.outcome, self.reply.kind) {
            (Some(outcome), _) => outcome.band,
            (None, ReplyKind::Answer) => Band::Answer,
            (None, ReplyKind::Clarify) => Band::Clarify,
            (None, ReplyKind::Intent | ReplyKind::Fallback) => Band::Fallback,
        }
    }
}
