//! What can happen in a conversation.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::id::{AgentId, ClientIdHash};
use crate::knowledge::{EntryId, IntentId};

/// One event at its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// From 1, without a gap, never reused.
    pub seq: u64,
    /// For display and timers; order is by `seq` alone.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What can happen, grouped by who acts. Texts are masked before they get here.
///
/// It is written as one flat object, whose `type` names the event whatever its group, such as
/// `{"type": "customer_said", …}`; [`Event::from_json`] reads it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// The customer did something.
    Customer(CustomerEvent),
    /// The bot said something.
    Bot(BotEvent),
    /// The agent who owns the conversation, or takes it, did something.
    Agent(AgentEvent),
    /// Who waits for an agent, and whether an agent is there.
    Desk(DeskEvent),
    /// An episode began, ended, or went on without an agent.
    Episode(EpisodeEvent),
}

/// What the customer did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum CustomerEvent {
    /// The customer typed, or pressed a choice (then `text` is its label).
    #[serde(rename = "customer_said")]
    Said {
        /// Of the client's own id.
        client_id: ClientIdHash,
        /// What was said, masked.
        text: String,
        /// The entry of the button, if one was pressed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<EntryId>,
    },
    /// The customer pressed the button for a human.
    #[serde(rename = "human_asked")]
    AskedHuman {
        /// Of the client's own id of the press.
        client_id: ClientIdHash,
    },
    /// The customer left a message for the agents. Nobody owns the conversation until the
    /// customer writes again or an agent takes the message up.
    #[serde(rename = "message_left")]
    LeftMessage {
        /// The new epoch.
        epoch: u64,
        /// Of the client's own id.
        client_id: ClientIdHash,
        /// What was written, masked.
        text: String,
        /// Whether a contact was left (kept apart, under this event's seq).
        has_contact: bool,
    },
    /// The customer rated the episode.
    #[serde(rename = "rated")]
    Rated {
        /// Of the client's own id.
        client_id: ClientIdHash,
        /// 1 to 5.
        stars: u8,
        /// In the customer's words, masked; may be empty.
        comment: String,
    },
}

/// What the bot said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum BotEvent {
    /// It answered an utterance.
    #[serde(rename = "bot_said")]
    Said(Reply),
    /// It told the customer something, in words of the policy.
    #[serde(rename = "noticed")]
    Noticed(Notice),
    /// No human can be had: the customer is asked to leave a message. Owner is the bot.
    #[serde(rename = "message_asked")]
    AskedForMessage {
        /// Raised if the queue owned it, else as it was.
        epoch: u64,
    },
}

/// What the agent did who owns the conversation, or takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AgentEvent {
    /// The agent answered.
    #[serde(rename = "agent_said")]
    Said {
        /// The owner of the conversation.
        agent: AgentId,
        /// Of the agent client's own id.
        client_id: ClientIdHash,
        /// What was said, masked.
        text: String,
    },
    /// Owner becomes the agent.
    #[serde(rename = "agent_joined")]
    Joined {
        /// The new epoch.
        epoch: u64,
        /// The new owner.
        agent: AgentId,
    },
}

/// Who waits for an agent, and whether an agent is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskEvent {
    /// Owner becomes the queue.
    Queued {
        /// The new epoch.
        epoch: u64,
        /// Why a human is wanted.
        reason: HandoffReason,
        /// 0 to 9, larger first.
        priority: u8,
        /// Since when the customer waits; kept when an agent is lost or lets an offer pass.
        since: Timestamp,
    },
    /// The desk offers it to an agent; the queue still owns it.
    Offered {
        /// To this one.
        agent: AgentId,
        /// Until when it may be accepted.
        until: Timestamp,
    },
    /// The offer was declined or ran out; the place in the queue is kept.
    OfferEnded {
        /// The agent who let it pass.
        agent: AgentId,
    },
    /// The owning agent's connection is gone; there is time until `until` to come back.
    AgentLost {
        /// The owner.
        agent: AgentId,
        /// End of the grace time.
        until: Timestamp,
    },
    /// The lost agent came back in time.
    AgentBack {
        /// The owner.
        agent: AgentId,
    },
    /// The customer has waited so long for the agent's answer, and the agent was reminded.
    AgentReminded {
        /// The owner.
        agent: AgentId,
        /// Since the first words without an answer, or since the agent joined; seconds.
        waited_s: u32,
    },
}

