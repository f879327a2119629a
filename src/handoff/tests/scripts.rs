//! The desk, line by line.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::office::{Office, moment};
use crate::dialogue::{AgentAct, CustomerAct, Input, tests::fixture};
use crate::handoff::{AgentStatus, AtLimit, Errand, StaffingNotice};
use crate::journal::{AgentId, ConversationId};

/// Plays `SECOND VERB …` lines and prints, where a line says `shows`, the queue with offers,
/// the agents with status and load, and the open messages. After each line the desk does what
/// it wants to do at that second, which is printed under it.
pub(super) fn check(lines: &str, expected: &Expect) {
    let mut office = Office::new();
    let mut printed = String::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        writeln!(printed, "{line}").unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        office.wait_until(words[0].parse().unwrap());
        office.pings();
        play(&mut office, &words[1..]);
        for errand in office.does_errands() {
            writeln!(printed, "    {}", told(&errand)).unwrap();
        }
        if words[1] == "shows" {
            printed += &shows(&office);
        }
    }
    expected.assert_eq(&printed);
}

fn told(errand: &Errand) -> String {
    let conversation = errand.conversation();
    match errand {
        Errand::Offer(offer) => format!("offer {conversation} to {}", offer.agent),
        Errand::EndOffer { agent, .. } => format!("ends the offer of {conversation} to {agent}"),
        Errand::Tell(StaffingNotice { is_staffed: true, .. }) => {
            format!("tells {conversation} staffed")
        }
        Errand::Tell(_) => format!("tells {conversation} unstaffed"),
        Errand::AgentLost { agent, .. } => format!("tells {conversation} that {agent} is lost"),
        Errand::AgentBack { agent, .. } => format!("tells {conversation} that {agent} is back"),
    }
}

fn play(office: &mut Office, words: &[&str]) {
    let agent = |at: usize| AgentId(words[at].parse().unwrap());
    let conversation = ConversationId::new(words.get(1).unwrap_or(&""));
    match words[0] {
        "present" => {
            office.present(agent(1));
        }
        "limit" => office.desk.set_limit(words[1].parse().unwrap()),
        "silent" => {
            office.silent.insert(agent(1));
        }
        "away" => office.desk.agent_away(agent(1), office.moment()),
        "break" => office.status(agent(1), AgentStatus::Break),
        "ready" => office.status(agent(1), AgentStatus::Ready),
        "gone" => office.desk.agent_gone(agent(1)),
        "asks" => office.asks_human(&conversation),
        "fraud" => office.reports_fraud(&conversation),
        "danger" => office.tells_of_danger(&conversation),
        "accepts" => assert!(office.accepts(&conversation, agent(2))),
        "is_full_for" => {
            assert_eq!(office.desk.reserve(agent(2), &conversation), Err(AtLimit));
        }
        "says" => assert!(office.says(&conversation, agent(2))),
        "declines" => assert!(office.acts(&conversation, agent(2), AgentAct::Declines)),
        "closes" => assert!(office.closes(&conversation, agent(2))),
        "leaves" => assert!(office.input(&conversation, Input::Customer(CustomerAct::LeavesQueue))),
        "message" => {
            let client_id = office.client_id();
            let text = words[2].into();
            let input =
                Input::Customer(CustomerAct::LeavesMessage { client_id, text, has_contact: false });
            assert!(office.input(&conversation, input));
        }
        "shows" | "waits" => {}
        unknown => panic!("no such verb: {unknown}"),
    }
}

