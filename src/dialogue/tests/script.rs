//! Plays lines at given seconds and prints their events.
//!
//! A line is `SECOND VERB …`; the verbs are in [`Script::play`]. Printed are the line, the
//! phase with its epoch and deadline, and the events. Nothing printed after the bar but a
//! phase: nothing followed.

use std::fmt::Write;

use expect_test::Expect;

use super::fixture;
use crate::dialogue::{
    AgentAct, CustomerAct, DeskAct, Duty, Input, Phase, Refusal, State, Turn, Wait, World,
    is_repeat, mask_context_after, turn,
};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, ClientIdHash, CustomerEvent, DeskEvent, EpisodeEvent, Event,
    Record, Reply,
};
use crate::knowledge::{Circumstances, EntryId, GuardKind, KnowledgeBase};
use crate::matching::Outcome;

pub(super) fn check(lines: &str, expected: &Expect) {
    expected.assert_eq(&Script::new().play(lines));
}

struct Script {
    base: KnowledgeBase,
    duty: Duty,
    state: State,
    records: Vec<Record>,
    messages: usize,
}

impl Script {
    fn new() -> Self {
        Self {
            base: fixture::base(),
            duty: fixture::on_duty(),
            state: State::new(),
            records: Vec::new(),
            messages: 0,
        }
    }

    fn play(&mut self, lines: &str) -> String {
        let mut printed = String::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let followed = self.line(line);
            let deadline = self
                .state
                .timer(&self.base.policy)
                .map_or(String::new(), |(_, at)| format!(" until {}", fixture::second(at)));
            let phase = phase(self.state.phase());
            let epoch = self.state.epoch();
            write!(printed, "{line}\n    | {phase} epoch {epoch}{deadline}\n{followed}").unwrap();
        }
        let mut replayed = State::new();
        self.records.iter().for_each(|record| replayed.apply(record));
        assert_eq!(replayed, self.state, "the journal tells the whole state");
        printed
    }

    fn line(&mut self, line: &str) -> String {
        let (second, rest) = line.split_once(' ').unwrap();
        let (verb, rest) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        let second = second.parse().unwrap();
        if verb == "duty" {
            self.duty.open = rest != "closed";
            self.duty.agents_present = rest == "on" || rest == "full";
            self.duty.queue_is_full = rest == "full";
            return String::new();
        }
        let (words, found) = rest.split_once("->").unwrap_or((rest, ""));
        let find = |_: &str, _: Circumstances<'_>| outcome(found.trim());
        let Some(input) = self.input(verb, words.trim(), second) else { return String::new() };
        let duty = self.duty.clone();
        let world = World { duty, find: &find, ..fixture::world(&self.base, second) };
        let is_same_id = |record: &Record| {
            record.event.client_id().is_some_and(|id| input.client_id() == Some(id))
        };
        if let Some(earlier) = self.records.iter().position(is_same_id) {
            return self.repeated(&input, earlier);
        }
        let taken = turn(&self.state, input, &world);
        self.take(taken, second)
    }

    /// The answer to a message under the client id of the record at this index.
    fn repeated(&self, input: &Input, earlier: usize) -> String {
        let context = mask_context_after(&self.records[..earlier]).unwrap();
        let earlier = &self.records[earlier];
        if is_repeat(input, &earlier.event, &context, &self.base.masker) {
            format!("    taken before, at {}\n", earlier.seq)
        } else {
            format!("    refused: {}\n", Refusal::ClientIdReused)
        }
    }

    fn take(&mut self, taken: Result<Turn, Refusal>, second: i64) -> String {
        match taken {
            Err(refusal) => format!("    refused: {refusal}\n"),
            Ok(Turn { events, .. }) => {
                let mut printed = String::new();
                for record in self.state.number(fixture::at(second), events) {
                    self.state.apply(&record);
                    writeln!(printed, "    {:>2} {}", record.seq, event(&record.event)).unwrap();
                    self.records.push(record);
                }
                printed
            }
        }
    }

    /// `#ID` and `@EPOCH` at the front of the words stand for the client id and the epoch,
    /// else each message has an id of its own and agents know the epoch.
    /// A `tick` before a timer has run out is nothing.
    fn input(&mut self, verb: &str, words: &str, second: i64) -> Option<Input> {
        let (client_id, words) = self.client_id(words);
        let (epoch, words) = self.epoch(words);
        let (first, others) = words.split_once(' ').unwrap_or((words, ""));
        let agent = || AgentId(first.parse().unwrap());
        let (id, text) = (client_id, words.into());
        let says = |choice| CustomerAct::Says { client_id: id, text, choice };
        let (text, comment) = (words.into(), others.into());
        let act = match verb {
            "says" => says(None),
            "presses" => says(Some(EntryId::from(first))),
            "asks_human" => CustomerAct::AsksHuman { client_id },
            "leaves_queue" => CustomerAct::LeavesQueue,
            "leaves_message" => CustomerAct::LeavesMessage { client_id, text, has_contact: true },
            "rates" => CustomerAct::Rates { client_id, stars: first.parse().unwrap(), comment },
            "ends" => CustomerAct::Ends,
            "tick" => {
                let timer = self.state.timer(&self.base.policy);
                let (timer, _) = timer.filter(|(_, at)| *at <= fixture::at(second))?;
                return Some(Input::Due(timer));
            }
            "offer" => return Some(Input::Desk(DeskAct::Offers { agent: agent(), epoch })),
            "agent_lost" => return Some(Input::Desk(DeskAct::AgentLost { agent: agent() })),
            "agent_back" => return Some(Input::Desk(DeskAct::AgentBack { agent: agent() })),
            "unstaffed" => return Some(Input::Desk(DeskAct::Staffing { is_staffed: false })),
            "staffed" => return Some(Input::Desk(DeskAct::Staffing { is_staffed: true })),
            verb => {
                let act = match verb {
                    "accept" => AgentAct::Accepts,
                    "decline" => AgentAct::Declines,
                    "agent_says" => AgentAct::Says { client_id, text: comment },
                    "return_to_bot" => AgentAct::ReturnsToBot,
                    "agent_closes" => AgentAct::Closes,
                    unknown => panic!("no such verb: {unknown}"),
                };
                return Some(Input::Agent { agent: agent(), epoch, act });
            }
        };
        Some(Input::Customer(act))
    }

    fn client_id<'w>(&mut self, words: &'w str) -> (ClientIdHash, &'w str) {
        self.messages += 1;
        let (id, words) = match words.strip_prefix('#') {
            Some(words) => words.split_once(' ').unwrap_or((words, "")),
            None => ("", words),
        };
        let own = format!("m{}", self.messages);
        (ClientIdHash::sample(if id.is_empty() { &own } else { id }), words)
    }

    fn epoch<'w>(&self, words: &'w str) -> (u64, &'w str) {
        match words.strip_prefix('@').and_then(|words| words.split_once(' ')) {
            Some((epoch, words)) => (epoch.parse().unwrap(), words),
            None => (self.state.epoch(), words),
        }
    }
}

