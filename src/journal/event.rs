//! The events of a conversation.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::id::{AgentId, ClientIdHash};
use super::masked_text::MaskedText;
use crate::knowledge::{EntryId, GuardKind, IntentId, whole};

/// One event with its number and time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// The number in the conversation: from 1, without a gap, never reused.
    pub seq: u64,
    /// For display and timers only; the order is by `seq`.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// An event, grouped by who acts. What people typed is masked; the texts of the bot and the system
/// come from the knowledge.
///
/// It is written as one flat object. Its `type` names the event without the group, such as
/// `{"type": "customer_said", …}`. [`Event::from_json`] reads it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// The customer did something.
    Customer(CustomerEvent),
    /// The bot or the system said something.
    Bot(BotEvent),
    /// The agent who owns the conversation, or takes it, did something.
    Agent(AgentEvent),
    /// The queue, or the presence of the agent, changed.
    Desk(DeskEvent),
    /// An episode began, ended, or went on without an agent.
    Episode(EpisodeEvent),
}

/// An act of the customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum CustomerEvent {
    /// The customer typed, or pressed a choice (then `text` is its label).
    #[serde(rename = "customer_said")]
    Said {
        /// Hash of the client's own message id.
        client_id: ClientIdHash,
        /// The utterance.
        text: MaskedText,
        /// The entry of the button, if one was pressed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<EntryId>,
    },
    /// The customer pressed the button for a human.
    #[serde(rename = "human_asked")]
    AskedHuman {
        /// Hash of the client's own id of the press.
        client_id: ClientIdHash,
    },
    /// The customer left a message for the agents. Nobody owns the conversation until the
    /// customer writes again or an agent takes the message up.
    #[serde(rename = "message_left")]
    LeftMessage {
        /// The new epoch.
        epoch: u64,
        /// Hash of the client's own message id.
        client_id: ClientIdHash,
        /// The message.
        text: MaskedText,
        /// Whether contact details came with it. They are stored apart, under this event's `seq`.
        has_contact: bool,
    },
    /// The customer rated the episode.
    #[serde(rename = "rated")]
    Rated {
        /// Hash of the client's own message id.
        client_id: ClientIdHash,
        /// 1 to 5.
        stars: u8,
        /// The customer's comment; may be empty.
        comment: MaskedText,
    },
}

/// A text of the bot or the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum BotEvent {
    /// It answered an utterance.
    #[serde(rename = "bot_said")]
    Said(Reply),
    /// It told the customer something, with a text of the policy.
    #[serde(rename = "noticed")]
    Noticed(Notice),
    /// No human can be reached, so the customer is asked to leave a message. The bot becomes the
    /// owner.
    #[serde(rename = "message_asked")]
    AskedForMessage {
        /// Raised if the queue was the owner, else unchanged.
        epoch: u64,
    },
    /// The utterance before tells of a person in danger. For agents only.
    #[serde(rename = "danger_found")]
    FoundDanger {
        /// The kind of danger.
        kind: GuardKind,
        /// The intent whose texts help.
        intent: IntentId,
        /// The priority in the queue that it calls for, 0 to 9.
        priority: u8,
    },
    /// With the utterance before, the customer turned to a subject without danger. For agents only.
    #[serde(rename = "danger_over")]
    DangerOver,
}

/// An act of the agent who owns the conversation or takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AgentEvent {
    /// The agent answered.
    #[serde(rename = "agent_said")]
    Said {
        /// The owner of the conversation.
        agent: AgentId,
        /// Hash of the agent client's own message id.
        client_id: ClientIdHash,
        /// The message.
        text: MaskedText,
    },
    /// The agent becomes the owner.
    #[serde(rename = "agent_joined")]
    Joined {
        /// The new epoch.
        epoch: u64,
        /// The new owner.
        agent: AgentId,
    },
}

