//! Signing in: guessers are slowed down, no agent is locked out, and attempts are logged.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Agent, PASSWORD, Server, kefu};

/// Even on a slow machine, a flood reaches its limit within this many attempts.
const FLOOD: u32 = 80;

/// Time limit of repeated attempts.
const PATIENCE: Duration = Duration::from_mins(1);

/// Guesses until a limit is reached. Returns the wait in seconds.
async fn guess(server: &Server, from: impl Fn(u32) -> String, name: impl Fn(u32) -> String) -> u64 {
    for n in 0..FLOOD {
        let (status, wait, body) = server.sign_in_from(&from(n), &name(n), "a wrong guess").await;
        match status {
            401 => assert_eq!(wait, None),
            429 => {
                assert_eq!(body["error"]["code"], "rate_limited");
                return wait.expect("a refusal tells for how long");
            }
            other => panic!("{other}: {body}"),
        }
    }
    panic!("{FLOOD} guesses were let in");
}

/// The address or the name of the n-th guess.
type Drawn = fn(u32) -> String;

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_one_address_are_slowed_down_alike_for_every_name() {
    let server = Server::start_behind_a_proxy();
    let cases: [(&str, Drawn, Drawn); 5] = [
        ("a known name", |_| "203.0.113.1".to_owned(), |_| "lin".to_owned()),
        ("an unknown name", |_| "203.0.113.2".to_owned(), |_| "nobody".to_owned()),
        (
            "a port behind the address",
            |n| format!("203.0.113.3:{}", 5_000 + n),
            |_| "nobody3".to_owned(),
        ),
        ("one IPv6 network", |n| format!("2001:db8:1:2::{n:x}"), |_| "nobody4".to_owned()),
        ("with brackets", |n| format!("[2001:db8:1:4::{n:x}]:443"), |_| "nobody5".to_owned()),
    ];
    for (shows, from, name) in cases {
        let wait = guess(&server, from, name).await;
        assert!((1..=4).contains(&wait), "{shows}: {wait}");
    }
    let (status, ..) = server.sign_in_from("2001:db8:1:3::1", "nobody", "a wrong guess").await;
    assert_eq!(status, 401, "another network");
    let (status, ..) = server.sign_in_from("[2001:db8:1:5::1]:9", "nobody", "a guess").await;
    assert_eq!(status, 401, "another network, with brackets");
    let (status, ..) = server.sign_in_from("203.0.113.9:80", "lin", PASSWORD).await;
    assert_eq!(status, 200, "another address");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_under_attack_lets_its_agent_in_from_a_new_address() {
    let server = Server::start_behind_a_proxy();
    let crowd = |n: u32| format!("198.51.100.{}", n % 30);
    guess(&server, crowd, |_| "lin".to_owned()).await;
    let signed_in = async {
        for n in 0.. {
            // The attack goes on meanwhile.
            let attack = (0..4).map(|k| {
                let from = crowd(4 * n + k);
                let server = &server;
                async move { server.sign_in_from(&from, "lin", "a wrong guess").await }
            });
            let own = server.sign_in_from("203.0.113.1", "lin", PASSWORD);
            let ((status, ..), _) = tokio::join!(own, join_all(attack));
            if status == 200 {
                return;
            }
            assert_eq!(status, 429);
        }
    };
    tokio::time::timeout(PATIENCE, signed_in).await.expect("the agent's turn comes");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_delays_an_agent_where_this_agent_has_signed_in_before() {
    let mut server = Server::start_behind_a_proxy();
    let office = "203.0.113.1";
    assert_eq!(server.sign_in_from(office, "lin", PASSWORD).await.0, 200);
    server.kill_and_restart();
    guess(&server, |n| format!("198.51.100.{}", n % 30), |_| "lin".to_owned()).await;
    guess(&server, |_| office.to_owned(), |n| format!("nobody{n}")).await;
    assert_eq!(server.sign_in_from(office, "lin", PASSWORD).await.0, 200);
    let (status, ..) = server.sign_in_from(office, "nobody", "a wrong guess").await;
    assert_eq!(status, 429, "the others still wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_take_no_memory_that_they_do_not_give_back() {
    let server = Server::start_behind_a_proxy();
    let guess = |n: u32| {
        let (from, name) = (format!("10.{}.{}.1", n / 200, n % 200), format!("nobody{n}"));
        let server = &server;
        async move { server.sign_in_from(&from, &name, "a wrong guess").await.0 }
    };
    assert_eq!(guess(0).await, 401);
    let before = server.memory();
    for round in 0..6 {
        let statuses = join_all((0..20).map(|n| guess(1 + 20 * round + n))).await;
        assert!(statuses.contains(&401), "{statuses:?}");
    }
    let after = server.memory();
    assert!(after <= before + 60, "{before} MiB, then {after} MiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_security_log_tells_who_and_from_where_and_no_secret() {
    let mut server = Server::start_behind_a_proxy();
    let (status, _, body) = server.sign_in_from("203.0.113.1", "lin", PASSWORD).await;
    assert_eq!(status, 200);
    let token = body["token"].as_str().unwrap().to_owned();
    server.sign_in_from("203.0.113.2", "lin", "Wrong-password-7").await;
    server.sign_in_from("203.0.113.3", "Typed-into-the-wrong-field-7", "").await;
    let flood = guess(&server, |_| "203.0.113.4".to_owned(), |_| "lin".to_owned()).await;
    assert!(flood > 0);
    for _ in 0..20 {
        server.sign_in_from("203.0.113.4", "lin", "a wrong guess").await;
    }
    assert_eq!(server.post_as("/v1/agents/logout", json!({}), Some(&token)).await.0, 204);
    server.terminate();

    let log = server.log();
    let lines = |words: &[&str]| {
        log.lines().filter(|line| words.iter().all(|word| line.contains(word))).count()
    };
    let cases: [(&[&str], usize); 5] = [
        (&[" INFO", "kefu::security", "signed in", "agent=1", "name=\"lin\"", "203.0.113.1"], 1),
        (&[" WARN", "kefu::security", "sign-in failed", "agent=1", "203.0.113.2"], 1),
        (&[" WARN", "kefu::security", "sign-in failed", "agent=\"unknown\"", "203.0.113.3"], 1),
        (&[" INFO", "kefu::security", "signed out", "agent=1", "127.0.0.1"], 1),
        (&[" WARN", "refused by a limit", "agent=1", "203.0.113.4", "count=1"], 1),
    ];
    for (words, count) in cases {
        assert_eq!(lines(words), count, "{words:?} in:\n{log}");
    }
    let refused = lines(&["refused by a limit", "203.0.113.4"]);
    assert!((2..=4).contains(&refused), "a flood makes few lines, and they are counted up:\n{log}");
    for secret in [PASSWORD, "Wrong-password-7", "Typed-into", "a wrong guess", &token] {
        assert!(!log.contains(secret), "{secret} is in:\n{log}");
    }
}

#[test]
fn changes_of_accounts_are_in_the_security_log() {
    let data = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 4] = [
        (&["agent", "add", "lin", "--data", "."], "what=\"added\""),
        (&["agent", "passwd", "lin", "--data", "."], "what=\"new password\""),
        (&["agent", "disable", "lin", "--data", "."], "what=\"disabled\""),
        (&["agent", "enable", "lin", "--data", "."], "what=\"enabled\""),
    ];
    for (args, what) in cases {
        let output = kefu(args, data.path());
        assert!(output.status.success(), "{args:?}");
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(log.contains("kefu::security") && log.contains(what), "{args:?}: {log}");
        assert!(log.contains("agent=1") && log.contains("name=\"lin\""), "{args:?}: {log}");
        let said = String::from_utf8(output.stdout).unwrap();
        if let Some((_, password)) = said.trim_end().rsplit_once('：') {
            assert!(!log.contains(password), "{args:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_signs_in_and_works_as_before() {
    let server = Server::start();
    let token = Agent::sign_in(&server.address, "lin").await;
    let mut socket = Agent::hello(&server.address, &token).await;
    assert_eq!(socket.until_type("snapshot").await["name"], "lin");
}
