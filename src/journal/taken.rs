//! Finds the choices of the bot that customers took.

use super::event::{BotEvent, CustomerEvent, Event, Record, Reply, ReplyKind};
use crate::knowledge::EntryId;

/// A choice that a customer took by pressing it or by its number. It shows what the customer meant
/// by the utterance before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenChoice {
    /// The utterance that the bot had asked back about, masked.
    pub utterance: String,
    /// The entry that was chosen.
    pub entry: EntryId,
}

/// The choices that were taken in a conversation, in order.
pub fn taken_choices(records: &[Record]) -> Vec<TakenChoice> {
    let mut said: Option<&str> = None;
    let mut asked_back: Option<(&str, &Reply)> = None;
    let mut taken = Vec::new();
    for record in records {
        if let Event::Customer(CustomerEvent::Said { text, choice: None, .. }) = &record.event {
            said = Some(text);
        }
        let Event::Bot(BotEvent::Said(reply)) = &record.event else { continue };
        if reply.kind == ReplyKind::Clarify {
            asked_back = said.map(|said| (said, reply));
            continue;
        }
        // A reply that was matched, not chosen, has candidates or an intent.
        let is_chosen = reply.candidates.is_empty() && reply.intent.is_none();
        let chosen = reply.entry.as_ref().filter(|_| is_chosen);
        if let (Some((utterance, shown)), Some(entry)) = (asked_back.take(), chosen)
            && shown.choices.iter().any(|choice| choice.entry == *entry)
        {
            taken.push(TakenChoice { utterance: utterance.to_owned(), entry: entry.clone() });
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::compliance::mask;
    use crate::journal::{CandidateNote, Choice, ClientIdHash};

    fn said(text: &str, choice: Option<&str>) -> Event {
        let client_id = ClientIdHash::sample("c1");
        Event::Customer(CustomerEvent::Said {
            client_id,
            text: mask(text).into(),
            choice: choice.map(EntryId::from),
        })
    }

    fn bot(kind: ReplyKind, entry: Option<&str>, choices: &[&str], is_matched: bool) -> Event {
        let choice = |id: &&str| Choice { entry: (*id).into(), label: "问".to_owned() };
        let note =
            CandidateNote { entry: "a.a".into(), question: "问".to_owned(), confidence: 0.5 };
        Event::Bot(BotEvent::Said(Reply {
            kind,
            text: "答".to_owned(),
            steps: Vec::new(),
            source: None,
            checked: None,
            entry: entry.map(EntryId::from),
            intent: None,
            choices: choices.iter().map(choice).collect(),
            offer_human: false,
            is_urgent: false,
            candidates: is_matched.then_some(note).into_iter().collect(),
            knowledge: String::new(),
        }))
    }

    #[test]
    fn what_was_asked_back_is_what_the_choice_was_meant_by() {
        use ReplyKind::{Answer, Clarify, Fallback};
        let asked = || [said("钱没到", None), bot(Clarify, None, &["a.a", "b.b"], true)];
        let cases = [
            // (what it shows, what follows, what was taken)
            ("pressed", vec![said("问", Some("b.b")), bot(Answer, Some("b.b"), &[], false)], 1),
            ("by its number", vec![said("2", None), bot(Answer, Some("b.b"), &[], false)], 1),
            ("asked anew", vec![said("提现没到", None), bot(Answer, Some("b.b"), &[], true)], 0),
            (
                "a follow-up",
                vec![said("问", Some("c.c")), bot(Answer, Some("c.c"), &["b.b"], false)],
                0,
            ),
            (
                "too late",
                vec![
                    said("不是", None),
                    bot(Fallback, None, &[], true),
                    said("问", Some("b.b")),
                    bot(Answer, Some("b.b"), &[], false),
                ],
                0,
            ),
            ("nothing", vec![], 0),
        ];
        for (shows, follows, count) in cases {
            let events = asked().into_iter().chain(follows).zip(1..);
            let at = Timestamp::UNIX_EPOCH;
            let records: Vec<Record> =
                events.map(|(event, seq)| Record { seq, at, event }).collect();
            let taken = taken_choices(&records);
            let expected = TakenChoice { utterance: "钱没到".to_owned(), entry: "b.b".into() };
            assert_eq!(taken, vec![expected; count], "{shows}");
        }
    }
}
