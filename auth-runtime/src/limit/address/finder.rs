use core::net::{IpAddr, SocketAddr};

use axum::{
    extract::connect_info::{ConnectInfo, MockConnectInfo},
    http::{Extensions, request::Parts},
};

use super::TrustedProxies;

/// The search for a request's client address, from the connection's peer and the trusted proxies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressFinder {
    pub(crate) proxies: TrustedProxies,
    /// The address that stands for the client in tests, where a request has no peer. It never counts as a proxy.
    pub(crate) peer_when_absent: Option<IpAddr>,
}

/// The reason why a request has no client address. The text tells the operator what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoAddressError(pub(crate) &'static str);

impl AddressFinder {
    /// Returns the client's address.
    ///
    /// # Errors
    /// Returns [`NoAddressError`] when the request carries no peer address, as on a Unix socket, and no substitute
    /// exists. There are two substitutes: a counted chain of proxies ([`TrustedProxies::hops`]), which makes their
    /// header trusted, and an address set for tests.
    pub(crate) fn find(&self, request: &Parts) -> Result<IpAddr, NoAddressError> {
        if let Some(peer) = peer(&request.extensions) {
            return Ok(self.proxies.client(peer, &request.headers));
        }
        if let Some(address) = self.peer_when_absent {
            return Ok(address.to_canonical());
        }
        if !self.proxies.counts_hops() {
            return Err(NO_PEER);
        }
        self.proxies.client_without_peer(&request.headers).ok_or(NO_READABLE_HEADER)
    }
}

/// Returns the connection's peer, if the server or a test recorded it. axum's `ConnectInfo` reads the extensions in the
/// same order.
pub(super) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let connected = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer);
    let mocked = || extensions.get::<MockConnectInfo<SocketAddr>>().map(|MockConnectInfo(peer)| peer);
    connected.or_else(mocked).map(SocketAddr::ip)
}

const NO_PEER: NoAddressError = NoAddressError(
    "the request carries no peer address, which limits by address and sign-ins need: serve the router with \
     `.into_make_service_with_connect_info::<SocketAddr>()`; on a Unix socket, count the proxies with \
     `TRUSTED_PROXIES=hops:1`; in a test, build `Auth` with `TestAuth`, or add axum's `MockConnectInfo` layer",
);

const NO_READABLE_HEADER: NoAddressError = NoAddressError(
    "the request carries no peer address, and no readable address in the header of the trusted proxies: have the proxy \
     write the client's address into that header, or name another one with `TRUSTED_PROXY_HEADER`",
);

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    const TEST: IpAddr = IpAddr::V4(core::net::Ipv4Addr::LOCALHOST);

    fn finder(proxies: &str, peer_when_absent: Option<IpAddr>) -> AddressFinder {
        let proxies = match proxies {
            "" => TrustedProxies::none(),
            list => TrustedProxies::parse(list, "X-Forwarded-For").unwrap(),
        };
        AddressFinder { proxies, peer_when_absent }
    }

    fn request(forwarded: &[&str]) -> Parts {
        let lines = forwarded.iter().fold(Request::builder(), |request, line| request.header("x-forwarded-for", *line));
        lines.body(()).unwrap().into_parts().0
    }

    fn found(finder: &AddressFinder, request: &Parts) -> Option<String> {
        finder.find(request).ok().map(|address| address.to_string())
    }

    #[test]
    fn the_connection_comes_before_the_mock_as_in_axum() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let mut parts = request(&[]);
        parts.extensions.insert(MockConnectInfo(at("192.0.2.1:1")));
        assert_eq!(found(&finder("", Some(TEST)), &parts).unwrap(), "192.0.2.1");
        parts.extensions.insert(ConnectInfo(at("192.0.2.2:1")));
        assert_eq!(found(&finder("", Some(TEST)), &parts).unwrap(), "192.0.2.2");
    }

    #[test]
    fn without_a_peer_only_hops_believe_the_header() {
        for proxies in ["", "0.0.0.0/1,128.0.0.0/1,::/1,8000::/1"] {
            assert_eq!(finder(proxies, None).find(&request(&["192.0.2.1"])), Err(NO_PEER), "{proxies}");
        }
        for (hops, forwarded, expected) in [
            ("hops:1", vec!["192.0.2.1"], "192.0.2.1"),
            ("hops:1", vec!["198.51.100.9, 192.0.2.1"], "192.0.2.1"),
            ("hops:1", vec!["nonsense", "::ffff:192.0.2.1"], "192.0.2.1"),
            // The absent peer is the first proxy, and 10.0.0.2 the second.
            ("hops:2", vec!["198.51.100.9, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
            ("hops:2", vec!["10.0.0.2"], "10.0.0.2"),
            ("hops:2", vec!["nonsense, 10.0.0.2"], "10.0.0.2"),
        ] {
            assert_eq!(
                found(&finder(hops, None), &request(&forwarded)).as_deref(),
                Some(expected),
                "{hops} {forwarded:?}"
            );
        }
        for forwarded in [vec![], vec![""], vec!["nonsense"], vec!["192.0.2.1, unknown"], vec!["192.0.2.1", ""]] {
            let request = request(&forwarded);
            assert_eq!(finder("hops:2", None).find(&request), Err(NO_READABLE_HEADER), "{forwarded:?}");
        }
    }

    #[test]
    fn a_header_of_one_address_stands_for_the_absent_peer_once() {
        let proxies = TrustedProxies::parse("hops:1", "X-Real-IP").unwrap();
        let finder = AddressFinder { proxies, peer_when_absent: None };
        let mut parts = request(&[]);
        assert_eq!(finder.find(&parts), Err(NO_READABLE_HEADER));
        parts.headers.insert("x-real-ip", "192.0.2.1".parse().unwrap());
        assert_eq!(found(&finder, &parts).unwrap(), "192.0.2.1");
        parts.headers.append("x-real-ip", "192.0.2.2".parse().unwrap());
        assert_eq!(finder.find(&parts), Err(NO_READABLE_HEADER));
    }

    #[test]
    fn the_address_of_tests_is_no_proxy() {
        for proxies in ["", "127.0.0.0/8", "hops:1"] {
            let finder = finder(proxies, Some(TEST));
            assert_eq!(found(&finder, &request(&["192.0.2.1"])).unwrap(), "127.0.0.1", "{proxies}");
        }
    }
}
