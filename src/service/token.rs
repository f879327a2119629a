//! Random ids and secrets, and their hashes.

use sha2::{Digest, Sha256};

use crate::journal::ConversationId;
use crate::text::hex;

/// 256 random bits in hex that authenticate a client. Only its hash is stored.
#[derive(Clone)]
pub struct AccessToken(String);

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

impl AccessToken {
    /// Draws a new token.
    pub(crate) fn draw() -> Self {
        Self(random_hex::<32>())
    }

    /// The token itself, to be given to the client once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash that is stored. The token has 256 random bits, so a plain hash cannot be reversed.
    pub(crate) fn hash(token: &str) -> [u8; 32] {
        Sha256::digest(token.as_bytes()).into()
    }
}

/// Draws a conversation id.
pub(crate) fn draw_conversation_id() -> ConversationId {
    ConversationId::new(&random_hex::<16>())
}

/// A password that a person can type: 20 letters and digits, 100 random bits.
pub(crate) fn draw_password() -> String {
    // 32 characters, without those that look alike.
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    random::<20>().iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect()
}

/// A random number from 0 to `limit - 1`, for jitter.
pub(crate) fn draw_below(limit: u64) -> u64 {
    u64::from_le_bytes(random()) % limit.max(1)
}

fn random_hex<const N: usize>() -> String {
    hex(&random::<N>())
}

/// Random bytes, fit for secrets.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
