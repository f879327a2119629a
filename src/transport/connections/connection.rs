//! One connection, with time limits for each of its requests and answers.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    extract::ConnectInfo,
    http::{Request, StatusCode},
    response::Response,
};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
};

use super::{error_bodies::ErrorBodies, slots::ConnectionSlot};

/// The head of each request must be complete within this time. A connection without any bytes is
/// closed after it, too.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// The largest head of a request: browsers send 1 to 2 KiB, and proxies add a little.
const HEAD_MAX_BYTES: usize = 16 * 1024;

/// The longest time from one head to the next, or to the end. A body has 10 s and an answer takes
/// milliseconds; a client that does not read must not keep its slot.
const EXCHANGE_WITHIN: Duration = Duration::from_mins(1);

/// The time that requests in progress get when the server stops.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// The time that a connection gets to read its answer before it is closed to make room.
const GO_WITHIN: Duration = Duration::from_secs(1);

/// The routes, and the errors for bytes that reach no route.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) router: Router,
    /// The body of an error with this status, for bytes that are not a request and never reach the
    /// router.
    pub(crate) error_body: fn(StatusCode) -> String,
}

/// Serves a connection until it ends, becomes a `WebSocket`, runs out of time, or must make room.
/// The slot is held for as long as the connection's descriptor.
pub(super) async fn serve<I>(
    io: I,
    peer: SocketAddr,
    slot: Arc<ConnectionSlot>,
    Site { router, error_body }: Site,
    mut stop: watch::Receiver<bool>,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let of_requests = slot.clone();
    let service = service_fn(move |request| {
        answer(request, peer, of_requests.clone(), TowerToHyperService::new(router.clone()))
    });
    let slotted = SlottedIo { io, slot: slot.clone() };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(ErrorBodies::new(slotted, error_body)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut left = EXCHANGE_WITHIN;
    let mut is_going = false;
    loop {
        let (goes_within, is_stop) = tokio::select! {
            // An error is the client's fault, and the client is gone.
            _ = connection.as_mut() => return,
            // A dropped sender means stop, too.
            _ = stop.wait_for(|stop| *stop), if !is_going => (STOP_WITHIN, true),
            () = slot.told_to_go(), if !is_going => (GO_WITHIN, false),
            () = slot.next_request() => continue,
            () = tokio::time::sleep(left) => return,
        };
        if !slot.is_request_whole() {
            // In a burst the bytes may have come, but there was no time to read them.
            tokio::select! {
                biased;
                _ = connection.as_mut() => return,
                () = tokio::task::yield_now() => {}
            }
        }
        if !is_stop && !slot.has_to_go() {
            continue;
        }
        if !slot.is_request_whole() {
            return;
        }
        (left, is_going) = (goes_within, true);
        connection.as_mut().graceful_shutdown();
    }
}

async fn answer(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    slot: Arc<ConnectionSlot>,
    router: TowerToHyperService<Router>,
) -> Result<Response, Infallible> {
    slot.head_came();
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(slot.clone());
    let answer = router.call(request).await?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        slot.upgraded();
    } else {
        slot.answered();
    }
    Ok(answer)
}

/// A connection with its slot, which a `WebSocket` keeps.
struct SlottedIo<I> {
    io: I,
    slot: Arc<ConnectionSlot>,
}

impl<I: AsyncRead + Unpin> AsyncRead for SlottedIo<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.slot.is_silent() {
            return Pin::new(&mut self.io).poll_read(context, buffer);
        }
        // To its session this looks like a client that has left.
        self.slot.wake(context.waker());
        if self.slot.has_to_go() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for SlottedIo<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
