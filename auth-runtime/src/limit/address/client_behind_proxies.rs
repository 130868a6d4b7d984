use core::net::IpAddr;

use axum::http::HeaderMap;

use super::{
    forwarded, header_elements,
    trusted_proxies::{ForwardedHeader, Trust, TrustedProxies},
};

impl TrustedProxies {
    /// Returns the client's address. The header and, at its right end, the `peer` form a chain. The client is the
    /// rightmost address that does not belong to a trusted proxy. IPv4 addresses mapped into IPv6 are returned as IPv4.
    ///
    /// The chain ends at an element that cannot be read as an address. The answer is then the last trusted proxy: the
    /// client shares a counter with others, but is always counted. If all addresses are trusted, the answer is the
    /// leftmost.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        match (&self.trust, &self.header) {
            (Trust::Nobody, _) => peer.to_canonical(),
            (_, ForwardedHeader::XForwardedFor) => self.furthest(peer, header_elements::addresses(headers)),
            (_, ForwardedHeader::Forwarded) => self.furthest(peer, forwarded::addresses(headers)),
            (_, ForwardedHeader::Vendor(name)) => self.furthest(peer, header_elements::single(headers, name)),
        }
    }

    /// Returns the client's address when the peer has no address, as on a Unix socket. The peer counts as the first
    /// proxy, so the chain begins with the address that it wrote. Returns `None` when that address is absent or cannot
    /// be read.
    pub(super) fn client_without_peer(&self, headers: &HeaderMap) -> Option<IpAddr> {
        match &self.header {
            ForwardedHeader::XForwardedFor => self.after_first(header_elements::addresses(headers)),
            ForwardedHeader::Forwarded => self.after_first(forwarded::addresses(headers)),
            ForwardedHeader::Vendor(name) => self.after_first(header_elements::single(headers, name)),
        }
    }

    /// Returns how many trusted proxies the request has passed, as far as its chain tells. Without a peer address, only
    /// [counted](Self::hops) proxies are trusted.
    pub(super) fn passed(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> usize {
        let Trust::Networks(networks) = &self.trust else {
            return if let Trust::Hops(hops) = self.trust { hops.get().into() } else { 0 };
        };
        let Some(peer) = peer.map(|peer| peer.to_canonical()) else { return 0 };
        let is_proxy = |address: &IpAddr| networks.iter().any(|network| network.contains(address));
        if !is_proxy(&peer) {
            return 0;
        }
        let others = match &self.header {
            ForwardedHeader::XForwardedFor => {
                header_elements::addresses(headers).map_while(|address| address).take_while(is_proxy).count()
            }
            ForwardedHeader::Forwarded => {
                forwarded::addresses(headers).map_while(|address| address).take_while(is_proxy).count()
            }
            // The only address is the client's.
            ForwardedHeader::Vendor(_) => 0,
        };
        others.saturating_add(1)
    }

    fn after_first(&self, mut chain: impl Iterator<Item = Option<IpAddr>>) -> Option<IpAddr> {
        let first = chain.next().flatten()?;
        Some(self.further(first, 1, chain))
    }

    fn furthest(&self, peer: IpAddr, chain: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        self.further(peer, 0, chain)
    }

    /// Walks the chain while the addresses are trusted and readable. `passed` is the number of proxies already passed.
    fn further(&self, from: IpAddr, passed: usize, chain: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        let mut client = from.to_canonical();
        for (passed, element) in (passed..).zip(chain) {
            if !self.trusts(client, passed) {
                break;
            }
            match element {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }

    /// Returns whether the address to the left of `passed` others belongs to a trusted proxy.
    fn trusts(&self, address: IpAddr, passed: usize) -> bool {
        match &self.trust {
            Trust::Nobody => false,
            Trust::Networks(networks) => networks.iter().any(|network| network.contains(&address)),
            Trust::Hops(hops) => passed < usize::from(hops.get()),
        }
    }
}
