use core::num::NonZeroU8;

use axum::http::HeaderName;
use ipnet::{IpNet, Ipv4Net};

/// The proxies that are trusted to report the client's address, and the header in which they report it.
///
/// Only the text that a trusted proxy wrote counts. Every proxy appends the address of its peer, so the chain is read
/// from its right end. The rightmost address is the peer of this process's own connection. Text that a client itself
/// wrote into the header stands to the left of all elements that are read.
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
    pub(super) trust: Trust,
    pub(super) header: ForwardedHeader,
}

/// The header in which proxies report the address of their peer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses separated by commas, each with or without a port.
    XForwardedFor,
    /// `Forwarded` (RFC 7239). Only its `for` parameter is read.
    Forwarded,
    /// A header that carries exactly one address, the client's, for example `CF-Connecting-IP` or `X-Real-IP`.
    ///
    /// It has no chain that would separate a client's own value from a proxy's. The trusted proxies must replace the
    /// value that the client sent.
    Vendor(HeaderName),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    Nobody,
    Networks(Box<[IpNet]>),
    Hops(NonZeroU8),
}

impl TrustedProxies {
    /// Trusts no proxy: the client is the peer of the connection.
    pub const fn none() -> Self {
        Self { trust: Trust::Nobody, header: ForwardedHeader::XForwardedFor }
    }

    /// Trusts the proxies with an address in one of `networks`. IPv4 networks mapped into IPv6 count as those IPv4
    /// networks.
    ///
    /// A network that contains clients lets each of these clients choose its address.
    pub fn networks(networks: impl IntoIterator<Item = IpNet>, header: ForwardedHeader) -> Self {
        Self { trust: Trust::Networks(networks.into_iter().map(canonical).collect()), header }
    }

    /// Trusts `hops` proxies between the client and this process, with any addresses.
    ///
    /// With one hop, the peer is the proxy and the client is the last address in the header. With `hops`, the client is
    /// the address at that position from the right. A shorter chain ends with its leftmost address. Express's `trust
    /// proxy` and Werkzeug's `x_for` count in the same way. With a [vendor header](ForwardedHeader::Vendor), which has
    /// a single address, every count means the same.
    ///
    /// When the peer has no address, as on a Unix socket, it counts as the first proxy, and only the header is used.
    ///
    /// The count holds only if every client reaches this process through the proxies. A client that bypasses them can
    /// choose its address.
    pub const fn hops(hops: NonZeroU8, header: ForwardedHeader) -> Self {
        Self { trust: Trust::Hops(hops), header }
    }

    /// Returns whether proxies are counted. Their addresses and the peer's address do not matter then.
    pub(super) const fn counts_hops(&self) -> bool {
        matches!(self.trust, Trust::Hops(_))
    }

    /// Returns whether no proxy is trusted.
    #[cfg(feature = "web")]
    pub(crate) fn are_none(&self) -> bool {
        match &self.trust {
            Trust::Nobody => true,
            Trust::Networks(networks) => networks.is_empty(),
            Trust::Hops(_) => false,
        }
    }

    pub(super) fn header(&self) -> &ForwardedHeader {
        &self.header
    }
}

/// The prefix length of `::ffff:0:0/96`, into which IPv4 addresses are mapped.
const MAPPED_PREFIX: u8 = 96;

/// Returns the network in canonical form. Addresses are compared in that form.
pub(super) fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let Some(length) = mapped.prefix_len().checked_sub(MAPPED_PREFIX) else { return network };
    let address = mapped.addr().to_ipv4_mapped();
    address.and_then(|address| Ipv4Net::new(address, length).ok()).map_or(network, IpNet::V4)
}
