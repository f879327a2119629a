//! R1: an acknowledged message is on the disk, not only on its way there.

use std::{sync::mpsc, time::Duration};

use crate::harness::Server;

/// Time limit for a line of the trace.
const PATIENCE: Duration = Duration::from_secs(20);

/// The system calls that write or sync a file, or write to a socket.
const CALLS: &str = "pwrite64,pwritev,fsync,fdatasync,write,writev,sendto,sendmsg";

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn r1_the_log_is_on_the_disk_before_a_message_is_acknowledged() {
    let (server, trace) = Server::start_traced(CALLS);
    let mut customer = server.customer().await;
    until(&trace, "caught_up");
    for n in 0..5 {
        customer.say(&format!("第{n}条")).await;
        let calls = until(&trace, "ack");
        if let Err(why) = check(&calls) {
            panic!("message {n}: {why}\n{}", calls.join("\n"));
        }
    }
}

/// The calls up to the one that sends this frame.
fn until(trace: &mpsc::Receiver<String>, frame: &str) -> Vec<String> {
    let mut calls = Vec::new();
    let sent = format!(r#"\"type\":\"{frame}\""#);
    loop {
        let call = trace.recv_timeout(PATIENCE).expect("strace is installed and sees the call");
        let is_sent = call.contains(&sent);
        calls.push(call);
        if is_sent {
            return calls;
        }
    }
}

/// Whether the last write to the write-ahead log was synced.
fn check(calls: &[String]) -> Result<(), &'static str> {
    let is_of_log = |call: &String| call.contains("kefu.sqlite3-wal>");
    let is_write = |call: &String| call.contains("pwrite") && is_of_log(call);
    let written = calls.iter().rposition(is_write).ok_or("nothing was written to the log")?;
    let mut waiting = None;
    for call in calls.iter().skip(written + 1) {
        let is_sync = call.contains("sync(") && is_of_log(call);
        if is_sync && call.ends_with("= 0") {
            return Ok(());
        }
        if is_sync && call.ends_with("<unfinished ...>") {
            waiting = thread_of(call);
        }
        let is_resumed = call.contains("sync resumed>") && call.ends_with("= 0");
        if is_resumed && waiting.is_some() && waiting == thread_of(call) {
            return Ok(());
        }
    }
    Err("nobody waited for the disk before the ack")
}

/// The thread id in a line such as `[pid 123] fdatasync(…`.
fn thread_of(call: &str) -> Option<&str> {
    call.strip_prefix("[pid ")?.split_once(']').map(|(thread, _)| thread.trim())
}

#[test]
fn the_check_of_a_trace_tells_a_sync_from_none() {
    let write = r#"[pid  7] pwrite64(9</d/kefu.sqlite3-wal>, "x", 24, 32) = 24"#;
    let sync = "[pid  7] fdatasync(9</d/kefu.sqlite3-wal>) = 0";
    let begun = "[pid  7] fdatasync(9</d/kefu.sqlite3-wal> <unfinished ...>";
    let ended = "[pid  7] <... fdatasync resumed>)  = 0";
    let ack = r#"[pid  8] sendto(11<socket:[5]>, "{\"type\":\"ack\"", 15) = 15"#;
    let cases: [(&str, &[&str], bool); 8] = [
        ("in order", &[write, write, sync, ack], true),
        ("in two lines", &[write, begun, "[pid 8] write(3, \"x\") = 1", ended, ack], true),
        ("none", &[write, ack], false),
        ("before the last write", &[write, sync, write, ack], false),
        ("not ended", &[write, begun, ack], false),
        ("ended by another", &[write, begun, "[pid 8] <... fdatasync resumed>) = 0", ack], false),
        ("of another file", &[write, "[pid 7] fsync(3</d/kefu.sqlite3>) = 0", ack], false),
        ("nothing written", &[sync, ack], false),
    ];
    for (shows, calls, is_durable) in cases {
        let calls: Vec<String> = calls.iter().map(|&call| call.to_owned()).collect();
        assert_eq!(check(&calls).is_ok(), is_durable, "{shows}");
    }
}
