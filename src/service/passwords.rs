//! Hashes and checks passwords, in memory blocks that are reused.

use std::sync::{Arc, Mutex};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        PasswordHasher,
        phc::{Output, PasswordHash},
    },
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{account_error::AccountError, lock::lock, token};

/// Shorter passwords are refused. The length counts most (NIST SP 800-63B).
const PASSWORD_MIN_CHARS: usize = 10;

/// Longer passwords are refused, because hashing them costs more.
const PASSWORD_MAX_BYTES: usize = 256;

/// Checks at the same time. Each takes 19 MiB and a core for tens of milliseconds.
const RUNNING: usize = 2;

/// Of these, checks for agents at addresses from which they have not signed in before. The other is
/// for known agents, so that no stranger's check delays them.
const RUNNING_FOR_STRANGERS: usize = 1;

/// Waiting checks, of strangers and of known agents each: about a second of work.
const WAITING: usize = 32;

/// Checks passwords, a few at a time and off the async threads.
///
/// The memory blocks are reused. An allocator that is asked for 19 MiB on many threads keeps the
/// memory of each thread, and a flood of wrong passwords then takes gigabytes.
#[derive(Debug)]
pub(crate) struct PasswordChecks {
    running: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    strangers_waiting: Arc<Semaphore>,
    known_waiting: Arc<Semaphore>,
    /// One block for each check that has run at the same time.
    blocks: Arc<Mutex<Vec<Vec<Block>>>>,
    /// A hash without a password, for names that do not exist.
    no_password: String,
}

/// A place in the queue for a check.
#[derive(Debug)]
pub(crate) struct CheckPlace {
    is_known: bool,
    _waiting: OwnedSemaphorePermit,
}

impl Default for PasswordChecks {
    fn default() -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            running: semaphore(RUNNING),
            strangers: semaphore(RUNNING_FOR_STRANGERS),
            strangers_waiting: semaphore(WAITING),
            known_waiting: semaphore(WAITING),
            blocks: Arc::default(),
            no_password: no_password(),
        }
    }
}

impl PasswordChecks {
    /// Takes a place in the queue if there is one. `is_known`: this agent has signed in from this
    /// address before.
    pub(crate) fn enter(&self, is_known: bool) -> Option<CheckPlace> {
        let waiting = if is_known { &self.known_waiting } else { &self.strangers_waiting };
        let waiting = waiting.clone().try_acquire_owned().ok()?;
        Some(CheckPlace { is_known, _waiting: waiting })
    }

    /// Whether the password is right. Without a hash it is checked against one that no password
    /// has, so that the time does not tell which names exist.
    ///
    /// A check is not started if its caller has gone. A check that has started holds its permit and
    /// memory to the end.
    pub(crate) async fn check(
        &self,
        turn: CheckPlace,
        password: String,
        hash: Option<String>,
    ) -> bool {
        if password.len() > PASSWORD_MAX_BYTES {
            return false;
        }
        let stranger =
            if turn.is_known { None } else { self.strangers.clone().acquire_owned().await.ok() };
        let Ok(running) = self.running.clone().acquire_owned().await else { return false };
        drop(turn);
        let (answer, asked) = oneshot::channel();
        let hash = hash.unwrap_or_else(|| self.no_password.clone());
        let blocks = self.blocks.clone();
        tokio::task::spawn_blocking(move || {
            let _permits = (stranger, running);
            if answer.is_closed() {
                return;
            }
            let mut memory = lock(&blocks).pop().unwrap_or_default();
            let is_right = is_password(&password, &hash, &mut memory);
            lock(&blocks).push(memory);
            // The caller may be gone.
            let _ = answer.send(is_right);
        });
        asked.await.unwrap_or(false)
    }
}

/// argon2id with the crate's defaults: 19 MiB, two passes (OWASP's first choice).
pub(crate) fn hash_password(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < PASSWORD_MIN_CHARS || password.len() > PASSWORD_MAX_BYTES {
        return Err(AccountError::Password);
    }
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| AccountError::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether the password has this hash, a PHC string. `memory` grows as needed.
fn is_password(password: &str, hash: &str, memory: &mut Vec<Block>) -> bool {
    let Ok(stored) = PasswordHash::new(hash) else { return false };
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else { return false };
    let Ok(algorithm) = Algorithm::try_from(stored.algorithm.as_str()) else { return false };
    let Ok(version) = stored.version.map_or(Ok(Version::default()), Version::try_from) else {
        return false;
    };
    let Ok(params) = Params::try_from(&stored) else { return false };
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::new());
    }
    let mut out = [0; Output::MAX_LENGTH];
    let Some(out) = out.get_mut(..expected.len()) else { return false };
    let argon2 = Argon2::new(algorithm, version, params);
    let blocks = memory.as_mut_slice();
    if argon2.hash_password_into_with_memory(password.as_bytes(), &salt, out, blocks).is_err() {
        return false;
    }
    // `Output` compares in constant time.
    Output::new(out).is_ok_and(|found| found == expected)
}

