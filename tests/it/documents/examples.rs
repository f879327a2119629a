//! The example clients, against a real server.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::harness::{Agent, Server};

/// Starts an example that `cargo test` has built beside the program.
fn example(name: &str, args: &[&str]) -> Child {
    let folder = Path::new(env!("CARGO_BIN_EXE_kefu")).parent().unwrap().join("examples");
    let path = folder.join(name);
    assert!(path.exists(), "build the examples first: cargo build --examples");
    let mut command = Command::new(path);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

/// Reads what it prints up to a line that has this in it.
fn until(lines: &mut Lines<BufReader<ChildStdout>>, wanted: &str) {
    let found = lines.map_while(Result::ok).any(|line| line.contains(wanted));
    assert!(found, "{wanted} was never printed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_clients_talk_to_each_other() {
    let server = Server::start();
    let customer = server.customer().await;
    let token = Agent::sign_in(&server.address, "lin").await;
    let mut agent = example("agent", &[&server.address, &token]);
    // The customer asks for a human only when one is there.
    let mut lin = server.agent("lin").await;
    lin.socket.send(serde_json::json!({"type": "status", "status": "ready"})).await;

    let mut client = example("customer", &[&server.address, &customer.token]);
    let mut said = BufReader::new(client.stdout.take().unwrap()).lines();
    tokio::task::block_in_place(|| {
        let mut say = |text: &str| writeln!(client.stdin.as_mut().unwrap(), "{text}").unwrap();
        say("提现多久到账");
        say("转人工");
        until(&mut said, "提现一般在下一个工作日到账");
        until(&mut said, "坐席lin为您服务");
        writeln!(client.stdin.as_mut().unwrap(), "在吗").unwrap();
        until(&mut said, "已收到，马上为您核实");
    });
    for child in [&mut agent, &mut client] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