/// A change of the queue or of the agent's presence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskEvent {
    /// The queue becomes the owner.
    Queued {
        /// The new epoch.
        epoch: u64,
        /// Why a human is needed.
        reason: HandoffReason,
        /// 0 to 9; a larger number is served first.
        priority: u8,
        /// Since when the customer waits. It is kept when an agent is lost or lets an offer pass.
        since: Timestamp,
        /// The danger that stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        danger: Option<GuardKind>,
    },
    /// The desk offers the conversation to an agent. The queue is still the owner.
    Offered {
        /// The agent to whom it is offered.
        agent: AgentId,
        /// Until when the agent may accept.
        until: Timestamp,
    },
    /// The offer was declined or ran out; the place in the queue is kept.
    OfferEnded {
        /// The agent who let it pass.
        agent: AgentId,
    },
    /// The owner's connection is gone. The agent may come back until `until`.
    AgentLost {
        /// The owner.
        agent: AgentId,
        /// The end of the grace time.
        until: Timestamp,
    },
    /// The lost agent came back in time.
    AgentBack {
        /// The owner.
        agent: AgentId,
    },
    /// The agent was reminded of a customer who waits for an answer.
    AgentReminded {
        /// The owner.
        agent: AgentId,
        /// Seconds since the customer's first unanswered message, or since the agent joined.
        waited_s: u32,
    },
}

/// The start, end or return of an episode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EpisodeEvent {
    /// A first message, or one after the close, starts an episode. The bot becomes the owner.
    #[serde(rename = "episode_started")]
    Started {
        /// Its number, from 1.
        episode: u32,
        /// Raised if nobody was the owner, else unchanged.
        epoch: u64,
    },
    /// The bot becomes the owner again.
    ReturnedToBot {
        /// The new epoch.
        epoch: u64,
    },
    /// The customer was silent and was warned.
    IdleWarned,
    /// The episode is over and may be rated until `until`. Nobody is the owner.
    Ended {
        /// The new epoch.
        epoch: u64,
        /// Why it ended.
        cause: CloseCause,
        /// Until when a rating is taken; `None`: there is nothing to rate.
        rate_until: Option<Timestamp>,
    },
    /// The rating came, or the time for it is over.
    Closed,
}

impl Event {
    /// Reads an event from JSON that this version or an earlier one wrote.
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
        let EventTag { name } = serde_json::from_str(json)?;
        match &*name {
            "customer_said" | "human_asked" | "message_left" | "rated" => {
                serde_json::from_str(json).map(Self::Customer)
            }
            "bot_said" | "noticed" | "message_asked" | "danger_found" | "danger_over" => {
                serde_json::from_str(json).map(Self::Bot)
            }
            "agent_said" | "agent_joined" => serde_json::from_str(json).map(Self::Agent),
            "queued" | "offered" | "offer_ended" | "agent_lost" | "agent_back"
            | "agent_reminded" => serde_json::from_str(json).map(Self::Desk),
            // The last group's reader names the unknown type in its error.
            _ => serde_json::from_str(json).map(Self::Episode),
        }
    }

    /// The hash of the client's own message id; `None` for an event that is not a message.
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

    /// The epoch from this event on, which may be the same as before; `None` if the event carries
    /// none.
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

/// The field that tells the group of an event.
#[derive(Deserialize)]
struct EventTag<'a> {
    #[serde(rename = "type", borrow)]
    name: Cow<'a, str>,
}

/// A reply of the bot, with the notes for agents and auditors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The kind of reply.
    pub kind: ReplyKind,
    /// In the safe Markdown subset.
    pub text: String,
    /// What to do in order, one line of the same subset each; shown folded under the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// The law, rule or contract that an answer rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The day on which an answer was last checked against its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Date>,
    /// The entry that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// The intent that the bot acted on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<IntentId>,
    /// Buttons: choices of a clarification, or follow-ups of an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Whether a button to reach a human is shown.
    #[serde(default)]
    pub offer_human: bool,
    /// Whether it is said to a person in danger, so that nothing may cover it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_urgent: bool,
    /// The best candidates of matching, best first, at most three. For agents only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateNote>,
    /// Hash of the knowledge base that answered. For agents and audit only.
    pub knowledge: String,
}

