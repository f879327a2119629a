//! Named settings of the dialogue, from `intents/policy.yaml`.

use super::{entry::Entry, id::EntryId};

/// Words of a standard question that name fraud, whatever the class of the entry is: an entry
/// on what is owed after a fraud is one on credit, and is read by whoever is just paying.
const FRAUD_WORDS: [&str; 8] = ["骗", "诈", "刷单", "冒充", "冒名", "假冒", "安全账户", "共享屏幕"];

/// Targets, limits and timers of the dialogue. Every one has a default and a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Of 1,000 direct answers, how many must be right. Default 950: one wrong answer in
    /// twenty is about what a new human agent gives.
    pub answer_precision: u16,
    /// Of 1,000 clarifications, how often the right entry must be among the choices.
    /// Default 700: below that, a list of choices wastes the customer's time.
    pub clarify_precision: u16,
    /// Choices shown in a clarification, 2 to 5. Default 4: what a phone shows without scrolling.
    pub clarify_choices: u8,
    /// Misses in a row before a human is offered by queueing. Default 2.
    pub misses_before_handoff: u8,
    /// Longest utterance, in characters. Default 500. Longer ones are refused.
    pub utterance_max_chars: u16,
    /// Conversations that an agent may have at the same time, 1 to 50. Default 5: what one
    /// person can type in without keeping anybody waiting for long.
    pub agent_conversations_max: u8,
    /// Customers who may wait for an agent, 1 to 10,000. Default 2,000: far more than a shift serves
    /// before `queue_timeout_s` is over for the last. Others are asked to leave a message, but for those
    /// whose priority is above the normal one.
    pub queue_max: u16,
    /// What is said first to a new customer.
    pub welcome: String,
    /// Entries shown as buttons under the welcome, at most 8.
    pub hot_questions: Vec<EntryId>,
    /// How long an agent may take to accept an offer. Default 30 s.
    pub offer_timeout_s: u32,
    /// How long a customer waits before being asked to leave a message. Default 600 s.
    pub queue_timeout_s: u32,
    /// How long a lost agent may take to come back. Default 15 s, after a lease of 40 s.
    pub agent_grace_s: u32,
    /// How long a customer waits for the agent's answer before the agent is reminded, and as
    /// long again until the second time. Default 60 s: what people bear in silence.
    pub agent_remind_s: u32,
    /// Silence of the customer before a warning. Default 300 s with the bot.
    pub idle_warn_s: u32,
    /// Silence after the warning before the conversation is closed. Default 300 s.
    pub idle_close_s: u32,
    /// How long a rating may be given after the end. Default 600 s.
    pub rating_timeout_s: u32,
    /// Compliance classes whose entries tell of fraud, besides those whose standard question
    /// names it: a clarification with one of them opens with `texts.clarify_fraud`. Default `fraud`, as in the sample.
    pub fraud_classes: Vec<String>,
    /// What the bot says of its own accord, by occasion.
    pub texts: Texts,
}

impl Policy {
    /// Whether an entry tells of fraud: by its class, or by its standard question.
    pub fn tells_of_fraud(&self, entry: &Entry) -> bool {
        let question = &entry.standard_question;
        self.fraud_classes.contains(&entry.compliance.class)
            || FRAUD_WORDS.iter().any(|word| question.contains(word))
    }
}

impl Default for Policy {
    /// The numbers as documented above; the texts are empty and have no default.
    fn default() -> Self {
        Self {
            answer_precision: 950,
            clarify_precision: 700,
            clarify_choices: 4,
            misses_before_handoff: 2,
            utterance_max_chars: 500,
            agent_conversations_max: 5,
            queue_max: 2_000,
            welcome: String::new(),
            hot_questions: Vec::new(),
            offer_timeout_s: 30,
            queue_timeout_s: 600,
            agent_grace_s: 15,
            agent_remind_s: 60,
            idle_warn_s: 300,
            idle_close_s: 300,
            rating_timeout_s: 600,
            fraud_classes: vec!["fraud".to_owned()],
            texts: Texts::default(),
        }
    }
}

/// What the bot says of its own accord; from `texts:` in `intents/policy.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Over a list of choices.
    pub clarify: String,
    /// Nothing found, first time.
    pub fallback: String,
    /// Nothing found again, while a human is being fetched or a message may be left.
    pub fallback_again: String,
    /// The customer has joined the queue.
    pub queued: String,
    /// No agent is on duty; `{{next_opening}}` is filled in.
    pub off_hours: String,
    /// It is within hours but no agent is signed in, or the wait has run out.
    pub no_agent: String,
    /// An agent has taken the conversation; `{{agent}}` is filled in.
    pub agent_joined: String,
    /// The agent's connection is gone and the conversation waits at its old place.
    pub agent_lost: String,
    /// The agent gave the conversation back to the bot.
    pub back_to_bot: String,
    /// The customer left the queue.
    pub left_queue: String,
    /// A left message is kept.
    pub message_kept: String,
    /// Nothing was said for a while.
    pub idle: String,
    /// The conversation is over; a rating is asked for.
    pub rate: String,
    /// Thanks for the rating.
    pub rated: String,
    /// Passwords or one-time codes were sent, and destroyed.
    pub secret_destroyed: String,
    /// The customer waits in the queue and no agent is ready any more.
    pub queue_unstaffed: String,
    /// An agent is ready again while the customer still waits.
    pub queue_staffed: String,
    /// As many wait as may, and the customer is asked to leave a message.
    pub queue_full: String,
    /// Instead of `clarify` where one choice alone is left; `{{question}}` is filled in then.
    pub clarify_one: String,
    /// Before `clarify` or `clarify_one` where a choice tells of fraud.
    pub clarify_fraud: String,
}
