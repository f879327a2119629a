//! Ids of conversations, agents and client messages. The shell makes them.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A conversation: 32 lower-case hex digits, 128 random bits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConversationId(Arc<str>);

impl ConversationId {
    /// Takes an id made by the shell or read from storage.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A human agent: the row id of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentId(pub i64);

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A client's own id of one message, as it was sent: 1 to 64 of `A-Z a-z 0-9 _ -`.
///
/// It may contain something about the client, so it is never stored: only its [`ClientIdHash`] is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(Arc<str>);

impl ClientId {
    /// `None` when it is empty, longer than 64 or holds another character.
    pub fn new(id: &str) -> Option<Self> {
        let fits = (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        fits.then(|| Self(id.into()))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The stored hash of a [`ClientId`], by which a retry is recognized: SHA-256 of the conversation
/// id, a colon and the client id. It is written as 64 lower-case hex digits. The default, all
/// zeros, belongs to no message: it is for events that are never stored.
///
/// # Examples
///
/// ```
/// use kefu::journal::{ClientId, ClientIdHash, ConversationId};
///
/// let conversation = ConversationId::new("0123456789abcdef0123456789abcdef");
/// let sent = ClientId::new("c-1").ok_or("another form")?;
/// let hash = ClientIdHash::of(&conversation, &sent);
/// assert!(hash.to_string().starts_with("7e41b5d6"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
pub struct ClientIdHash([u8; 32]);

impl ClientIdHash {
    /// Hashes the id of a message in this conversation.
    pub fn of(conversation: &ConversationId, sent: &ClientId) -> Self {
        let hash = Sha256::new()
            .chain_update(conversation.as_str())
            .chain_update(":")
            .chain_update(sent.as_str());
        Self(hash.finalize().into())
    }

    /// Hashes this id in a conversation for tests.
    #[cfg(test)]
    pub(crate) fn sample(sent: &str) -> Self {
        let conversation = ConversationId::new("0123456789abcdef0123456789abcdef");
        Self::of(&conversation, &ClientId::new(sent).unwrap())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ClientIdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ClientIdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientIdHash({self})")
    }
}

impl From<ClientIdHash> for String {
    fn from(hash: ClientIdHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<Cow<'_, str>> for ClientIdHash {
    type Error = &'static str;

    fn try_from(written: Cow<'_, str>) -> Result<Self, Self::Error> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = written.as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> =
            pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
        let bytes = bytes.filter(|_| rest.is_empty()).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or("a client id is kept as 64 hex digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_short_and_plain() {
        let longest = "a".repeat(64);
        for id in ["a", "c-1", "A_z-09", longest.as_str()] {
            assert_eq!(ClientId::new(id).unwrap().as_str(), id);
        }
        let too_long = "a".repeat(65);
        for id in ["", "a b", "a:b", "编号", "a\n", too_long.as_str()] {
            assert_eq!(ClientId::new(id), None, "{id:?}");
        }
    }

    #[test]
    fn a_hash_is_of_one_id_in_one_conversation() {
        let of = |conversation: u8, id| {
            let conversation = ConversationId::new(&format!("{conversation:032x}"));
            ClientIdHash::of(&conversation, &ClientId::new(id).unwrap())
        };
        assert_eq!(of(1, "a"), of(1, "a"));
        assert_ne!(of(1, "a"), of(1, "b"));
        assert_ne!(of(1, "a"), of(2, "a"));
    }

    #[test]
    fn a_hash_is_read_as_it_was_written_and_nothing_else_is() {
        let conversation = ConversationId::new("0123456789abcdef0123456789abcdef");
        let hash = ClientIdHash::of(&conversation, &ClientId::new("c-1").unwrap());
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(json.len(), 66);
        assert_eq!(serde_json::from_str::<ClientIdHash>(&json).unwrap(), hash);
        let hex = hash.to_string();
        let others = [
            String::new(),
            "c-1".to_owned(),
            hex.to_uppercase(),
            format!("{hex}0"),
            format!("{hex}00"),
            hex.replacen(|c: char| c.is_ascii_hexdigit(), "g", 1),
        ];
        for other in others {
            let json = format!("\"{other}\"");
            assert!(serde_json::from_str::<ClientIdHash>(&json).is_err(), "{other}");
        }
    }
}
