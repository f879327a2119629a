//! A message in a long conversation and in a short one.

use std::path::Path;

use crate::{
    Sizes,
    client::Customer,
    journal::{Folder, folder},
    report,
    server::Server,
};

/// Conversations of each kind: one customer may send only a limited number of frames a minute.
const CONVERSATIONS: usize = 8;

/// Messages of one conversation in a round: a customer may send 30 frames at once.
const AT_ONCE: usize = 20;

/// Time until as many may be sent again: 5 a second.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

/// Events of each episode but the last, which goes on.
const EPISODE: usize = 200;

/// An utterance with an answer of usual length.
const TEXT: &str = "提现多久到账";

pub(crate) async fn measure(program: &Path, sizes: &Sizes) {
    let data = folder();
    let mut journal = Folder::create(data.path());
    let events = 2 * sizes.messages;
    let long: Vec<_> = (0..CONVERSATIONS).map(|_| journal.add_customer(events, EPISODE)).collect();
    let one: Vec<_> = (0..CONVERSATIONS).map(|_| journal.add_customer(events, events)).collect();
    let short: Vec<_> = (0..CONVERSATIONS).map(|_| journal.add_customer(0, 1)).collect();
    journal.finish(program, data.path());
    let server = Server::start(program, data.path());
    let mut kinds = [(short, 0), (long, events), (one, events)]
        .map(|(tokens, seen)| (tokens, seen, Vec::new(), 0.0));
    for (tokens, seen, customers, _) in &mut kinds {
        for token in tokens {
            let mut customer = Customer::connect(&server.address, token, *seen).await;
            // The first message may need to fold the conversation.
            customer.say(TEXT).await;
            customers.push(customer);
        }
    }
    for _ in 0..sizes.rounds {
        for (_, _, customers, cpu) in &mut kinds {
            let from = server.cpu();
            for customer in &mut *customers {
                for _ in 0..AT_ONCE {
                    customer.say(TEXT).await;
                }
            }
            *cpu += server.cpu() - from;
        }
        tokio::time::sleep(PAUSE).await;
    }
    let said = CONVERSATIONS * AT_ONCE * sizes.rounds;
    for (_, _, customers, _) in &kinds {
        let replies: usize = customers.iter().map(|customer| customer.came().replies).sum();
        assert!(replies >= said + CONVERSATIONS, "each was answered");
    }
    server.stop();
    let each = kinds.map(|(_, _, _, cpu)| cpu / said as f64 * 1_000.0);
    let [short, long, one] = each;
    let messages = sizes.messages;
    let of = |what: &str, figure: f64| {
        report(
            &format!("CPU of a message after {messages} {what} ÷ in a short one"),
            &format!("{:.2}", figure / short),
            &format!("{figure:.2} ms and {short:.2} ms, {said} messages each"),
        );
    };
    of("in many episodes", long);
    of("in one", one);
}
