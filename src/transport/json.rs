//! Reads the JSON of clients, and says what is wrong with it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::{Value, error::Category};

use super::{api_error::ApiError, wire::ErrorCode};
use crate::journal::{ClientId, ConversationId};

/// A frame that cannot be parsed, with its ids as far as they can be found.
#[derive(Debug)]
pub(crate) struct BadFrame {
    pub(crate) error: ApiError,
    /// The frame's own id, if it is valid.
    pub(crate) client_id: Option<String>,
    /// The conversation that the frame names, if the id has the right form.
    pub(crate) conversation: Option<ConversationId>,
    /// The protocol version of a `hello`.
    pub(crate) protocol: Option<u64>,
}

/// Reads a frame. The error carries the frame's ids, so that a bad frame fails alone.
pub(crate) fn frame<F: DeserializeOwned>(text: &str) -> Result<F, BadFrame> {
    read(text).map_err(|error| {
        // The error's text is not logged, because it may quote the frame.
        tracing::debug!(kind = ?error.classify(), column = error.column(), "bad frame");
        let error = invalid("invalid frame", &error);
        let value: Option<Value> = read(text).ok();
        let field = |name| match &value {
            Some(value) => value.get(name)?.as_str(),
            None => scan(text, name),
        };
        let conversation = field("conversation").filter(|id| is_conversation(id));
        let protocol = value
            .as_ref()
            .filter(|value| value.get("type").and_then(Value::as_str) == Some("hello"))
            .and_then(|value| value.get("protocol")?.as_u64());
        BadFrame {
            error,
            client_id: field("client_id")
                .filter(|id| ClientId::new(id).is_some())
                .map(str::to_owned),
            conversation: conversation.map(ConversationId::new),
            protocol,
        }
    })
}

/// Reads the body of a request.
pub(crate) fn body<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    const INVALID: &str = "invalid request body";
    let text = std::str::from_utf8(body)
        .map_err(|_| ApiError::new(ErrorCode::BadFrame, format!("{INVALID}: not UTF-8")))?;
    read(text).map_err(|error| invalid(INVALID, &error))
}

/// The refusal of JSON that cannot be read. It says what was expected. Nothing that the client
/// sent is repeated: it may be personal data, and refusals end up in logs of clients.
fn invalid(what: &str, error: &serde_json::Error) -> ApiError {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(&*said, |(said, _)| said);
    let message = match error.classify() {
        Category::Data => match said.rsplit_once(", expected ") {
            Some((field, expected)) if field.starts_with("unknown field") => {
                format!("{what}: unknown field, expected {expected}")
            }
            Some((_, expected)) => format!("{what}: expected {expected}"),
            None if said.starts_with("missing field") => {
                format!("{what}: {}", said.replacen("missing field", "field", 1) + " is missing")
            }
            None if said.starts_with("duplicate field") => format!("{what}: {said}"),
            None => what.to_owned(),
        },
        Category::Syntax => format!("{what}: unexpected character at column {}", error.column()),
        Category::Eof | Category::Io => format!("{what}: cut off at column {}", error.column()),
    };
    ApiError::new(ErrorCode::BadFrame, message)
}

/// Reads JSON. Browsers cut texts inside a character, and JSON can carry the half of a surrogate
/// pair. It is read as U+FFFD, as everywhere on the web (WHATWG Infra, "convert to scalar values").
fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let error = match serde_json::from_str(text) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    match mended(text) {
        Cow::Owned(mended) => serde_json::from_str(&mended),
        Cow::Borrowed(_) => Err(error),
    }
}

/// Replaces each escape of half a surrogate pair by `\ufffd`. All else stays, whether it is JSON or
/// not.
fn mended(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut halves = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\\')) {
        at += found;
        match unit(bytes, at) {
            Some(0xd800..=0xdbff) if matches!(unit(bytes, at + 6), Some(0xdc00..=0xdfff)) => {
                at += 12;
            }
            Some(0xd800..=0xdfff) => {
                halves.push(at);
                at += 6;
            }
            Some(_) => at += 6,
            // Another escape, perhaps of a backslash, which then starts none.
            None => at += 2,
        }
    }
    if halves.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut cut = 0;
    for half in halves {
        let (before, after) = rest.split_at(half - cut);
        let (_, after) = after.split_at(6);
        mended.push_str(before);
        mended.push_str("\\ufffd");
        (rest, cut) = (after, half + 6);
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

/// The UTF-16 unit of the escape `\uXXXX` that starts at this byte, if one does.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = bytes.get(at..at + 6)? else { return None };
    digits.iter().try_fold(0, |unit: u16, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | digit as u16)
    })
}

