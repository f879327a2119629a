//! Accepts connections: never more than there are descriptors for, and of one address never
//! too many that have not sent the whole head of a request.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::{
    connection::{self, Site},
    hall::Hall,
};
use crate::service::Clock;

/// After a connection was not accepted for a want of descriptors or memory, nothing is tried
/// for so long: a loop without a pause would take a core.
const PAUSE: Duration = Duration::from_millis(100);

/// A client that says nothing is asked by its kernel whether it is there after this time,
/// and then again until it has missed [`PROBES`]: a client that vanished is let go even where
/// no time limit of the protocol runs.
const KEEPALIVE_AFTER: Duration = Duration::from_mins(1);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(15);
const PROBES: u32 = 4;

/// A bound port, and how many connections it holds.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    /// At most so many connections.
    pub(crate) capacity: usize,
    /// Trusted proxies: their connections bring many clients' requests, so that no limit of an
    /// address applies to them.
    pub(crate) proxies: Vec<IpAddr>,
    pub(crate) clock: Clock,
}

impl Door {
    /// Serves connections until told to stop, and then until all are closed but those that
    /// have become `WebSocket`s.
    pub(crate) async fn run(self, site: Site, mut stop: watch::Receiver<bool>) {
        let hall = Hall::new(self.capacity, self.clock.clone());
        let (all_gone, here) = watch::channel(());
        let stopped = stop.clone();
        loop {
            let (stream, peer) = tokio::select! {
                accepted = self.next(&hall) => accepted,
                // A sender that is gone means the same.
                _ = stop.wait_for(|stop| *stop) => break,
            };
            set_options(&stream);
            let address = peer.ip().to_canonical();
            let slot = hall.enter(Some(address).filter(|address| !self.proxies.contains(address)));
            let (site, stopped, here) = (site.clone(), stopped.clone(), here.clone());
            tokio::spawn(async move {
                connection::serve(stream, peer, slot, site, stopped).await;
                drop(here);
            });
        }
        drop(self.listener);
        drop(here);
        all_gone.closed().await;
    }

    /// The next connection, when there is room for it.
    async fn next(&self, hall: &Arc<Hall>) -> (TcpStream, SocketAddr) {
        loop {
            hall.wait_for_room().await;
            match self.listener.accept().await {
                Ok(accepted) => return accepted,
                // The client was gone before it came in.
                Err(error) if is_of_client(&error) => {}
                Err(error) => {
                    hall.not_accepted(&error);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A reply is sent at once, not held back until the client has confirmed what came before it.
fn set_options(stream: &TcpStream) {
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE_AFTER)
        .with_interval(KEEPALIVE_EVERY)
        .with_retries(PROBES);
    let set =
        stream.set_nodelay(true).and_then(|()| SockRef::from(stream).set_tcp_keepalive(&keepalive));
    if let Err(error) = set {
        tracing::debug!(%error, "options of a connection not set");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_holds_nothing_back_and_finds_out_who_vanished() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        set_options(&stream);
        assert!(stream.nodelay().unwrap());
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), KEEPALIVE_AFTER);
    }
}
