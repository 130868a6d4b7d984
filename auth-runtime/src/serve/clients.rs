use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::limits::Limits;
use crate::limit::{AddressKey, TrustedProxies};

/// How many connections each client has.
pub(super) struct Clients {
    most: usize,
    /// Whether private addresses count, too. By default they do not: they are often those of proxies.
    counts_private: bool,
    proxies: TrustedProxies,
    open: Counts,
}

#[derive(Clone, Debug, Default)]
struct Counts(Arc<Mutex<HashMap<AddressKey, usize>>>);

/// A client has as many connections as it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyError;

impl Clients {
    pub(super) fn new(limits: &Limits, proxies: TrustedProxies) -> Self {
        let counts_private = limits.of_client.is_some();
        Self { most: limits.most_of_client(), counts_private, proxies, open: Counts::default() }
    }

    /// Counts a connection of the client until the returned share is dropped. The connections of some peers are not
    /// counted: they have no share.
    ///
    /// # Errors
    /// Returns [`TooManyError`] if the client has as many connections as it may have.
    pub(super) fn admit(&self, peer: Option<SocketAddr>) -> Result<Option<Share>, TooManyError> {
        let counted = peer.map(|peer| peer.ip().to_canonical()).filter(|address| self.counts(*address));
        counted.map(|address| self.open.add(AddressKey::of(address), self.most)).transpose()
    }

    /// Returns whether the peer is a single client, as far as its address tells.
    fn counts(&self, address: IpAddr) -> bool {
        (self.counts_private || is_public(address)) && !self.proxies.trust_address(address)
    }
}

impl Counts {
    fn add(&self, client: AddressKey, most: usize) -> Result<Share, TooManyError> {
        let mut open = self.lock();
        let number = open.get(&client).copied().unwrap_or(0);
        if number >= most {
            return Err(TooManyError);
        }
        open.insert(client, number.saturating_add(1));
        Ok(Share { client, open: self.clone() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AddressKey, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection among those of its client.
#[derive(Debug)]
pub(super) struct Share {
    client: AddressKey,
    open: Counts,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut open = self.open.lock();
        let Entry::Occupied(mut number) = open.entry(self.client) else { return };
        match number.get().saturating_sub(1) {
            0 => drop(number.remove()),
            left => drop(number.insert(left)),
        }
    }
}

/// Returns whether an address is one of the internet. The others are those of the machine itself, of private networks
/// and of shared ones (RFC 1918, 3927, 4193, 4291 and 6598).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local() || is_shared(address))
        }
        IpAddr::V6(address) => !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()),
    }
}

/// Returns whether the address is one of `100.64.0.0/10`.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients(most: Option<usize>, proxies: &str) -> Clients {
        let proxies = match proxies {
            "" => TrustedProxies::none(),
            list => TrustedProxies::parse(list, "X-Forwarded-For").unwrap(),
        };
        Clients::new(&Limits { connections: 30, of_client: most, ..Limits::default() }, proxies)
    }

    fn admit(clients: &Clients, address: &str) -> Result<Option<Share>, TooManyError> {
        clients.admit(Some(SocketAddr::new(address.parse().unwrap(), 1)))
    }

    #[test]
    fn a_client_has_its_own_connections_and_gives_them_back() {
        let clients = clients(Some(2), "");
        for (one, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
            ("2001:db8::1", "2001:db8::ffff:0:0:2", "2001:db8:0:1::1"),
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
        ] {
            let (first, _second) = (admit(&clients, one).unwrap(), admit(&clients, same).unwrap());
            assert!(first.is_some());
            assert_eq!(admit(&clients, one).unwrap_err(), TooManyError, "{one}");
            assert!(admit(&clients, other).unwrap().is_some(), "{other}");
            drop(first);
            assert!(admit(&clients, same).unwrap().is_some(), "{same}");
        }
        assert!(clients.open.lock().is_empty(), "clients without a connection are forgotten");
    }

    #[test]
    fn proxies_and_peers_without_an_address_are_not_counted() {
        for (proxies, peer) in [("10.0.0.0/8", "10.0.0.1"), ("10.0.0.0/8", "::ffff:10.0.0.1"), ("hops:1", "192.0.2.1")]
        {
            let clients = clients(Some(1), proxies);
            let shares: Vec<_> = (0..3).map(|_| admit(&clients, peer).unwrap()).collect();
            assert!(shares.iter().all(Option::is_none), "{proxies} {peer}");
        }
        let clients = clients(Some(1), "10.0.0.0/8");
        let _first = admit(&clients, "192.0.2.1").unwrap();
        assert!(admit(&clients, "192.0.2.1").is_err());
        assert!((0..3).all(|_| matches!(clients.admit(None), Ok(None))));
    }

    #[test]
    fn by_default_a_public_address_has_a_tenth_and_a_private_one_is_not_counted() {
        let has_limit = |address: &str| {
            let clients = clients(None, "");
            let shares: Vec<_> = (0..200).map_while(|_| admit(&clients, address).ok()).collect();
            assert!([100, 200].contains(&shares.len()), "{address}: {}", shares.len());
            shares.len() == 100
        };
        for public in ["192.0.2.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2001:db8::1", "2606:4700::1"] {
            assert!(has_limit(public), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!has_limit(private), "{private}");
        }
        assert_eq!(Limits::default().most_of_client(), 1_000);
    }
}
