//! Why the server closes a socket.

/// A row: what the code means; its name and number; what a client does then.
macro_rules! close_codes {
    ($(
        $(#[doc = $meaning:literal])+
        $close:ident = $code:literal, $then:literal;
    )+) => {
        /// Why the server closes a socket, as a close code tells it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Close {
            $($(#[doc = $meaning])+ $close,)+
        }

        impl Close {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$close),+];

            /// The close code: below 4000 one of RFC 6455, from 4000 on one of kefu's own.
            pub fn code(self) -> u16 {
                match self { $(Self::$close => $code),+ }
            }

            /// What it means, in Markdown.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$close => concat!($($meaning),+)),+ }
            }

            /// What a client does then, in Markdown.
            pub fn then(self) -> &'static str {
                match self { $(Self::$close => $then),+ }
            }
        }
    };
}

close_codes! {
    /// The bytes are not WebSocket as RFC 6455 has it.
    Protocol = 1002, "mend the client";
    /// A binary message.
    Binary = 1003, "mend the client";
    /// Text that is not UTF-8.
    NotUtf8 = 1007, "mend the client";
    /// A message over 64 KiB.
    TooBig = 1009, "mend the client; never send this message again";
    /// A fault of the server.
    Fault = 1011, "come back with growing pauses";
    /// The server restarts, after `draining` with `retry_after_ms`.
    Restart = 1012, "come back after that time";
    /// The token is wrong, over or revoked.
    Unauthorized = 4001, "get a new one";
    /// The first frame was no `hello`, or of another version; an `error` comes before it.
    BadHello = 4002, "reload the page, mend the client";
    /// The client was silent, read too slowly or flooded, or its `hello` did not come in 10 s.
    Slow = 4008, "come back with growing pauses";
    /// Another page of this customer took its place.
    Replaced = 4009, "come back only when the page is focused again";
}