/// How an episode goes on, whoever acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EpisodeEvent {
    /// A first message, or one after the close, begins an episode; from 1.
    /// Owner becomes the bot.
    #[serde(rename = "episode_started")]
    Started {
        /// Its number.
        episode: u32,
        /// Raised if nobody owned it, else as it was.
        epoch: u64,
    },
    /// Owner becomes the bot again.
    ReturnedToBot {
        /// The new epoch.
        epoch: u64,
    },
    /// The customer was silent and was warned.
    IdleWarned,
    /// The conversation is over and may be rated until `until`. Nobody owns it.
    Ended {
        /// The new epoch.
        epoch: u64,
        /// Why.
        cause: CloseCause,
        /// Until when a rating is taken; `None`: there was nothing to rate.
        rate_until: Option<Timestamp>,
    },
    /// Rated, or the time for it is over.
    Closed,
}

impl Event {
    /// Reads an event that was written as JSON, by this version or an earlier one.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::journal::{EpisodeEvent, Event};
    ///
    /// let event = Event::from_json(r#"{"type":"closed"}"#)?;
    /// assert_eq!(event, Event::Episode(EpisodeEvent::Closed));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        let Type { name } = serde_json::from_str(json)?;
        match &*name {
            "customer_said" | "human_asked" | "message_left" | "rated" => {
                serde_json::from_str(json).map(Self::Customer)
            }
            "bot_said" | "noticed" | "message_asked" => serde_json::from_str(json).map(Self::Bot),
            "agent_said" | "agent_joined" => serde_json::from_str(json).map(Self::Agent),
            "queued" | "offered" | "offer_ended" | "agent_lost" | "agent_back"
            | "agent_reminded" => serde_json::from_str(json).map(Self::Desk),
            // The last group names what is not known.
            _ => serde_json::from_str(json).map(Self::Episode),
        }
    }

    /// The hash of the client's own id of the message, where somebody sent one.
    pub fn client_id(&self) -> Option<&ClientIdHash> {
        match self {
            Self::Customer(
                CustomerEvent::Said { client_id, .. }
                | CustomerEvent::AskedHuman { client_id }
                | CustomerEvent::LeftMessage { client_id, .. }
                | CustomerEvent::Rated { client_id, .. },
            )
            | Self::Agent(AgentEvent::Said { client_id, .. }) => Some(client_id),
            Self::Bot(_)
            | Self::Agent(AgentEvent::Joined { .. })
            | Self::Desk(_)
            | Self::Episode(_) => None,
        }
    }

    /// The epoch from this event on; `None` where the event carries none. It may be the same as
    /// before.
    pub fn epoch(&self) -> Option<u64> {
        match self {
            Self::Customer(CustomerEvent::LeftMessage { epoch, .. })
            | Self::Bot(BotEvent::AskedForMessage { epoch })
            | Self::Agent(AgentEvent::Joined { epoch, .. })
            | Self::Desk(DeskEvent::Queued { epoch, .. })
            | Self::Episode(
                EpisodeEvent::Started { epoch, .. }
                | EpisodeEvent::ReturnedToBot { epoch }
                | EpisodeEvent::Ended { epoch, .. },
            ) => Some(*epoch),
            Self::Customer(_)
            | Self::Bot(_)
            | Self::Agent(_)
            | Self::Desk(_)
            | Self::Episode(_) => None,
        }
    }
}

