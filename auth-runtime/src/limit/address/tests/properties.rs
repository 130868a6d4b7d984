use proptest::prelude::*;

use super::{super::node, *};

/// Generates elements: many are proxies, and some are not addresses.
fn element() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<u8>().prop_map(|last| format!("10.0.0.{last}")),
        2 => any::<u16>().prop_map(|last| format!("[fd00::{last:x}]:80")),
        2 => any::<[u8; 4]>().prop_map(|bytes| IpAddr::from(bytes).to_string()),
        1 => any::<u128>().prop_map(|bits| IpAddr::from(bits.to_be_bytes()).to_string()),
        1 => "[!-+.-~]([ -+.-~]{0,10}[!-+.-~])?",
    ]
}

fn chain() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(element(), 0..8)
}

/// Generates text that a client may send: any bytes that a header can have.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![3 => prop::sample::select(&b",;=\"\\ []:.for10"[..]), 1 => prop_oneof![0x20..0x7f_u8, 0x80..=0xff_u8]];
    prop::collection::vec(bytes, 0..60)
}

/// Evaluates the documented rule element by element. Of the code under test it uses only `node`.
fn expected(chain: &[String], trusted: impl Fn(usize, IpAddr) -> bool) -> (IpAddr, bool) {
    let mut client = ip(PEER);
    for (passed, element) in chain.iter().rev().enumerate() {
        if !trusted(passed, client) {
            return (client, true);
        }
        match node::address(element.as_bytes()) {
            Some(address) => client = address,
            None => return (client, true),
        }
    }
    (client, !trusted(chain.len(), client))
}

fn is_proxy(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[0] == 10,
        IpAddr::V6(address) => address.octets()[0] == 0xfd,
    }
}

fn quoted(chain: &[String]) -> String {
    let element = |text: &String| format!("proto=https;for=\"{}\"", text.replace(['"', '\\'], "?"));
    chain.iter().map(element).collect::<Vec<_>>().join(", ")
}

proptest! {
    #[test]
    fn the_client_is_the_rightmost_untrusted(chain in chain(), count in 1..6_u8) {
        let headers = lines("x-forwarded-for", &[chain.join(", ")]);
        let (by_network, _) = expected(&chain, |_, address| is_proxy(address));
        prop_assert_eq!(proxies("x-forwarded-for").client(ip(PEER), &headers), by_network);
        let (by_count, _) = expected(&chain, |passed, _| passed < count.into());
        prop_assert_eq!(hops(count, ForwardedHeader::XForwardedFor).client(ip(PEER), &headers), by_count);
    }

    #[test]
    fn lines_are_one_list(chain in chain(), cut in any::<prop::sample::Index>()) {
        let (left, right) = chain.split_at(cut.index(chain.len() + 1));
        prop_assume!(!left.is_empty() && !right.is_empty());
        let proxies = proxies("x-forwarded-for");
        let one = proxies.client(ip(PEER), &lines("x-forwarded-for", &[chain.join(",")]));
        let two = proxies.client(ip(PEER), &lines("x-forwarded-for", &[left.join(","), right.join(",")]));
        prop_assert_eq!(one, two);
    }

    #[test]
    fn both_standards_say_the_same(chain in chain()) {
        let plain: Vec<String> = chain.iter().map(|text| text.replace(['"', '\\'], "?")).collect();
        let list = proxies("x-forwarded-for").client(ip(PEER), &lines("x-forwarded-for", &[plain.join(", ")]));
        let forwarded = proxies("forwarded").client(ip(PEER), &lines("forwarded", &[quoted(&chain)]));
        prop_assert_eq!(list, forwarded);
    }

    /// Once the chain has ended, at an address that is not a proxy's or at an unreadable element, elements further left
    /// do not count.
    #[test]
    fn entries_to_the_left_do_not_change_the_answer(left in garbage(), lines_apart in any::<bool>(), chain in chain()) {
        prop_assume!(!chain.is_empty());
        let (client, ended) = expected(&chain, |_, address| is_proxy(address));
        prop_assume!(ended);
        for (header, right) in [("x-forwarded-for", chain.join(", ")), ("forwarded", quoted(&chain))] {
            let values = if lines_apart {
                vec![left.clone(), right.into_bytes()]
            } else {
                vec![[left.clone(), b", ".to_vec(), right.into_bytes()].concat()]
            };
            prop_assert_eq!(proxies(header).client(ip(PEER), &lines(header, &values)), client, "{}: {:?}", header, values);
        }
    }

    #[test]
    fn no_header_bytes_cause_a_panic_or_a_false_address(
        values in prop::collection::vec(garbage(), 0..4),
        peer in any::<[u8; 16]>(),
        count in 1..6_u8,
    ) {
        for header in ["x-forwarded-for", "forwarded", "cf-connecting-ip"] {
            let headers = lines(header, &values);
            let from_outside = proxies(header).client(IpAddr::from(peer), &headers);
            prop_assert!(is_proxy(IpAddr::from(peer)) || from_outside == IpAddr::from(peer).to_canonical());
            let _ = proxies(header).client(ip(PEER), &headers);
            let _ = TrustedProxies::parse("hops:1", header).map(|proxies| proxies.client(ip(PEER), &headers));
            let _ = hops(count, ForwardedHeader::Forwarded).client(ip(PEER), &headers);
        }
    }

    #[test]
    fn no_setting_is_too_much(list in "[0-9a-f:./, hops]{0,40}", header in ".{0,20}") {
        let _ = TrustedProxies::parse(&list, &header).map_err(|error| assert!(!error.to_string().is_empty()));
    }

    #[test]
    fn addresses_read_back(bytes in any::<[u8; 16]>(), short in any::<[u8; 4]>(), port in any::<u16>()) {
        for address in [IpAddr::from(bytes), IpAddr::from(short)] {
            let with_port = core::net::SocketAddr::new(address, port).to_string();
            prop_assert_eq!(node::address(address.to_string().as_bytes()), Some(address.to_canonical()));
            prop_assert_eq!(node::address(with_port.as_bytes()), Some(address.to_canonical()));
        }
    }
}