/// A hash with the cost of any other, without a known password: its last part is random, not
/// computed.
fn no_password() -> String {
    let params = Params::default();
    let [m, t, p] = [params.m_cost(), params.t_cost(), params.p_cost()];
    let salt = argon2::password_hash::phc::Salt::new(&token::random::<16>());
    let salt = salt.expect("16 bytes are a salt").to_salt_string();
    let drawn = Output::new(&token::random::<{ Params::DEFAULT_OUTPUT_LEN }>());
    let drawn = drawn.expect("32 bytes are an output");
    format!("$argon2id$v=19$m={m},t={t},p={p}${}${drawn}", salt.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_password_and_only_the_password_is_right() {
        let checks = PasswordChecks::default();
        let hash = hash_password("a long enough password").unwrap();
        let long = "x".repeat(PASSWORD_MAX_BYTES + 1);
        let cases = [
            ("right", "a long enough password", Some(hash.clone()), true),
            ("wrong", "a long enough passwore", Some(hash.clone()), false),
            ("nothing", "", Some(hash.clone()), false),
            ("too long", &long, Some(hash), false),
            ("no such name", "a long enough password", None, false),
            ("a hash that is none", "x", Some("$argon2id$v=19$".to_owned()), false),
        ];
        for (shows, password, hash, expected) in cases {
            let turn = checks.enter(false).unwrap();
            assert_eq!(checks.check(turn, password.to_owned(), hash).await, expected, "{shows}");
        }
        assert_eq!(checks.blocks.lock().unwrap().len(), 1, "one block for one after the other");
    }

    #[test]
    fn an_unknown_name_costs_what_a_known_one_does() {
        let [drawn, stored] = [no_password(), hash_password("a long enough password").unwrap()]
            .map(|hash| PasswordHash::new(&hash).unwrap());
        assert_eq!(drawn.algorithm, stored.algorithm);
        assert_eq!(drawn.version, stored.version);
        assert_eq!(drawn.params, stored.params);
        assert_eq!(drawn.hash.unwrap().len(), stored.hash.unwrap().len());
        assert_ne!(no_password(), no_password());
    }

    /// Polls a check once and drops it, as a client that goes away does.
    async fn abandon(checks: &PasswordChecks) {
        let turn = checks.enter(false).expect("whoever has gone leaves the queue");
        let check = checks.check(turn, "a password of nobody".to_owned(), None);
        tokio::select! {
            biased;
            _ = check => {}
            () = std::future::ready(()) => {}
        }
    }

    #[test]
    fn clients_that_vanish_leave_neither_work_nor_memory() {
        let checks = PasswordChecks::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let running = checks.running.clone();
            let held = running.acquire_many_owned(RUNNING as u32).await.unwrap();
            for _ in 0..1_000 {
                abandon(&checks).await;
            }
            assert_eq!(checks.strangers_waiting.available_permits(), WAITING);
            drop(held);
            for _ in 0..20 {
                abandon(&checks).await;
            }
        });
        // This waits for all that was begun.
        drop(runtime);
        assert!(checks.blocks.lock().unwrap().len() <= RUNNING, "no more at the same time");
        assert_eq!(checks.running.available_permits(), RUNNING);
    }

    #[tokio::test]
    async fn strangers_fill_their_own_queue_and_not_that_of_known_agents() {
        let checks = PasswordChecks::default();
        let strangers: Vec<_> = std::iter::from_fn(|| checks.enter(false)).collect();
        assert_eq!(strangers.len(), WAITING);
        let hash = hash_password("a long enough password").unwrap();
        let _stranger = checks.strangers.clone().acquire_owned().await.unwrap();
        let known = checks.enter(true).expect("a place of their own");
        let password = "a long enough password".to_owned();
        assert!(checks.check(known, password, Some(hash)).await);
    }
}
