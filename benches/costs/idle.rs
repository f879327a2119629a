//! Memory of open sockets.

use std::path::Path;

use crate::{
    Sizes,
    client::Customer,
    journal::{Folder, folder},
    report,
    server::Server,
};

/// These come first, so that one-time allocations are done.
const WARM: usize = 100;

pub(crate) async fn measure(program: &Path, sizes: &Sizes) {
    let data = folder();
    let mut accounts = Folder::create(data.path());
    let tokens: Vec<_> = (0..WARM + sizes.sockets).map(|_| accounts.add_customer(0, 1)).collect();
    accounts.finish(program, data.path());
    let server = Server::start(program, data.path());
    let (warm, tokens) = tokens.split_at(WARM);
    let mut first = Vec::new();
    for token in warm {
        let mut customer = Customer::connect(&server.address, token, 0).await;
        customer.say("提现多久到账").await;
        first.push(customer);
    }
    let empty = server.memory();
    let mut customers = Vec::new();
    for token in tokens {
        customers.push(Customer::connect(&server.address, token, 0).await);
    }
    let silent = server.memory();
    for customer in &mut customers {
        customer.say("提现多久到账").await;
    }
    let spoken = server.memory();
    let all = first.iter().chain(&customers);
    assert!(all.clone().all(|customer| customer.came().trouble.is_none()), "all are open");
    assert!(customers.iter().all(|customer| customer.came().replies == 1), "all are answered");
    server.stop();
    let sockets = sizes.sockets;
    let each = |after: usize| {
        format!("{:.1} KB", after.saturating_sub(empty) as f64 / sockets as f64 / 1_024.0)
    };
    report(
        "memory of an idle socket",
        &each(silent),
        &format!("{sockets} customers; {} MiB without them", empty >> 20),
    );
    report("the same after one message", &each(spoken), "");
}
