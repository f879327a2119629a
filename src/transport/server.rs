//! Binds the ports, serves, and stops without losing data.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
};

use super::{
    api_error::error_body,
    app::App,
    assets::LoaderScript,
    connections::{self, Acceptor, Site},
    origin::Origins,
    router::{admin_router, router},
};
use crate::config::Config;
use crate::service::{AddressLimits, Service, TypingLimit};

/// The time that sockets get to read that the server stops.
const DRAIN_MAX: Duration = Duration::from_secs(8);

/// Connections that the system queues until they are accepted. A connection beyond waits a second
/// or more, so a burst of a thousand must fit.
const BACKLOG: u32 = 4_096;

/// Connections of the admin port: some metric collectors and a person.
const ADMIN_CONNECTIONS: usize = 16;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The port is in use, or the address does not belong to this machine.
    #[error("listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
}

/// A server with bound ports. Connections wait until it runs.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    admin: Option<TcpListener>,
    address: SocketAddr,
    origins: Origins,
    trusted_proxies: Vec<IpAddr>,
    /// The limit of connections of the main port.
    capacity: usize,
}

impl Server {
    /// Binds the ports, so that a port in use is reported before anything else happens. Raises the
    /// process's limit of descriptors.
    pub async fn bind(config: &Config) -> Result<Self, ServerError> {
        let (listener, address) = bind(config.listen).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(bind(address).await?.0),
            None => None,
        };
        let origins = Origins::new(config, address.port());
        let trusted_proxies = config.trusted_proxies.clone();
        let capacity = connections::connections(connections::raise());
        Ok(Self { listener, admin, address, origins, trusted_proxies, capacity })
    }

    /// The bound address; the port is the chosen one if port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` completes, then drains: `/readyz` answers no, sockets are told when to
    /// reconnect and are closed, and commits in progress finish.
    pub async fn run(
        self,
        service: Arc<Service>,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let app = Arc::new(App {
            service: service.clone(),
            origins: self.origins,
            limits: AddressLimits::new(&service.clock),
            typing: TypingLimit::new(&service.clock),
            trusted_proxies: self.trusted_proxies.clone(),
            loader: LoaderScript::default(),
        });
        let (stopping, stopped) = watch::channel(false);
        let mut admin = None;
        if let Some(listener) = self.admin {
            let acceptor = Acceptor {
                listener,
                capacity: ADMIN_CONNECTIONS,
                proxies: Vec::new(),
                clock: service.clock.clone(),
            };
            admin = Some(tokio::spawn(
                acceptor
                    .run(Site { router: admin_router(app.clone()), error_body }, stopped.clone()),
            ));
        }
        let proxies = self.trusted_proxies;
        let acceptor = Acceptor {
            listener: self.listener,
            capacity: self.capacity,
            proxies,
            clock: service.clock.clone(),
        };
        let main = tokio::spawn(
            acceptor.run(Site { router: router(app, admin.is_none()), error_body }, stopped),
        );
        stop.await;
        tracing::info!("draining");
        service.drain();
        stopping.send_replace(true);
        let drained = async {
            service.wait_for_sessions().await;
            main.await
        };
        let drained = tokio::time::timeout(DRAIN_MAX, drained).await;
        if drained.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
        if let Some(admin) = admin {
            admin.abort();
        }
        service.close().await;
        Ok(())
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let bound = async {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // Allows a port that was in use a moment ago.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|source| ServerError::Bind { address, source })
}