/// What tells which group an event is of.
#[derive(Deserialize)]
struct Type<'a> {
    #[serde(rename = "type", borrow)]
    name: Cow<'a, str>,
}

/// Something the bot said, with what an agent or auditor wants to know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What kind of reply.
    pub kind: ReplyKind,
    /// In the safe Markdown subset.
    pub text: String,
    /// The entry that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// The intent that was acted on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<IntentId>,
    /// Buttons: choices of a clarification, or follow-ups of an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Whether a button to reach a human is shown.
    #[serde(default)]
    pub offer_human: bool,
    /// What matching found, best first, at most three. For agents only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateNote>,
    /// Hash of the knowledge base that answered. For agents and audit only.
    pub knowledge: String,
}

/// What kind of reply the bot gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// An entry's answer.
    Answer,
    /// "Did you mean…".
    Clarify,
    /// Nothing found.
    Fallback,
    /// An intent's own words.
    Intent,
}

/// A button: an entry and its standard question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it answers with.
    pub entry: EntryId,
    /// What it says.
    pub label: String,
}

/// One candidate, as shown to an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateNote {
    /// The entry.
    pub entry: EntryId,
    /// Its standard question.
    pub question: String,
    /// 0 to 1, rounded to three places.
    pub confidence: f32,
}

/// A sentence of the system to the customer: on what occasion, and in which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// On what occasion.
    pub occasion: Occasion,
    /// The words, variables filled in.
    pub text: String,
}

/// On what occasion the system speaks; each has its text in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Joined the queue.
    Queued,
    /// Outside of the agents' hours; a message may be left.
    OffHours,
    /// Inside the hours with no agent to be had; a message may be left.
    NoAgent,
    /// An agent joined.
    AgentJoined,
    /// The agent's connection was lost for good; queued again at the old place.
    AgentLost,
    /// Given back to the bot.
    BackToBot,
    /// The customer left the queue.
    LeftQueue,
    /// The message is kept.
    MessageKept,
    /// Silent for a while.
    Idle,
    /// Over; please rate.
    Rate,
    /// Thanks for the rating.
    Rated,
    /// A password or code was sent, and destroyed.
    SecretDestroyed,
    /// No agent is ready any more; the place in the queue is kept.
    QueueUnstaffed,
    /// An agent is ready again.
    QueueStaffed,
    /// As many wait as may; a message may be left.
    QueueFull,
}

/// Why a human is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The customer pressed the button or said so.
    Asked,
    /// Misses in a row.
    Misses,
    /// An intent such as fraud or complaint.
    Intent,
    /// An entry that always goes to a human.
    Entry,
    /// The bot failed to answer, by a fault of its own.
    BotFailed,
    /// The agent who had it was lost.
    AgentLost,
}

