//! Customers join the queue.

use std::{path::Path, time::Duration};

use crate::{
    Sizes,
    client::{Console, Customer},
    journal::{Folder, folder},
    report,
    server::{Server, add_agent, write_root},
};

/// The limit of the shipped policy.
const CONVERSATIONS_OF_AN_AGENT: usize = 5;

/// Customers who wait at once in the cheap case.
const FEW: usize = 10;

/// Delayed frames come within this time.
const SETTLE: Duration = Duration::from_secs(4);

struct Joined {
    cpu: f64,
    /// Frames and bytes to all consoles.
    frames: usize,
    bytes: usize,
    /// Frames with places to the customers.
    places: usize,
}

pub(crate) async fn measure(program: &Path, sizes: &Sizes) {
    let few = join(program, sizes.joins, 1, FEW.min(sizes.joins)).await;
    let many = join(program, sizes.joins, sizes.consoles, sizes.joins).await;
    let (joins, consoles) = (sizes.joins, sizes.consoles);
    report(
        "CPU of joining a queue ÷ of joining an empty one",
        &format!("{:.2}", many.cpu / few.cpu),
        &format!(
            "{joins} joins, {consoles} consoles: {:.2} s; at most {FEW} waiting, 1 console: {:.2} s",
            many.cpu, few.cpu
        ),
    );
    report(
        "bytes of a console for one join",
        &format!("{}", many.bytes / consoles / joins),
        &format!("{} frames in all; beside few: {}", many.frames, few.bytes / joins),
    );
    report("frames of places", &format!("{}", many.places), &format!("beside few: {}", few.places));
}

/// This many customers join one after the other. The customers of a batch leave when it is
/// complete.
async fn join(program: &Path, joins: usize, consoles: usize, batch: usize) -> Joined {
    let data = folder();
    let mut accounts = Folder::create(data.path());
    let fillers = consoles * CONVERSATIONS_OF_AN_AGENT;
    let tokens: Vec<String> = (0..fillers + joins).map(|_| accounts.add_customer(0, 1)).collect();
    accounts.finish(program, data.path());
    let names: Vec<String> = (0..consoles).map(|number| format!("agent{number}")).collect();
    for name in &names {
        add_agent(program, data.path(), name);
    }
    let root = folder();
    write_root(program, &root.path().join("root"));
    let server = Server::start_in(&root.path().join("root"), program, data.path());
    let mut customers = Vec::new();
    for token in &tokens {
        customers.push(Customer::connect(&server.address, token, 0).await);
    }
    let mut joining = customers.split_off(fillers);
    let mut watching = fill(&server, &names, &mut customers).await;
    let before: Vec<_> = watching.iter().map(|console| console.came.borrow().clone()).collect();
    let (mut cpu, mut seen) = (0.0, 0);
    for batch in joining.chunks_mut(batch) {
        let from = server.cpu();
        for customer in batch.iter_mut() {
            customer.join().await;
        }
        seen += batch.len();
        for console in &mut watching {
            console.until_known(seen).await;
        }
        if seen == joins {
            tokio::time::sleep(SETTLE).await;
        }
        cpu += server.cpu() - from;
        for customer in batch.iter_mut().filter(|_| seen < joins) {
            customer.leave_queue().await;
        }
    }
    let after = watching.iter().map(|console| console.came.borrow().clone());
    let (frames, bytes) = after.zip(&before).fold((0, 0), |(frames, bytes), (after, before)| {
        (frames + after.frames - before.frames, bytes + after.bytes - before.bytes)
    });
    let places = joining.iter().map(|customer| customer.came().places).sum();
    assert!(joining.iter().all(|customer| customer.came().trouble.is_none()), "all stayed");
    assert!(places >= joins && bytes > 0);
    server.stop();
    Joined { cpu, frames, bytes, places }
}

/// Signs the consoles in at their limit of conversations: they get no more offers, and customers
/// may still queue.
async fn fill(server: &Server, names: &[String], customers: &mut [Customer]) -> Vec<Console> {
    let mut signed_in = Vec::new();
    for name in names {
        let (address, name) = (server.address.clone(), name.clone());
        signed_in.push(tokio::spawn(async move {
            Console::connect(&address, &name, CONVERSATIONS_OF_AN_AGENT).await
        }));
    }
    // The first must be there before a customer can be queued.
    tokio::time::sleep(SETTLE).await;
    for customer in customers {
        customer.send(serde_json::json!({"type": "ask_human", "client_id": "human"})).await;
    }
    let mut consoles = Vec::new();
    for console in signed_in {
        consoles.push(console.await.expect("every console has its conversations"));
    }
    tokio::time::sleep(SETTLE).await;
    consoles
}
