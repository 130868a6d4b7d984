//! The settings for the addresses of clients.

#[cfg(feature = "testing")]
use core::net::IpAddr;

use crate::{
    auth::Environment,
    limit::{AddressFinder, TrustedProxies},
};

use super::AuthBuilder;

impl AuthBuilder {
    /// Sets the proxies that may report the client's address; by default, no proxy may.
    ///
    /// If they report the host, too, the check of requests from other sites takes that host for the service's own.
    ///
    /// On a Unix socket the peer has no address. There, [`TrustedProxies::hops`] takes the client's address from the
    /// header alone. With any other setting, requests that need an address get 500.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies.set(proxies);
        self
    }

    /// Sets the client's address for requests without a peer address, as in tests that call the router directly; by
    /// default, these requests have no address. [`TestAuth`](crate::testing::TestAuth) sets `127.0.0.1`; `None` undoes
    /// that.
    ///
    /// This address is never a trusted proxy, so forwarding headers of these requests are ignored. It is refused in
    /// production.
    #[cfg(feature = "testing")]
    pub fn peer_when_absent(mut self, address: Option<IpAddr>) -> Self {
        self.peer_when_absent = address;
        self
    }

    pub(super) fn check_addresses(&mut self) {
        if self.peer_when_absent.is_some() && self.runs_in() == Environment::Production {
            self.faults.push(
                "peer_when_absent",
                "would give all clients one address in production; remove it, or call `.peer_when_absent(None)` on the \
                 builder of `TestAuth`",
            );
        }
    }

    pub(super) fn addresses(&self) -> AddressFinder {
        AddressFinder { proxies: self.known_proxies(), peer_when_absent: self.peer_when_absent }
    }

    pub(super) fn known_proxies(&self) -> TrustedProxies {
        self.proxies.get().cloned().unwrap_or_else(TrustedProxies::none)
    }
}
