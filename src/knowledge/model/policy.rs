//! Named settings of the dialogue, from `intents/policy.yaml`.

use super::{entry::Entry, id::EntryId, texts::Texts};

/// Words of a standard question that name fraud, whatever the class of the entry. An entry of
/// another class may be about fraud: the debt after a fraud belongs to credit, and a victim who is
/// paying reads it.
const FRAUD_WORDS: [&str; 8] = ["骗", "诈", "刷单", "冒充", "冒名", "假冒", "安全账户", "共享屏幕"];

/// Targets, limits and timers of the dialogue. Each has a default with a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Least share of right answers among direct answers, of 1,000. Default 950: a new human agent
    /// gives about one wrong answer in twenty.
    pub answer_precision: u16,
    /// Least share of clarifications with the right entry among the choices, of 1,000.
    /// Default 700: below that, a list of choices wastes the customer's time.
    pub clarify_precision: u16,
    /// Least share of intents that are acted on rightly, of 1,000. Default 850: a wrong reply of an
    /// intent costs a customer less than a wrong answer does.
    pub intent_precision: u16,
    /// Most utterances that nothing answers, of 1,000, which get a direct answer all the same.
    /// Default 80: whoever asks for something else and is told a wrong thing trusts no further answer.
    pub answer_leaks_max: u16,
    /// Most utterances that nothing answers, of 1,000, which get a list of choices. Default 400: a
    /// useless list costs less than a wrong answer.
    pub clarify_leaks_max: u16,
    /// Least confidence, of 1,000, at which an entry that tells of fraud or an intent for a person
    /// in danger is answered at once. Default 500: to such a customer a late answer costs as much
    /// as a wrong one.
    pub urgent_confidence: u16,
    /// Choices shown in a clarification, 2 to 5. Default 4: what a phone shows without scrolling.
    pub clarify_choices: u8,
    /// Misses in a row before the customer is put into the queue for an agent. Default 2.
    pub misses_before_handoff: u8,
    /// Longest utterance, in characters. Default 500. Longer ones are refused.
    pub utterance_max_chars: u16,
    /// Conversations that an agent may have at the same time, 1 to 50. Default 5: one person can
    /// type in five without keeping a customer waiting for long.
    pub agent_conversations_max: u8,
    /// Customers who may wait for an agent, 1 to 10,000. Default 2,000: far more than a shift serves
    /// before `queue_timeout_s` ends the wait of the last. Further customers are asked to leave a
    /// message, except those with a priority above the normal one.
    pub queue_max: u16,
    /// The first text to a new customer.
    pub welcome: String,
    /// Entries shown as buttons under the welcome, at most 8.
    pub hot_questions: Vec<EntryId>,
    /// How long an agent may take to accept an offer. Default 30 s.
    pub offer_timeout_s: u32,
    /// How long a customer waits before being asked to leave a message. Default 600 s.
    pub queue_timeout_s: u32,
    /// How long a lost agent may take to come back. Default 15 s, after a lease of 40 s.
    pub agent_grace_s: u32,
    /// How long a customer waits for the agent's answer before the agent is reminded; the second
    /// reminder comes after the same time again. Default 60 s: longer silence makes people leave.
    pub agent_remind_s: u32,
    /// Silence of the customer before a warning. Default 300 s with the bot.
    pub idle_warn_s: u32,
    /// Silence after the warning before the conversation is closed. Default 300 s.
    pub idle_close_s: u32,
    /// How long a rating may be given after the end. Default 600 s.
    pub rating_timeout_s: u32,
    /// Compliance classes whose entries tell of fraud, besides the entries whose standard question
    /// names it. A clarification with one of them opens with `texts.clarify_fraud`. Default `fraud`,
    /// as in the sample.
    pub fraud_classes: Vec<String>,
    /// The texts that the bot says of its own accord, by occasion.
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
            intent_precision: 850,
            answer_leaks_max: 80,
            clarify_leaks_max: 400,
            urgent_confidence: 500,
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
