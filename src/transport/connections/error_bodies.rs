//! Gives an error body to bytes that cannot be parsed as a request.
//!
//! hyper answers those itself, with a status and an empty body, before our code sees them. It has
//! no hook to change that, so its answer is replaced where it is written.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The end of the head of an answer without a body. Our own errors always have a body.
const EMPTY: &str = "content-length: 0\r\n";

/// A connection on which hyper's own errors get a body like ours.
pub(super) struct ErrorBodies<I> {
    io: I,
    /// The body of an error with this status.
    body: fn(StatusCode) -> String,
    /// The answer that replaces hyper's. It is the last answer on a connection.
    instead: Option<ReplacedAnswer>,
}

struct ReplacedAnswer {
    answer: String,
    written: usize,
    /// The length of hyper's answer that it replaces.
    stands_for: usize,
}

impl<I> ErrorBodies<I> {
    pub(super) fn new(io: I, body: fn(StatusCode) -> String) -> Self {
        Self { io, body, instead: None }
    }
}

impl<I: AsyncWrite + Unpin> ErrorBodies<I> {
    fn write_instead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some(instead) = &mut self.instead else { return Poll::Ready(Ok(0)) };
        loop {
            let rest = instead.answer.as_bytes().get(instead.written..).unwrap_or_default();
            if rest.is_empty() {
                let stands_for = instead.stands_for;
                self.instead = None;
                return Poll::Ready(Ok(stands_for));
            }
            match ready!(Pin::new(&mut self.io).poll_write(context, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => instead.written += written,
            }
        }
    }
}

/// The answer with a body, if it is one of hyper's own errors.
fn with_body(answer: &[u8], body: fn(StatusCode) -> String) -> Option<String> {
    let is_error = answer.starts_with(b"HTTP/1.1 4") && answer.ends_with(b"\r\n\r\n");
    let answer = std::str::from_utf8(answer).ok().filter(|_| is_error)?;
    let (before, after) = answer.split_once(EMPTY)?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let body = body(StatusCode::from_u16(status).ok()?);
    let length = body.len();
    Some(format!(
        "{before}content-type: application/json\r\nx-content-type-options: nosniff\r\n\
         content-length: {length}\r\n{after}{body}"
    ))
}

impl<I: AsyncWrite + Unpin> AsyncWrite for ErrorBodies<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.instead.is_none() {
            let Some(answer) = with_body(bytes, self.body) else {
                return Pin::new(&mut self.io).poll_write(context, bytes);
            };
            self.instead = Some(ReplacedAnswer { answer, written: 0, stands_for: bytes.len() });
        }
        self.write_instead(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match parts {
            [only] => self.poll_write(context, only),
            _ => Pin::new(&mut self.io).poll_write_vectored(context, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for ErrorBodies<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn body(status: StatusCode) -> String {
        status.as_str().to_owned()
    }

    #[test]
    fn only_an_error_without_a_body_gets_one() {
        let cases = [
            ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", true),
            ("HTTP/1.1 431 X\r\nconnection: close\r\ncontent-length: 0\r\ndate: a\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false),
            ("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}", false),
            ("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n", false),
            ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n", false),
            ("HTTP/1.1 100 Continue\r\n\r\n", false),
        ];
        for (answer, expected) in cases {
            let found = with_body(answer.as_bytes(), body);
            assert_eq!(found.is_some(), expected, "{answer}");
            let Some(found) = found else { continue };
            let (head, body) = found.split_once("\r\n\r\n").expect("a head and a body");
            assert!(head.contains(&format!("content-length: {}", body.len())), "{found}");
            assert!(answer.contains(body), "{found}");
        }
        assert_eq!(with_body(b"HTTP/1.1 4\xff\r\n\r\n", body), None);
    }

    #[tokio::test]
    async fn a_client_that_reads_byte_by_byte_gets_all_of_it() {
        let (server, mut client) = tokio::io::duplex(1);
        let mut server = ErrorBodies::new(server, body);
        let written = tokio::spawn(async move {
            server.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await
        });
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("it is text");
        written.await.expect("no fault").expect("all is taken");
        assert!(answer.ends_with("400") && !answer.contains(EMPTY), "{answer}");
    }
}
