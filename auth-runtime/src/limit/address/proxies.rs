use core::{net::IpAddr, num::NonZeroU8};

use axum::http::{HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv4Net};

use super::{chain, forwarded};

/// The proxies whose word about the client's address is taken, and the header in which they give it.
///
/// Only what a trusted proxy wrote counts. Every proxy appends the address that it was called from, so the chain is
/// read from its right end, which is the peer of our own connection, and what a client wrote into the header itself
/// stands left of everything that is looked at.
///
/// ```
/// use auth_runtime::limit::TrustedProxies;
/// use axum::http::HeaderMap;
///
/// let proxies = TrustedProxies::parse("10.0.0.0/8", "X-Forwarded-For")?;
/// let mut headers = HeaderMap::new();
/// headers.insert("x-forwarded-for", "192.0.2.1, 203.0.113.7, 10.0.0.2".parse()?);
/// let client = proxies.client("10.0.0.1".parse()?, &headers);
/// assert_eq!(client.to_string(), "203.0.113.7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies {
    trust: Trust,
    header: ForwardedHeader,
}

/// The header in which proxies say whom they were called by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses separated by commas, each with or without a port.
    XForwardedFor,
    /// `Forwarded` (RFC 7239), of which the `for` parameter is read.
    Forwarded,
    /// A header that carries exactly one address, the client's, such as `CF-Connecting-IP` or `X-Real-IP`.
    ///
    /// It has no chain in which a client's own value could be told from a proxy's: the trusted proxies have to replace
    /// what the client sent.
    Vendor(HeaderName),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Trust {
    Nobody,
    Networks(Box<[IpNet]>),
    Hops(NonZeroU8),
}

impl TrustedProxies {
    /// No proxy: the client is whoever is at the other end of the connection.
    pub const fn none() -> Self {
        Self { trust: Trust::Nobody, header: ForwardedHeader::XForwardedFor }
    }

    /// The proxies with an address in one of `networks`. IPv4 networks mapped into IPv6 are those IPv4 networks.
    ///
    /// A network that contains clients lets each of these clients choose its address.
    pub fn networks(networks: impl IntoIterator<Item = IpNet>, header: ForwardedHeader) -> Self {
        Self { trust: Trust::Networks(networks.into_iter().map(canonical).collect()), header }
    }

    /// As many proxies as stand between the client and this process, whatever their addresses.
    ///
    /// With one, the peer is the proxy and the client is the last address in the header; with `hops`, it is the
    /// address at that place from the right. A shorter chain ends with its leftmost address. This counts like `trust
    /// proxy` of Express and `x_for` of Werkzeug. With a [vendor header](ForwardedHeader::Vendor), which has one
    /// address, every count means the same.
    ///
    /// Where the peer has no address, as on a Unix socket, it counts as the first proxy, and the header alone is believed.
    ///
    /// The count holds only if nobody reaches this process past the proxies: whoever does chooses their address.
    pub const fn hops(hops: NonZeroU8, header: ForwardedHeader) -> Self {
        Self { trust: Trust::Hops(hops), header }
    }

    /// The client's address: the rightmost that is not a trusted proxy's, of the chain that the header and, at its
    /// right end, the `peer` make. IPv4 addresses mapped into IPv6 come out as IPv4.
    ///
    /// Where an element cannot be read as an address, the chain ends, and the answer is the last trusted proxy: a
    /// client is then counted together with others, and never not at all. If all are trusted, it is the leftmost.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        match (&self.trust, &self.header) {
            (Trust::Nobody, _) => peer.to_canonical(),
            (_, ForwardedHeader::XForwardedFor) => self.furthest(peer, chain::addresses(headers)),
            (_, ForwardedHeader::Forwarded) => self.furthest(peer, forwarded::addresses(headers)),
            (_, ForwardedHeader::Vendor(name)) => self.furthest(peer, chain::single(headers, name)),
        }
    }

    /// Whether proxies are counted, whatever their addresses: then the peer's address need not be known.
    pub(super) const fn counts_hops(&self) -> bool {
        matches!(self.trust, Trust::Hops(_))
    }

    /// The client's address where the peer has none, as on a Unix socket. The peer counts as the first proxy, so that the
    /// chain begins with the address that it wrote. `None` without a readable one.
    pub(super) fn client_without_peer(&self, headers: &HeaderMap) -> Option<IpAddr> {
        match &self.header {
            ForwardedHeader::XForwardedFor => self.after_first(chain::addresses(headers)),
            ForwardedHeader::Forwarded => self.after_first(forwarded::addresses(headers)),
            ForwardedHeader::Vendor(name) => self.after_first(chain::single(headers, name)),
        }
    }

    fn after_first(&self, mut chain: impl Iterator<Item = Option<IpAddr>>) -> Option<IpAddr> {
        let first = chain.next().flatten()?;
        Some(self.further(first, 1, chain))
    }

    fn furthest(&self, peer: IpAddr, chain: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        self.further(peer, 0, chain)
    }

    /// Goes from address to address for as long as trust and readable elements last. `passed` proxies are behind already.
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

    /// Whether the address that stands left of `passed` others is a proxy's.
    fn trusts(&self, address: IpAddr, passed: usize) -> bool {
        match &self.trust {
            Trust::Nobody => false,
            Trust::Networks(networks) => networks.iter().any(|network| network.contains(&address)),
            Trust::Hops(hops) => passed < usize::from(hops.get()),
        }
    }
}

/// The bits of `::ffff:0:0/96`, in which IPv4 addresses are mapped into IPv6.
const MAPPED_PREFIX: u8 = 96;

/// Addresses are compared in their canonical form, so networks have to be in it too.
pub(super) fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let Some(length) = mapped.prefix_len().checked_sub(MAPPED_PREFIX) else { return network };
    let address = mapped.addr().to_ipv4_mapped();
    address.and_then(|address| Ipv4Net::new(address, length).ok()).map_or(network, IpNet::V4)
}