/// Why a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseCause {
    /// The agent closed it.
    Agent,
    /// The customer closed it.
    Customer,
    /// Silence.
    Idle,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its name in the file. A new event does not compile without a line here, and then a
    /// case below.
    fn name(event: &Event) -> &'static str {
        match event {
            Event::Customer(event) => match event {
                CustomerEvent::Said { .. } => "customer_said",
                CustomerEvent::AskedHuman { .. } => "human_asked",
                CustomerEvent::LeftMessage { .. } => "message_left",
                CustomerEvent::Rated { .. } => "rated",
            },
            Event::Bot(event) => match event {
                BotEvent::Said(_) => "bot_said",
                BotEvent::Noticed(_) => "noticed",
                BotEvent::AskedForMessage { .. } => "message_asked",
            },
            Event::Agent(event) => match event {
                AgentEvent::Said { .. } => "agent_said",
                AgentEvent::Joined { .. } => "agent_joined",
            },
            Event::Desk(event) => match event {
                DeskEvent::Queued { .. } => "queued",
                DeskEvent::Offered { .. } => "offered",
                DeskEvent::OfferEnded { .. } => "offer_ended",
                DeskEvent::AgentLost { .. } => "agent_lost",
                DeskEvent::AgentBack { .. } => "agent_back",
                DeskEvent::AgentReminded { .. } => "agent_reminded",
            },
            Event::Episode(event) => match event {
                EpisodeEvent::Started { .. } => "episode_started",
                EpisodeEvent::ReturnedToBot { .. } => "returned_to_bot",
                EpisodeEvent::IdleWarned => "idle_warned",
                EpisodeEvent::Ended { .. } => "ended",
                EpisodeEvent::Closed => "closed",
            },
        }
    }

    #[test]
    fn each_event_is_read_as_it_was_written_by_its_name() {
        let client_id = || ClientIdHash::sample("c1");
        let (agent, at) = (AgentId(7), Timestamp::UNIX_EPOCH);
        let text = || "问".to_owned();
        let reply = Reply {
            kind: ReplyKind::Answer,
            text: text(),
            entry: Some("a.b".into()),
            intent: None,
            choices: Vec::new(),
            offer_human: false,
            candidates: Vec::new(),
            knowledge: "k".to_owned(),
        };
        let notice = Notice { occasion: Occasion::Queued, text: text() };
        let (reason, cause) = (HandoffReason::Asked, CloseCause::Idle);
        let said = CustomerEvent::Said { client_id: client_id(), text: text(), choice: None };
        let left = CustomerEvent::LeftMessage {
            epoch: 2,
            client_id: client_id(),
            text: text(),
            has_contact: true,
        };
        let rated = CustomerEvent::Rated { client_id: client_id(), stars: 5, comment: text() };
        let answered = AgentEvent::Said { agent, client_id: client_id(), text: text() };
        let queued = DeskEvent::Queued { epoch: 2, reason, priority: 3, since: at };
        let ended = EpisodeEvent::Ended { epoch: 2, cause, rate_until: Some(at) };
        let cases = [
            // (its name in the file, the event)
            ("customer_said", Event::Customer(said)),
            ("human_asked", Event::Customer(CustomerEvent::AskedHuman { client_id: client_id() })),
            ("message_left", Event::Customer(left)),
            ("rated", Event::Customer(rated)),
            ("bot_said", Event::Bot(BotEvent::Said(reply))),
            ("noticed", Event::Bot(BotEvent::Noticed(notice))),
            ("message_asked", Event::Bot(BotEvent::AskedForMessage { epoch: 2 })),
            ("agent_said", Event::Agent(answered)),
            ("agent_joined", Event::Agent(AgentEvent::Joined { epoch: 2, agent })),
            ("queued", Event::Desk(queued)),
            ("offered", Event::Desk(DeskEvent::Offered { agent, until: at })),
            ("offer_ended", Event::Desk(DeskEvent::OfferEnded { agent })),
            ("agent_lost", Event::Desk(DeskEvent::AgentLost { agent, until: at })),
            ("agent_back", Event::Desk(DeskEvent::AgentBack { agent })),
            ("agent_reminded", Event::Desk(DeskEvent::AgentReminded { agent, waited_s: 1 })),
            ("episode_started", Event::Episode(EpisodeEvent::Started { episode: 1, epoch: 1 })),
            ("returned_to_bot", Event::Episode(EpisodeEvent::ReturnedToBot { epoch: 2 })),
            ("idle_warned", Event::Episode(EpisodeEvent::IdleWarned)),
            ("ended", Event::Episode(ended)),
            ("closed", Event::Episode(EpisodeEvent::Closed)),
        ];
        for (name, event) in cases {
            assert_eq!(self::name(&event), name);
            let json = serde_json::to_string(&event).unwrap();
            assert!(json.starts_with(&format!("{{\"type\":\"{name}\"")), "{json}");
            assert_eq!(Event::from_json(&json).unwrap(), event);
        }
        for broken in ["", "{}", r#"{"type":"unheard_of"}"#, r#"{"type":"offered"}"#] {
            assert!(Event::from_json(broken).is_err(), "{broken}");
        }
    }
}