/// `ENTRY`, `= ENTRY` for one of its wordings, `? ENTRY ENTRY…` to be asked which (`??` of little confidence), `! INTENT`,
/// `* KIND INTENT` for what the guard found, `fault` where the bot fails, or nothing found.
fn outcome(found: &str) -> Option<Outcome> {
    Some(match found.split_once(' ') {
        Some((asked @ ("?" | "??"), entries)) => {
            let confidence = if asked == "?" { 0.5 } else { 0.4 };
            fixture::clarifies(&entries.split_whitespace().collect::<Vec<_>>(), confidence)
        }
        Some(("!", intent)) => fixture::wants(intent),
        Some(("=", entry)) => fixture::equals(entry),
        Some(("*", found)) => {
            let (kind, intent) = found.split_once(' ').unwrap();
            let kind = GuardKind::ALL.into_iter().find(|known| known.as_str() == kind);
            fixture::guarded(kind.unwrap(), intent)
        }
        Some(_) => panic!("cannot be found: {found}"),
        None if found.is_empty() => fixture::nothing(),
        None if found == "fault" => return None,
        None => fixture::answers(found),
    })
}

fn phase(phase: &Phase) -> String {
    let waits =
        |wait: &Wait| format!("since {} priority {}", fixture::second(wait.since), wait.priority);
    match phase {
        Phase::BotActive { misses } => format!("BotActive misses {misses}"),
        Phase::Clarifying { misses, choices } => {
            let choices: Vec<&str> = choices.iter().map(EntryId::as_str).collect();
            format!("Clarifying misses {misses} {choices:?}")
        }
        Phase::LeavingMessage { misses } => format!("LeavingMessage misses {misses}"),
        Phase::Queued { wait, .. } => format!("Queued {}", waits(wait)),
        Phase::Offered { wait, agent, .. } => format!("Offered to {agent} {}", waits(wait)),
        Phase::AgentActive { agent, wait } => format!("AgentActive {agent} {}", waits(wait)),
        Phase::AgentLost { agent, wait, .. } => format!("AgentLost {agent} {}", waits(wait)),
        Phase::MessageLeft => "MessageLeft".to_owned(),
        Phase::Rating { .. } => "Rating".to_owned(),
        Phase::Closed => "Closed".to_owned(),
    }
}