fn shows(office: &Office) -> String {
    let mut printed = String::new();
    for waiting in office.desk.waiting() {
        let (place, _) = office.board.place(&waiting.conversation).unwrap();
        let since = fixture::second(waiting.since);
        write!(printed, "    {place}. {} since {since}", waiting.conversation).unwrap();
        if let Some(danger) = waiting.danger {
            write!(printed, " {danger}").unwrap();
        }
        if let Some((agent, until)) = waiting.offered {
            write!(printed, " offered to {agent} until {}", fixture::second(until)).unwrap();
        }
        printed += "\n";
    }
    for agent in office.desk.agents() {
        let held: Vec<&str> =
            office.desk.held_by(agent.agent).map(ConversationId::as_str).collect();
        writeln!(
            printed,
            "    agent {} {:?} {}/{} holds {held:?}",
            agent.agent, agent.status, agent.load, agent.capacity
        )
        .unwrap();
    }
    for message in office.desk.messages() {
        let since = fixture::second(message.since);
        writeln!(printed, "    message {} {} since {since}", message.conversation, message.text)
            .unwrap();
    }
    printed
}

#[test]
fn first_come_first_served_and_urgent_before_all() {
    check(
        "0 asks a
         1 asks b
         2 fraud c
         3 shows
         4 present 1
         5 shows
         6 accepts c 1
         7 closes c 1
         8 shows",
        &expect![[r#"
            0 asks a
            1 asks b
            2 fraud c
            3 shows
                tells c unstaffed
                tells a unstaffed
                tells b unstaffed
                1. c since 2
                2. a since 0
                3. b since 1
            4 present 1
                offer c to 1
            5 shows
                1. c since 2 offered to 1 until 34
                2. a since 0
                3. b since 1
                agent 1 Ready 1/5 holds []
            6 accepts c 1
                offer a to 1
            7 closes c 1
                tells a staffed
                tells b staffed
            8 shows
                1. a since 0 offered to 1 until 36
                2. b since 1
                agent 1 Ready 1/5 holds []
        "#]],
    );
}

#[test]
fn a_waiting_customer_in_danger_moves_up_and_keeps_the_offer_or_the_agent() {
    check(
        "0 asks a
         1 asks b
         2 asks c
         3 danger c
         4 present 1
         5 danger b
         6 shows
         7 accepts b 1
         8 accepts a 1
         9 danger a
         10 gone 1
         30 shows",
        &expect![[r#"
            0 asks a
            1 asks b
            2 asks c
            3 danger c
                tells c unstaffed
                tells a unstaffed
                tells b unstaffed
            4 present 1
                offer c to 1
            5 danger b
            6 shows
                1. b since 1 fraud
                2. c since 2 fraud offered to 1 until 34
                3. a since 0
                agent 1 Ready 1/5 holds []
            7 accepts b 1
                tells c staffed
                tells a staffed
            8 accepts a 1
            9 danger a
            10 gone 1
                tells a that 1 is lost
                tells b that 1 is lost
                ends the offer of c to 1
            30 shows
                1. a since 0 fraud
                2. b since 1 fraud
                3. c since 2 fraud
        "#]],
    );
}

#[test]
fn the_least_loaded_agent_is_asked_and_equals_take_turns() {
    check(
        "0 present 1
         0 present 2
         1 asks a
         2 accepts a 1
         3 asks b
         4 accepts b 2
         5 asks c
         6 closes a 1
         7 accepts c 1
         8 asks d
         9 shows",
        &expect![[r#"
            0 present 1
            0 present 2
            1 asks a
                offer a to 1
            2 accepts a 1
            3 asks b
                offer b to 2
            4 accepts b 2
            5 asks c
                offer c to 1
            6 closes a 1
            7 accepts c 1
            8 asks d
                offer d to 2
            9 shows
                1. d since 8 offered to 2 until 38
                agent 1 Ready 1/5 holds ["c"]
                agent 2 Ready 2/5 holds ["b"]
        "#]],
    );
}

#[test]
fn one_who_let_it_pass_is_asked_again_last_and_after_a_pause() {
    check(
        "0 present 1
         0 present 2
         0 break 2
         1 asks a
         2 declines a 1
         3 waits
         4 asks b
         5 ready 2
         6 declines a 2
         31 waits
         32 shows
         33 accepts b 1",
        &expect![[r#"
            0 present 1
            0 present 2
            0 break 2
            1 asks a
                offer a to 1
            2 declines a 1
            3 waits
            4 asks b
                offer b to 1
            5 ready 2
                offer a to 2
            6 declines a 2
            31 waits
            32 shows
                1. a since 1
                2. b since 4 offered to 1 until 34
                agent 1 Ready 1/5 holds []
                agent 2 Ready 0/5 holds []
            33 accepts b 1
                offer a to 1
        "#]],
    );
}

#[test]
fn an_offer_that_ran_out_sets_the_agent_to_a_break() {
    check(
        "0 present 1
         1 asks a
         31 shows
         40 present 2
         41 shows",
        &expect![[r#"
            0 present 1
            1 asks a
                offer a to 1
            31 shows
                1. a since 1
                agent 1 Break 0/5 holds []
            40 present 2
                offer a to 2
            41 shows
                1. a since 1 offered to 2 until 70
                agent 1 Break 0/5 holds []
                agent 2 Ready 1/5 holds []
        "#]],
    );
}

#[test]
fn a_lost_agents_customer_comes_first_again() {
    check(
        "0 limit 1
         0 present 1
         1 asks a
         2 accepts a 1
         3 asks b
         50 gone 1
         60 shows
         65 shows
         66 present 2
         67 shows",
        &expect![[r#"
            0 limit 1
            0 present 1
            1 asks a
                offer a to 1
            2 accepts a 1
            3 asks b
            50 gone 1
                tells a that 1 is lost
            60 shows
                tells b unstaffed
                1. b since 3
            65 shows
                tells a unstaffed
                1. a since 1
                2. b since 3
            66 present 2
                offer a to 2
            67 shows
                1. a since 1 offered to 2 until 96
                2. b since 3
                agent 2 Ready 1/1 holds []
        "#]],
    );
}

#[test]
fn who_leaves_the_queue_frees_the_agent() {
    check(
        "0 limit 1
         0 present 1
         1 asks a
         2 asks b
         3 leaves a
         4 shows",
        &expect![[r#"
            0 limit 1
            0 present 1
            1 asks a
                offer a to 1
            2 asks b
            3 leaves a
                offer b to 1
            4 shows
                1. b since 2 offered to 1 until 33
                agent 1 Ready 1/1 holds []
        "#]],
    );
}

#[test]
fn messages_stay_until_an_agent_takes_them_up() {
    check(
        "0 message b 请回电
         1 message a 着急
         2 message b 再说一句
         3 shows
         900 accepts b 1
         901 shows",
        &expect![[r#"
            0 message b 请回电
            1 message a 着急
            2 message b 再说一句
            3 shows
                message b 再说一句 since 0
                message a 着急 since 1
            900 accepts b 1
            901 shows
                message a 着急 since 1
        "#]],
    );
}

#[test]
fn a_proposal_is_made_once_and_a_refused_one_pauses() {
    let mut office = Office::new();
    let conversation = ConversationId::new("a");
    office.desk.agent_present(AgentId(1), moment(0));
    office.asks_human(&conversation);
    let offer = office.desk.errands(moment(0));
    assert!(matches!(offer.as_slice(), [Errand::Offer(_)]), "{offer:?}");
    assert_eq!(office.desk.errands(moment(0)), [], "on its way");
    office.desk.answered(&offer[0], moment(1));
    assert_eq!(office.desk.errands(moment(1)), [], "a pause");
    assert_eq!(office.desk.wake_at(moment(1)), Some(moment(31)));
    assert_eq!(office.desk.errands(moment(31)), offer);
}

#[test]
fn an_agent_of_whom_nothing_is_heard_is_lost_after_the_lease() {
    check(
        "0 present 1
         1 asks a
         2 accepts a 1
         10 silent 1
         49 waits
         50 waits
         51 present 1
         52 shows",
        &expect![[r#"
            0 present 1
            1 asks a
                offer a to 1
            2 accepts a 1
            10 silent 1
            49 waits
            50 waits
                tells a that 1 is lost
            51 present 1
                tells a that 1 is back
            52 shows
                agent 1 Ready 1/5 holds ["a"]
        "#]],
    );
}
