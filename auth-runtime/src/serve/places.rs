use core::{net::SocketAddr, time::Duration};
use std::sync::Arc;

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::{
    clients::{Clients, Share},
    event::TARGET,
    limits::Limits,
};
use crate::limit::TrustedProxies;

/// The places for connections.
pub(super) struct Places {
    free: Arc<Semaphore>,
    clients: Clients,
    told_of_all: Told,
    told_of_client: Told,
}

/// A connection's place among all connections, and among those of its client.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_client: Option<Share>,
}

impl Places {
    pub(super) fn new(limits: &Limits, proxies: TrustedProxies) -> Self {
        Self {
            free: Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS))),
            clients: Clients::new(limits, proxies),
            told_of_all: Told::default(),
            told_of_client: Told::default(),
        }
    }

    /// Waits for a free place.
    pub(super) async fn take(&mut self) -> Option<OwnedSemaphorePermit> {
        if self.free.available_permits() == 0 && self.told_of_all.is_due() {
            tracing::warn!(target: TARGET, "as many connections are open as are allowed, so further clients wait");
        }
        // The semaphore is never closed.
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Gives the place to a client, unless the client has as many as it may have.
    pub(super) fn give(&mut self, of_all: OwnedSemaphorePermit, peer: Option<SocketAddr>) -> Option<Place> {
        if let Ok(of_client) = self.clients.admit(peer) {
            return Some(Place { _of_all: of_all, _of_client: of_client });
        }
        tracing::debug!(target: TARGET, peer = ?peer, reason = "client_connections", "a connection ended");
        if self.told_of_client.is_due() {
            tracing::warn!(
                target: TARGET, peer = ?peer,
                "a client has as many connections as are allowed, so further ones are closed; if it is a proxy, name \
                 it in `TRUSTED_PROXIES`",
            );
        }
        None
    }
}

/// When the operator was told last.
#[derive(Debug, Default)]
struct Told(Option<Instant>);

/// How often the same event is sent.
const TELL_EVERY: Duration = Duration::from_secs(60);

impl Told {
    /// Returns whether to tell the operator now, and counts it as told.
    fn is_due(&mut self) -> bool {
        let is_due = self.0.is_none_or(|told| told.elapsed() >= TELL_EVERY);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}