fn event(event: &Event) -> String {
    match event {
        Event::Episode(EpisodeEvent::Started { episode, .. }) => {
            format!("EpisodeStarted {episode}")
        }
        Event::Customer(CustomerEvent::Said { text, choice, .. }) => {
            let pressed = choice.as_ref().map_or(String::new(), |id| format!(" [{id}]"));
            format!("CustomerSaid {}{pressed}", &**text)
        }
        Event::Bot(BotEvent::Said(reply)) => self::reply(reply),
        Event::Agent(AgentEvent::Said { agent, text, .. }) => {
            format!("AgentSaid {agent} {}", &**text)
        }
        Event::Bot(BotEvent::Noticed(notice)) => {
            format!("Noticed {:?} {}", notice.occasion, notice.text)
        }
        Event::Desk(DeskEvent::Queued { reason, .. }) => format!("Queued {reason:?}"),
        Event::Desk(DeskEvent::Offered { agent, .. }) => format!("Offered {agent}"),
        Event::Episode(EpisodeEvent::Ended { cause, rate_until, .. }) => {
            let until = rate_until.map_or("nothing to rate".to_owned(), |until| {
                format!("rate until {}", fixture::second(until))
            });
            format!("Ended {cause:?}, {until}")
        }
        Event::Customer(CustomerEvent::Rated { stars, comment, .. }) => {
            format!("Rated {stars} {}", &**comment)
        }
        Event::Customer(CustomerEvent::LeftMessage { text, .. }) => {
            format!("MessageLeft {}", &**text)
        }
        Event::Customer(CustomerEvent::AskedHuman { .. }) => "HumanAsked".to_owned(),
        Event::Agent(AgentEvent::Joined { agent, .. }) => format!("AgentJoined {agent}"),
        Event::Episode(EpisodeEvent::ReturnedToBot { .. }) => "ReturnedToBot".to_owned(),
        Event::Bot(BotEvent::AskedForMessage { .. }) => "MessageAsked".to_owned(),
        Event::Bot(BotEvent::FoundDanger { kind, intent, priority }) => {
            format!("DangerFound {kind} {intent} priority {priority}")
        }
        Event::Bot(BotEvent::DangerOver) => "DangerOver".to_owned(),
        Event::Desk(DeskEvent::OfferEnded { agent }) => format!("OfferEnded {agent}"),
        Event::Desk(DeskEvent::AgentLost { agent, .. }) => format!("AgentLost {agent}"),
        Event::Desk(DeskEvent::AgentBack { agent }) => format!("AgentBack {agent}"),
        Event::Desk(DeskEvent::AgentReminded { agent, waited_s }) => {
            format!("AgentReminded {agent} {waited_s}")
        }
        Event::Episode(EpisodeEvent::IdleWarned) => "IdleWarned".to_owned(),
        Event::Episode(EpisodeEvent::Closed) => "Closed".to_owned(),
    }
}

fn reply(reply: &Reply) -> String {
    let mut printed = format!("BotSaid {:?} {}", reply.kind, reply.text);
    if let Some(intent) = &reply.intent {
        write!(printed, " by {intent}").unwrap();
    }
    for choice in &reply.choices {
        write!(printed, " [{}]", choice.label).unwrap();
    }
    if reply.offer_human {
        printed += " [human]";
    }
    for note in &reply.candidates {
        write!(printed, " ({} {})", note.entry, note.confidence).unwrap();
    }
    printed
}
