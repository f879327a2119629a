//! One connection: each of its requests has a time to come and a time to be answered.

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

use super::{hall::Slot, unread::Unread};

/// The head of a request, the first as well as the next, must have come whole within this
/// time. A connection on which nothing comes is closed after it, too.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// The largest head of a request: browsers send 1 to 2 KiB, proxies add a little.
const HEAD_MAX_BYTES: usize = 16 * 1024;

/// From one head to the next, or to the end, at most this time passes: a body has 10 s, an
/// answer takes milliseconds, and a client that does not read it must not keep the place.
const EXCHANGE_WITHIN: Duration = Duration::from_mins(1);

/// When the server stops, what is being served has this time.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A connection that is closed to make room has this time to take the rest of its answer.
const GO_WITHIN: Duration = Duration::from_secs(1);

/// What is served.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) router: Router,
    /// The body of an error with this status, where the bytes that came are no request and
    /// the router is never asked.
    pub(crate) error_body: fn(StatusCode) -> String,
}

/// Serves a connection until it ends, becomes a `WebSocket`, runs out of time, or has to go.
/// The slot is held for as long as the connection's descriptor is.
pub(super) async fn serve<I>(
    io: I,
    peer: SocketAddr,
    slot: Arc<Slot>,
    Site { router, error_body }: Site,
    mut stop: watch::Receiver<bool>,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let of_requests = slot.clone();
    let service = service_fn(move |request| {
        answer(request, peer, of_requests.clone(), TowerToHyperService::new(router.clone()))
    });
    let slotted = Slotted { io, slot: slot.clone() };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(Unread::new(slotted, error_body)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut left = EXCHANGE_WITHIN;
    let mut is_going = false;
    loop {
        let (goes_within, is_stop) = tokio::select! {
            // An error is of the client's making; there is nobody to tell.
            _ = connection.as_mut() => return,
            // A sender that is gone means the same.
            _ = stop.wait_for(|stop| *stop), if !is_going => (STOP_WITHIN, true),
            () = slot.told_to_go(), if !is_going => (GO_WITHIN, false),
            () = slot.next_request() => continue,
            () = tokio::time::sleep(left) => return,
        };
        if !slot.is_request_whole() {
            // In a burst nobody had the time to read what has come already.
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
    slot: Arc<Slot>,
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

/// A connection with its slot, which a `WebSocket` takes with it.
struct Slotted<I> {
    io: I,
    slot: Arc<Slot>,
}

impl<I: AsyncRead + Unpin> AsyncRead for Slotted<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.slot.is_silent() {
            return Pin::new(&mut self.io).poll_read(context, buffer);
        }
        // To its session this looks like a client that went.
        self.slot.wake(context.waker());
        if self.slot.has_to_go() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Slotted<I> {
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