impl Reply {
    /// The text and the steps as one text in the safe Markdown subset.
    pub fn whole(&self) -> Cow<'_, str> {
        whole(&self.text, &self.steps)
    }
}

/// The kind of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// An entry's answer.
    Answer,
    /// A clarification: "Did you mean…".
    Clarify,
    /// Nothing was found.
    Fallback,
    /// An intent's own text.
    Intent,
}

/// A button: an entry and its standard question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The entry that answers it.
    pub entry: EntryId,
    /// The label of the button.
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

/// A sentence of the system to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The occasion.
    pub occasion: Occasion,
    /// The text, with its variables filled in.
    pub text: String,
}

/// The occasions on which the system speaks. Each has its text in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The customer joined the queue.
    Queued,
    /// It is outside the agents' hours; a message may be left.
    OffHours,
    /// It is within the hours, but no agent is there; a message may be left.
    NoAgent,
    /// An agent joined.
    AgentJoined,
    /// The agent was lost for good; the customer is queued again at the old place.
    AgentLost,
    /// The agent gave the conversation back to the bot.
    BackToBot,
    /// The customer left the queue.
    LeftQueue,
    /// The message was stored.
    MessageKept,
    /// The customer has been silent for a while.
    Idle,
    /// The episode is over; please rate it.
    Rate,
    /// Thanks for the rating.
    Rated,
    /// A password or code was sent and destroyed.
    SecretDestroyed,
    /// The last ready agent has left; the place in the queue is kept.
    QueueUnstaffed,
    /// An agent is ready again.
    QueueStaffed,
    /// The queue is full; a message may be left.
    QueueFull,
    /// The customer told of danger while a human has the conversation, or will have it. The text
    /// is the `line` of the intent.
    Safety,
}

/// Why a human is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The customer pressed the button or asked in words.
    Asked,
    /// Too many misses in a row.
    Misses,
    /// An intent such as fraud or complaint.
    Intent,
    /// An entry that always hands over.
    Entry,
    /// The bot failed to answer, by a fault of its own.
    BotFailed,
    /// The agent who had the conversation was lost.
    AgentLost,
}

/// Why an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseCause {
    /// The agent closed it.
    Agent,
    /// The customer closed it.
    Customer,
    /// The customer was silent for too long.
    Idle,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compliance::mask;

    /// The event's name in the file. A new event does not compile without a line here, and then
    /// needs a case below.
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
                BotEvent::FoundDanger { .. } => "danger_found",
                BotEvent::DangerOver => "danger_over",
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
        let masked = || MaskedText::from(mask("问"));
        let reply = Reply {
            kind: ReplyKind::Answer,
            text: text(),
            steps: Vec::new(),
            source: None,
            checked: None,
            entry: Some("a.b".into()),
            intent: None,
            choices: Vec::new(),
            offer_human: false,
            is_urgent: true,
            candidates: Vec::new(),
            knowledge: "k".to_owned(),
        };
        let notice = Notice { occasion: Occasion::Queued, text: text() };
        let (reason, cause) = (HandoffReason::Asked, CloseCause::Idle);
        let said = CustomerEvent::Said { client_id: client_id(), text: masked(), choice: None };
        let left = CustomerEvent::LeftMessage {
            epoch: 2,
            client_id: client_id(),
            text: masked(),
            has_contact: true,
        };
        let rated = CustomerEvent::Rated { client_id: client_id(), stars: 5, comment: masked() };
        let answered = AgentEvent::Said { agent, client_id: client_id(), text: masked() };
        let danger = GuardKind::CrisisNear;
        let queued =
            DeskEvent::Queued { epoch: 2, reason, priority: 3, since: at, danger: Some(danger) };
        let found =
            BotEvent::FoundDanger { kind: danger, intent: "safety.near".into(), priority: 9 };
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
            ("danger_found", Event::Bot(found)),
            ("danger_over", Event::Bot(BotEvent::DangerOver)),
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