/// The string value of a field in text that is not JSON, by the first key with that name. Quotes
/// inside a text are escaped, so no text is taken for a key.
fn scan<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let key = format!("\"{name}\"");
    // A value may be the same word.
    let is_key = |(at, _): &(usize, &str)| {
        text.get(..*at).is_some_and(|before| before.trim_end().ends_with(['{', ',']))
    };
    let (at, _) = text.match_indices(&key).find(is_key)?;
    let after = text.get(at + key.len()..)?;
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    Some(value.split_once('"')?.0)
}

/// 32 lower-case hex digits, as the service draws them.
fn is_conversation(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transport::wire::{AgentFrame, CustomerFrame};

    #[test]
    fn half_a_surrogate_pair_is_taken_as_unknown() {
        let cases = [
            ("a high half", r"a\ud83d", "a\u{fffd}"),
            ("a low half", r"\ude00b", "\u{fffd}b"),
            ("upper case", r"\uD83D", "\u{fffd}"),
            ("a pair", r"\ud83d\ude00", "😀"),
            ("the wrong way round", r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            ("two high halves", r"\ud83d\ud83d", "\u{fffd}\u{fffd}"),
            ("a high half and a pair", r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
            ("a pair and a low half", r"\ud83d\ude00\ude00", "😀\u{fffd}"),
            ("a high half and another escape", r"\ud83d\n", "\u{fffd}\n"),
            ("a high half and another character", r"\ud83d\u4e2d", "\u{fffd}中"),
            ("an escaped backslash", r"\\ud83d", r"\ud83d"),
            ("an escaped backslash and a half", r"\\\ud83d", "\\\u{fffd}"),
            ("a backslash that begins none, and a half", r"\\ud83d\ud83d", "\\ud83d\u{fffd}"),
            ("Han around it", r"提\ud83d现", "提\u{fffd}现"),
            ("beside the halves", r"\ud7ff\ue000", "\u{d7ff}\u{e000}"),
        ];
        for (shows, written, expected) in cases {
            let frame: Value = read(&format!(r#"{{"text":"{written}"}}"#)).expect(shows);
            assert_eq!(frame["text"], expected, "{shows}");
            let body: Value = body(format!(r#"{{"text":"{written}"}}"#).as_bytes()).expect(shows);
            assert_eq!(body["text"], expected, "{shows}");
        }
        for broken in [r#""\ud83"#, r#""\ud83d"#, r#""\u"#, r#""\"#, r"\ud83d", r#""\ud83g""#] {
            assert!(read::<Value>(broken).is_err(), "{broken}");
        }
    }

    proptest! {
        /// Any UTF-16, cut anywhere, is read as the web reads it.
        #[test]
        fn any_sequence_of_units_is_read(units in prop::collection::vec(
            prop_oneof![any::<u16>(), 0xd7f0..=0xe00f_u16, 0x20..=0x7f_u16], 0..40), upper: bool,
        ) {
            let escape = |unit: &u16| {
                if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") }
            };
            let written: String = units.iter().map(escape).collect();
            let found: String = read(&format!("\"{written}\"")).expect("it is JSON");
            prop_assert_eq!(found, String::from_utf16_lossy(&units));
        }

        /// Valid JSON is left unchanged.
        #[test]
        fn any_text_is_left_alone(text: String) {
            let written = serde_json::to_string(&text).expect("a text is JSON");
            prop_assert!(matches!(mended(&written), Cow::Borrowed(_)));
        }

        /// No input makes the replacement panic.
        #[test]
        fn any_bytes_are_read_or_refused(text in r#"([\\u"d8-f0-9{}:,]|中)*"#) {
            let _ = frame::<CustomerFrame>(&text);
        }
    }

    #[test]
    fn a_refusal_says_what_was_expected_and_repeats_nothing() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Asked {
            #[serde(rename = "text")]
            _text: String,
        }
        let cases = [
            // (what it shows, the body, the message)
            ("nothing", "", "cut off at column 0"),
            ("cut off", r#"{"text":"卡号"#, "cut off at column 15"),
            ("no quotes", "{text:1}", "unexpected character at column 2"),
            ("a missing field", "{}", "field `text` is missing"),
            ("a field twice", r#"{"text":"a","text":"b"}"#, "duplicate field `text`"),
            ("another type", r#"{"text":6222}"#, "expected a string"),
            ("a list", r#"["a","b"]"#, "unexpected character at column 6"),
            ("an unknown field", r#"{"卡号":1}"#, "unknown field, expected `text`"),
            ("a field as an answer", r#"{"a, expected b":1}"#, "unknown field, expected `text`"),
        ];
        for (shows, written, expected) in cases {
            let error = body::<Asked>(written.as_bytes()).expect_err(shows);
            assert_eq!(error.message, format!("invalid request body: {expected}"), "{shows}");
        }
        let error = body::<Asked>(b"\xff").expect_err("a byte that is no UTF-8");
        assert_eq!(error.message, "invalid request body: not UTF-8");
        let bad = frame::<CustomerFrame>(r#"{"type":"卡号"}"#).err().expect("an unknown type");
        let message = &bad.error.message;
        assert!(message.starts_with("invalid frame: expected one of `hello`, `send`"), "{message}");
    }

    #[test]
    fn a_frame_that_cannot_be_read_is_told_with_its_ids() {
        let conversation = "0123456789abcdef0123456789abcdef";
        let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let cases = [
            ("an unknown type", r#"{"type":"fly","client_id":"c-1"}"#.to_owned(), Some("c-1")),
            (
                "an unknown field",
                r#"{"type":"send","client_id":"c-1","text":"a","x":1}"#.to_owned(),
                Some("c-1"),
            ),
            (
                "a field of another kind",
                r#"{"type":"send","client_id":"c-1","text":1}"#.to_owned(),
                Some("c-1"),
            ),
            ("a missing field", r#"{"type":"send","client_id":"c-1"}"#.to_owned(), Some("c-1")),
            ("no type", r#"{"client_id":"c-1"}"#.to_owned(), Some("c-1")),
            ("a bad id", r#"{"type":"fly","client_id":"c 1"}"#.to_owned(), None),
            (
                "a value of the same word",
                r#"{"type":"client_id","client_id":"c-1","text":"#.to_owned(),
                Some("c-1"),
            ),
            ("an id that is none", r#"{"type":"fly","client_id":7}"#.to_owned(), None),
            ("no id", r#"{"type":"fly"}"#.to_owned(), None),
            ("no object", "[1]".to_owned(), None),
            (
                "half a pair",
                r#"{"type":"fly","client_id":"c-1","x":"\ud83d"}"#.to_owned(),
                Some("c-1"),
            ),
            (
                "cut off",
                r#"{"type":"send","client_id" : "c-1","text":"提现"#.to_owned(),
                Some("c-1"),
            ),
            (
                "nested too deep",
                format!(r#"{{"type":"send","client_id":"c-1","text":{nested}}}"#),
                Some("c-1"),
            ),
            (
                "a number out of range",
                r#"{"type":"send","client_id":"c-1","text":1e999}"#.to_owned(),
                Some("c-1"),
            ),
            ("an id inside of a text", r#"{"text":"{\"client_id\":\"c-1\"}","#.to_owned(), None),
            ("an id cut off", r#"{"type":"send","client_id":"c-"#.to_owned(), None),
        ];
        for (shows, text, expected) in cases {
            let bad = frame::<CustomerFrame>(&text).err().expect(shows);
            assert_eq!(bad.client_id.as_deref(), expected, "{shows}");
            assert_eq!(bad.error.code, ErrorCode::BadFrame, "{shows}");
        }
        let text =
            format!(r#"{{"type":"send","client_id":"a-1","conversation":"{conversation}"}}"#);
        let bad = frame::<AgentFrame>(&text).err().expect("the text is missing");
        assert_eq!(bad.client_id.as_deref(), Some("a-1"));
        assert_eq!(bad.conversation.as_ref().map(ConversationId::as_str), Some(conversation));
        let bad = frame::<AgentFrame>(r#"{"type":"close","conversation":"卡号"}"#).err();
        assert_eq!(bad.expect("no epoch").conversation, None);
    }
}
