//! What the messages of an episode tell the masking of the next one.

use crate::compliance::MaskContext;
use crate::journal::{AgentEvent, CustomerEvent, EpisodeEvent, Event, Record};

/// The context after the event. Each episode starts without one, because a state is folded from the
/// start of its episode.
pub(super) fn note(context: &mut MaskContext, event: &Event) {
    match event {
        Event::Episode(EpisodeEvent::Started { .. }) => *context = MaskContext::default(),
        Event::Customer(
            CustomerEvent::Said { text, .. } | CustomerEvent::LeftMessage { text, .. },
        ) => context.customer_said(text),
        Event::Agent(AgentEvent::Said { text, .. }) => context.agent_said(text),
        Event::Customer(_)
        | Event::Bot(_)
        | Event::Agent(_)
        | Event::Desk(_)
        | Event::Episode(_) => {}
    }
}

/// The context after records that follow each other from the first on which it depends. Only the
/// last messages count, so only they are read.
pub(super) fn fold(records: &[Record]) -> MaskContext {
    let mut context = MaskContext::default();
    let mut messages =
        records.iter().enumerate().rev().filter(|(_, record)| is_message(&record.event));
    // Without so many messages, all records count.
    let start = messages.nth(MaskContext::MESSAGES - 1).map_or(0, |(at, _)| at);
    for record in records.get(start..).unwrap_or_default() {
        note(&mut context, &record.event);
    }
    context
}

/// The context after the last of these records, which follow each other.
///
/// `None` if the context depends on records before the first of them.
pub fn mask_context_after(records: &[Record]) -> Option<MaskContext> {
    let is_first = records.first().is_none_or(|record| record.seq <= 1);
    let has_start = || records.iter().any(|record| is_start(&record.event));
    let messages = || records.iter().filter(|record| is_message(&record.event)).count();
    (is_first || has_start() || messages() >= MaskContext::MESSAGES).then(|| fold(records))
}

fn is_start(event: &Event) -> bool {
    matches!(event, Event::Episode(EpisodeEvent::Started { .. }))
}

fn is_message(event: &Event) -> bool {
    matches!(event, Event::Customer(CustomerEvent::Said { .. } | CustomerEvent::LeftMessage { .. }))
}
