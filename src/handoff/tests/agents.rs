//! The agents' side of the desk, line by line: one offer each, breaks, absence, the limit, and
//! the staffing notices.

use expect_test::expect;

use super::{
    office::{Office, moment},
    scripts::check,
};
use crate::dialogue::{Input, Timer};
use crate::handoff::{AgentStatus, AtLimit, Desk, Errand, StaffingNotice};
use crate::journal::{AgentId, ConversationId};

#[test]
fn one_offer_at_a_time_goes_to_an_agent_and_the_others_to_the_next() {
    check(
        "0 asks a
         0 asks b
         0 asks c
         1 present 1
         2 present 2
         3 accepts a 1
         4 shows",
        &expect![[r#"
            0 asks a
            0 asks b
            0 asks c
            1 present 1
                offer a to 1
            2 present 2
                offer b to 2
            3 accepts a 1
                offer c to 1
            4 shows
                1. b since 0 offered to 2 until 32
                2. c since 0 offered to 1 until 33
                agent 1 Ready 2/5 holds ["a"]
                agent 2 Ready 1/5 holds []
        "#]],
    );
}

#[test]
fn an_agent_who_is_at_work_is_not_set_on_a_break_by_an_offer_that_ran_out() {
    check(
        "0 present 1
         1 asks a
         2 accepts a 1
         3 asks b
         20 says a 1
         33 shows
         63 waits
         64 closes a 1
         93 shows
         123 waits
         153 shows",
        &expect![[r#"
            0 present 1
            1 asks a
                offer a to 1
            2 accepts a 1
            3 asks b
                offer b to 1
            20 says a 1
            33 shows
                1. b since 3
                agent 1 Ready 1/5 holds ["a"]
            63 waits
                offer b to 1
            64 closes a 1
            93 shows
                1. b since 3
                agent 1 Ready 0/5 holds []
            123 waits
                offer b to 1
            153 shows
                1. b since 3
                agent 1 Break 0/5 holds []
        "#]],
    );
}

#[test]
fn a_break_passes_the_offer_on_and_who_is_ready_again_takes_the_first() {
    check(
        "0 present 1
         1 asks a
         2 break 1
         3 shows
         4 ready 1
         5 present 2
         6 break 1
         7 shows",
        &expect![[r#"
            0 present 1
            1 asks a
                offer a to 1
            2 break 1
                ends the offer of a to 1
            3 shows
                1. a since 1
                agent 1 Break 0/5 holds []
            4 ready 1
                offer a to 1
            5 present 2
            6 break 1
                ends the offer of a to 1
                offer a to 2
            7 shows
                1. a since 1 offered to 2 until 36
                agent 1 Break 0/5 holds []
                agent 2 Ready 1/5 holds []
        "#]],
    );
}

#[test]
fn who_signs_out_passes_the_offer_on_and_so_does_who_stays_away() {
    check(
        "0 present 1
         0 present 2
         1 asks a
         2 gone 1
         3 present 1
         4 away 2
         5 asks b
         6 asks c
         7 shows
         8 present 2
         9 shows",
        &expect![[r#"
            0 present 1
            0 present 2
            1 asks a
                offer a to 1
            2 gone 1
                ends the offer of a to 1
                offer a to 2
            3 present 1
            4 away 2
            5 asks b
                offer b to 1
            6 asks c
            7 shows
                ends the offer of a to 2
                1. a since 1
                2. b since 5 offered to 1 until 35
                3. c since 6
                agent 1 Ready 1/5 holds []
                agent 2 Ready 0/5 holds []
            8 present 2
                offer a to 2
            9 shows
                1. a since 1 offered to 2 until 38
                2. b since 5 offered to 1 until 35
                3. c since 6
                agent 1 Ready 1/5 holds []
                agent 2 Ready 1/5 holds []
        "#]],
    );
}

#[test]
fn a_page_that_is_loaded_anew_keeps_its_offer_and_floods_nobody() {
    check(
        "0 present 1
         1 asks a
         2 asks b
         5 away 1
         7 shows
         8 present 1
         30 shows",
        &expect![[r#"
            0 present 1
            1 asks a
                offer a to 1
            2 asks b
            5 away 1
            7 shows
                1. a since 1 offered to 1 until 31
                2. b since 2
                agent 1 Ready 1/5 holds []
            8 present 1
            30 shows
                1. a since 1 offered to 1 until 31
                2. b since 2
                agent 1 Ready 1/5 holds []
        "#]],
    );
}

#[test]
fn those_who_wait_hear_that_nobody_is_ready_and_that_somebody_is_again() {
    check(
        "0 present 1
         1 asks a
         2 accepts a 1
         3 asks b
         4 asks c
         10 break 1
         12 waits
         13 waits
         14 waits
         20 ready 1
         22 waits
         23 waits
         40 break 1
         50 waits
         312 waits
         313 waits",
        &expect![[r#"
            0 present 1
            1 asks a
                offer a to 1
            2 accepts a 1
            3 asks b
                offer b to 1
            4 asks c
            10 break 1
                ends the offer of b to 1
            12 waits
            13 waits
                tells b unstaffed
                tells c unstaffed
            14 waits
            20 ready 1
                offer b to 1
            22 waits
            23 waits
                tells b staffed
                tells c staffed
            40 break 1
                ends the offer of b to 1
            50 waits
            312 waits
            313 waits
                tells b unstaffed
                tells c unstaffed
        "#]],
    );
}

#[test]
fn a_lost_agents_customer_hears_that_nobody_is_ready() {
    check(
        "0 limit 1
         0 present 1
         1 asks a
         2 accepts a 1
         3 asks b
         40 gone 1
         43 waits
         55 waits
         56 shows",
        &expect![[r#"
            0 limit 1
            0 present 1
            1 asks a
                offer a to 1
            2 accepts a 1
            3 asks b
            40 gone 1
                tells a that 1 is lost
            43 waits
                tells b unstaffed
            55 waits
                tells a unstaffed
            56 shows
                1. a since 1
                2. b since 3
        "#]],
    );
}

#[test]
fn the_limit_holds_however_a_conversation_is_taken() {
    check(
        "0 limit 2
         0 message a 请回电
         1 present 1
         2 asks b
         3 asks c
         4 accepts a 1
         5 accepts c 1
         6 is_full_for b 1
         7 shows
         8 limit 1
         9 shows
         10 closes a 1
         11 is_full_for b 1
         12 closes c 1
         13 shows",
        &expect![[r#"
            0 limit 2
            0 message a 请回电
            1 present 1
            2 asks b
                offer b to 1
            3 asks c
            4 accepts a 1
            5 accepts c 1
                ends the offer of b to 1
            6 is_full_for b 1
            7 shows
                1. b since 2
                agent 1 Ready 2/2 holds ["a", "c"]
            8 limit 1
            9 shows
                1. b since 2
                agent 1 Ready 2/1 holds ["a", "c"]
            10 closes a 1
            11 is_full_for b 1
            12 closes c 1
                offer b to 1
            13 shows
                1. b since 2 offered to 1 until 42
                agent 1 Ready 1/1 holds []
        "#]],
    );
}

#[test]
fn what_is_being_accepted_takes_a_seat_until_it_is_given_back() {
    let mut office = Office::new();
    let (agent, [a, b]) = (AgentId(1), ["a", "b"].map(ConversationId::new));
    office.desk.set_limit(1);
    office.present(agent);
    office.asks_human(&a);
    office.asks_human(&b);
    assert_eq!(office.desk.reserve(agent, &a), Ok(()));
    assert_eq!(office.desk.reserve(agent, &a), Ok(()), "the same over another socket");
    assert_eq!(office.desk.reserve(agent, &b), Err(AtLimit));
    assert_eq!(office.desk.errands(moment(0)), [], "nor is another one offered");
    office.desk.give_back(agent, &a);
    assert_eq!(office.desk.reserve(agent, &b), Err(AtLimit), "the other one still counts");
    office.desk.give_back(agent, &a);
    assert_eq!(office.desk.reserve(agent, &b), Ok(()));
}

#[test]
fn after_a_restart_agents_have_a_moment_to_come_back() {
    let mut office = Office::new();
    let a = ConversationId::new("a");
    office.desk = Desk::open(office.reading());
    office.asks_human(&a);
    office.second = 12;
    assert_eq!(office.does_errands(), []);
    assert_eq!(office.desk.wake_at(moment(12)), Some(moment(13)));
    office.second = 13;
    assert_eq!(
        office.does_errands(),
        [Errand::Tell(StaffingNotice { conversation: a, is_staffed: false })]
    );
}

#[test]
fn only_so_many_are_told_at_once() {
    let mut office = Office::new();
    for number in 0..40 {
        office.asks_human(&ConversationId::new(&format!("c{number}")));
    }
    assert_eq!(office.desk.errands(moment(0)), []);
    let told = office.desk.errands(moment(3));
    assert_eq!(told.len(), 32);
    assert_eq!(office.desk.errands(moment(3)), [], "those are being told");
    office.desk.answered(&told[0], moment(4));
    assert_eq!(office.desk.errands(moment(4)).len(), 1, "the next");
    for errand in &told[1..] {
        office.desk.answered(errand, moment(4));
    }
    assert_eq!(office.desk.errands(moment(4)).len(), 7, "the last");
    assert_eq!(office.desk.errands(moment(8)), []);
    assert_eq!(office.desk.errands(moment(9)).len(), 24, "it came to no record");
}

#[test]
fn what_an_agent_did_before_a_restart_counts() {
    let (agent, [a, b]) = (AgentId(1), ["a", "b"].map(ConversationId::new));
    for is_silent in [true, false] {
        let mut office = Office::new();
        office.present(agent);
        office.asks_human(&a);
        office.second = 1;
        assert!(office.accepts(&a, agent));
        office.second = 2;
        office.asks_human(&b);
        assert_eq!(office.does_errands().len(), 1);
        office.second = 20;
        assert!(is_silent || office.says(&a, agent));

        // The restart: conversation by conversation, as it stands in the journal.
        office.second = 25;
        office.restart([&b, &a]);
        office.desk.agent_present(agent, office.moment());
        office.second = 32;
        assert!(office.input(&b, Input::Due(Timer::Offer)), "the offer ran out");
        let status = if is_silent { AgentStatus::Break } else { AgentStatus::Ready };
        assert_eq!(office.desk.status(agent), Some(status));
    }
}
