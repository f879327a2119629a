//! Accepts connections: no more than there are descriptors for, and from one address only a limited
//! number without a complete request head.

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
    slots::ConnectionSlots,
};
use crate::service::Clock;

/// Pause after a connection could not be accepted for want of descriptors or memory. A loop without
/// a pause would take a whole core.
const PAUSE: Duration = Duration::from_millis(100);

/// The kernel probes a silent client after this time, and then until it has missed [`PROBES`]. So a
/// vanished client is closed even where no time limit of the protocol runs.
const KEEPALIVE_AFTER: Duration = Duration::from_mins(1);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(15);
const PROBES: u32 = 4;

/// A bound port and its limit of connections.
#[derive(Debug)]
pub(crate) struct Acceptor {
    pub(crate) listener: TcpListener,
    /// The limit of connections.
    pub(crate) capacity: usize,
    /// Trusted proxies. Their connections carry requests of many clients, so no limit per address
    /// applies to them.
    pub(crate) proxies: Vec<IpAddr>,
    pub(crate) clock: Clock,
}

impl Acceptor {
    /// Serves connections until told to stop, and then until all are closed, except those that have
    /// become `WebSocket`s.
    pub(crate) async fn run(self, site: Site, mut stop: watch::Receiver<bool>) {
        let slots = ConnectionSlots::new(self.capacity, self.clock.clone());
        let (all_gone, here) = watch::channel(());
        let stopped = stop.clone();
        loop {
            let (stream, peer) = tokio::select! {
                accepted = self.next(&slots) => accepted,
                // A dropped sender means stop, too.
                _ = stop.wait_for(|stop| *stop) => break,
            };
            set_options(&stream);
            let address = peer.ip().to_canonical();
            let slot = slots.enter(Some(address).filter(|address| !self.proxies.contains(address)));
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

    /// The next connection, once there is room for it.
    async fn next(&self, slots: &Arc<ConnectionSlots>) -> (TcpStream, SocketAddr) {
        loop {
            slots.wait_for_room().await;
            match self.listener.accept().await {
                Ok(accepted) => return accepted,
                // The client disconnected before it was accepted.
                Err(error) if is_of_client(&error) => {}
                Err(error) => {
                    slots.not_accepted(&error);
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

/// Replies are sent at once, without waiting for earlier ones to be acknowledged.
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
