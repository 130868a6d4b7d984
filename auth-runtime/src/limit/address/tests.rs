//! Tests the headers that clients may send, and the addresses found.

mod attacks;
mod properties;
mod settings;

use core::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::{ForwardedHeader, TrustedProxies};

const PEER: &str = "10.0.0.1";

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Networks of proxies of both families, with the header of the given name.
fn proxies(header: &str) -> TrustedProxies {
    TrustedProxies::parse("10.0.0.0/8, fd00::/8", header).unwrap()
}

fn hops(count: u8, header: ForwardedHeader) -> TrustedProxies {
    TrustedProxies::hops(count.try_into().unwrap(), header)
}

fn lines<L: AsRef<[u8]>>(name: &str, lines: &[L]) -> HeaderMap {
    let name: HeaderName = name.parse().unwrap();
    let values = lines.iter().map(|line| HeaderValue::from_bytes(line.as_ref()).unwrap());
    values.map(|value| (name.clone(), value)).collect()
}
