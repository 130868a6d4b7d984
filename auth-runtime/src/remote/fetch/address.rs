use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses to which a connection may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::remote) enum Reach {
    /// Only addresses of the public internet.
    Public,
    /// Addresses of the machine and of private networks, too.
    Internal,
    /// Only this machine.
    Loopback,
}

impl Reach {
    /// Returns whether a connection to this address is allowed.
    pub(super) fn allows(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self {
            Self::Loopback => address.is_loopback(),
            Self::Internal => is_one_host(address),
            Self::Public => match address {
                IpAddr::V4(address) => is_public_v4(address),
                IpAddr::V6(address) => is_public_v6(address),
            },
        }
    }
}

fn is_one_host(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !address.is_unspecified() && !address.is_multicast() && !is_broadcast
}

/// The special-purpose addresses of IPv4 (IANA's registry, RFC 6890) are not public, nor are multicast addresses.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_special = match address.octets() {
        // This network, private, loopback.
        [0 | 10 | 127, ..] => true,
        // Shared between a provider and its customers.
        [100, 64..=127, ..] => true,
        // Link-local, also the metadata services of clouds.
        [169, 254, ..] => true,
        // Private.
        [172, 16..=31, ..] | [192, 168, ..] => true,
        // Protocol assignments, documentation, relays of 6to4.
        [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [192, 88, 99, _] => true,
        // Benchmarks.
        [198, 18 | 19, ..] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !is_special
}

/// Only global unicast addresses are public. Those that carry an address of IPv4 are as public as that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(v4(high, low)),
        // 6to4.
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // Teredo, documentation, and other special purposes.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(reach: Reach, addresses: &[&str]) -> Vec<bool> {
        addresses.iter().map(|address| reach.allows(address.parse().unwrap())).collect()
    }

    #[test]
    fn public_addresses_are_public() {
        let public =
            ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "192.1.0.1", "2606:4700::1111", "64:ff9b::101:101"];
        assert!(allowed(Reach::Public, &public).iter().all(|allowed| *allowed));
        assert!(allowed(Reach::Internal, &public).iter().all(|allowed| *allowed));
        assert!(!allowed(Reach::Loopback, &public).iter().any(|allowed| *allowed));
    }

    #[test]
    fn addresses_inside_are_not() {
        let inside = [
            "0.0.0.0",
            "10.0.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "100::1",
        ];
        for address in inside {
            assert_eq!(allowed(Reach::Public, &[address]), [false], "{address}");
        }
    }

    #[test]
    fn internal_reach_excludes_addresses_of_no_single_host() {
        assert_eq!(allowed(Reach::Internal, &["10.0.0.1", "::1", "fd00::1"]), [true; 3]);
        assert_eq!(allowed(Reach::Internal, &["0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255"]), [false; 5]);
        assert_eq!(allowed(Reach::Loopback, &["127.0.0.1", "::1", "::ffff:127.0.0.1"]), [true; 3]);
        assert_eq!(allowed(Reach::Loopback, &["10.0.0.1", "fe80::1"]), [false; 2]);
    }
}
