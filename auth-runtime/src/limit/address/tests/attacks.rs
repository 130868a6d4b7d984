use super::*;

/// Header lines and the expected client, behind proxies in `10.0.0.0/8` and `fd00::/8`.
type Case = (&'static [&'static str], &'static str);

fn check(header: &str, cases: &[Case]) {
    let proxies = proxies(header);
    for (values, client) in cases {
        assert_eq!(proxies.client(ip(PEER), &lines(header, values)), ip(client), "{header}: {values:?}");
    }
}

#[test]
fn x_forwarded_for() {
    check(
        "x-forwarded-for",
        &[
            (&[], PEER),
            (&["203.0.113.7"], "203.0.113.7"),
            (&["203.0.113.7, 10.0.0.3, 10.0.0.2"], "203.0.113.7"),
            // A client puts addresses in front.
            (&["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
            (&["10.0.0.9, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
            (&["1.1.1.1,,,,garbage, 203.0.113.7"], "203.0.113.7"),
            (&["\", 203.0.113.7"], "203.0.113.7"),
            // Lines count in their order.
            (&["1.1.1.1", "203.0.113.7", "10.0.0.2"], "203.0.113.7"),
            (&["203.0.113.7, 10.0.0.3", "10.0.0.2"], "203.0.113.7"),
            // Ports, brackets, mapped addresses, space.
            (&["203.0.113.7:4711"], "203.0.113.7"),
            (&["[2001:db8::7]:4711"], "2001:db8::7"),
            (&["[2001:db8::7]"], "2001:db8::7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["::ffff:203.0.113.7"], "203.0.113.7"),
            (&["203.0.113.7, ::ffff:10.0.0.2"], "203.0.113.7"),
            (&["203.0.113.7, [fd00::2]:80"], "203.0.113.7"),
            (&["\t 203.0.113.7\t,10.0.0.2 "], "203.0.113.7"),
            // All addresses are proxies: the caller is one of the service's own machines.
            (&["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ],
    );
}

#[test]
fn unreadable_entries_end_the_chain_at_the_nearest_proxy() {
    let unreadable = [
        "",
        " ",
        "garbage",
        "unknown",
        "_hidden",
        "203.0.113",
        "203.0.113.256",
        "203.0.113.07",
        "0x7f.1",
        "2130706433",
        "203.0.113.7:",
        "203.0.113.7:port",
        "203.0.113.7:123456",
        "203.0.113.7:80:80",
        "[203.0.113.7]",
        "[2001:db8::7",
        "2001:db8::7]",
        "[2001:db8::7]80",
        "[2001:db8::7]:",
        "[]",
        "[",
        "]",
        ":",
        "fe80::1%eth0",
        "[fe80::1%1]:80",
        "fe80::1%1",
        "203.0.113.7 203.0.113.8",
        "203.0.113.7;203.0.113.8",
        "203.0.113.0/24",
        "\"203.0.113.7\"",
        "for=203.0.113.7",
        "localhost",
    ];
    let proxies = proxies("x-forwarded-for");
    for element in unreadable {
        for (chain, nearest) in [(element.to_owned(), PEER), (format!("1.1.1.1, {element}, 10.0.0.2"), "10.0.0.2")] {
            let client = proxies.client(ip(PEER), &lines("x-forwarded-for", &[&chain]));
            assert_eq!(client, ip(nearest), "{chain}");
        }
    }
    let bytes = lines("x-forwarded-for", &[b"1.1.1.1, \xff\xfe, 10.0.0.2"]);
    assert_eq!(proxies.client(ip(PEER), &bytes), ip("10.0.0.2"));
    let empty_line = lines("x-forwarded-for", &["203.0.113.7", "", "10.0.0.2"]);
    assert_eq!(proxies.client(ip(PEER), &empty_line), ip("10.0.0.2"));
}

#[test]
fn forwarded() {
    check(
        "forwarded",
        &[
            (&[], PEER),
            (&["for=203.0.113.7"], "203.0.113.7"),
            (&["For=203.0.113.7;proto=https;by=10.0.0.1"], "203.0.113.7"),
            (&["proto=https; FOR=\"203.0.113.7:4711\" ;host=\"a,b;for=1.1.1.1\""], "203.0.113.7"),
            (&["for=\"[2001:db8::7]:4711\""], "2001:db8::7"),
            (&["for=\"[2001:db8::7]:_port\""], "2001:db8::7"),
            (&["for=203.0.113.7, for=\"[fd00::2]\"", "for=10.0.0.2;;"], "203.0.113.7"),
            // A client puts elements in front, including quotation marks that would swallow the rest.
            (&["for=1.1.1.1, for=203.0.113.7"], "203.0.113.7"),
            (&["for=\"1.1.1.1, for=203.0.113.7"], "203.0.113.7"),
            (&["for=1.1.1.1;host=\"x, for=203.0.113.7, for=10.0.0.2"], "203.0.113.7"),
            (&["for=1.1.1.1;host=\"x\\, for=203.0.113.7;host=\"y\""], "203.0.113.7"),
            (&["for=\"1.1.1.1", "for=203.0.113.7"], "203.0.113.7"),
            (&["for=10.0.0.9, for=203.0.113.7;host=\"a\\\"b, for=1.1.1.1\""], "203.0.113.7"),
            (&["for=1.1.1.1, for=203.0.113.7;host=\"\\\\\""], "203.0.113.7"),
            // Unreadable elements.
            (&["for=203.0.113.7, for=unknown"], PEER),
            (&["for=203.0.113.7, for=_hidden, for=10.0.0.2"], "10.0.0.2"),
            (&["for=203.0.113.7, proto=https"], PEER),
            (&["for=203.0.113.7,"], PEER),
            (&["203.0.113.7"], PEER),
            (&["for=203.0.113.7;for=1.1.1.1"], PEER),
            (&["for=203.0.113.7;for"], PEER),
            (&["for =203.0.113.7"], PEER),
            (&["for= "], PEER),
            (&["for=\"\""], PEER),
            (&["for=\"203.0.113.7"], PEER),
            (&["for=\"203.0.113.7\"x"], PEER),
            (&["for=\"203.0.113.7\\\""], PEER),
            (&["for=\"fe80::1%eth0\""], PEER),
            (&["=203.0.113.7;for=203.0.113.7"], PEER),
        ],
    );
}

#[test]
fn a_vendor_header_has_one_address() {
    check(
        "cf-connecting-ip",
        &[
            (&[], PEER),
            (&["203.0.113.7"], "203.0.113.7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["10.0.0.9"], "10.0.0.9"),
            (&["1.1.1.1, 203.0.113.7"], PEER),
            (&["1.1.1.1", "203.0.113.7"], PEER),
            (&["203.0.113.7", "203.0.113.7"], PEER),
            (&[""], PEER),
            (&["unknown"], PEER),
        ],
    );
}

#[test]
fn headers_of_anyone_but_a_trusted_proxy_mean_nothing() {
    for header in ["x-forwarded-for", "forwarded", "cf-connecting-ip"] {
        let headers = lines(header, &[if header == "forwarded" { "for=1.1.1.1" } else { "1.1.1.1" }]);
        assert_eq!(proxies(header).client(ip(PEER), &headers), ip("1.1.1.1"));
        assert_eq!(proxies(header).client(ip("::ffff:10.0.0.1"), &headers), ip("1.1.1.1"));
        for peer in ["203.0.113.7", "2001:db8::1", "::ffff:203.0.113.7", "::10.0.0.1"] {
            assert_eq!(proxies(header).client(ip(peer), &headers), ip(peer).to_canonical());
        }
        assert_eq!(TrustedProxies::none().client(ip("::ffff:10.0.0.1"), &headers), ip(PEER));
    }
    let other = lines("x-real-ip", &["1.1.1.1"]);
    assert_eq!(proxies("x-forwarded-for").client(ip(PEER), &other), ip(PEER));
}

#[test]
fn hops_count_proxies_from_the_right() {
    let cases: [(u8, &[&str], &str); 9] = [
        (1, &[], PEER),
        (1, &["203.0.113.7"], "203.0.113.7"),
        (1, &["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
        (2, &["1.1.1.1, 203.0.113.7, 198.51.100.1"], "203.0.113.7"),
        (2, &["1.1.1.1, 203.0.113.7", "198.51.100.1"], "203.0.113.7"),
        (2, &["203.0.113.7"], "203.0.113.7"),
        (2, &["1.1.1.1, , 198.51.100.1"], "198.51.100.1"),
        (2, &["1.1.1.1, unknown"], PEER),
        (255, &["203.0.113.7, 198.51.100.1"], "203.0.113.7"),
    ];
    for (count, values, client) in cases {
        let proxies = hops(count, ForwardedHeader::XForwardedFor);
        assert_eq!(proxies.client(ip(PEER), &lines("x-forwarded-for", values)), ip(client), "{count}: {values:?}");
    }
}

/// Doubles the size of the header. The time should about double; a quadratic reader would need minutes for these.
#[test]
fn huge_headers_cost_no_more_than_their_length() {
    const SIZE: usize = 64 * 1024;
    let patterns = [
        "10.0.0.2,",
        ",",
        "\"",
        "\\",
        "\"\\",
        "\",",
        "for=",
        "for=10.0.0.2,",
        "a=\"\\\"\",",
        ";",
        "a=b;",
        "[",
        "1",
        ":",
    ];
    let started = std::time::Instant::now();
    for pattern in patterns {
        let huge = pattern.repeat(SIZE / pattern.len());
        for header in ["x-forwarded-for", "forwarded", "cf-connecting-ip"] {
            let tail = if header == "forwarded" { "for=10.0.0.2" } else { "10.0.0.2" };
            for values in [vec![huge.clone()], vec![huge.clone(), tail.to_owned()], vec![format!("{huge},{tail}")]] {
                let client = proxies(header).client(ip(PEER), &lines(header, &values));
                assert!(client == ip(PEER) || client == ip("10.0.0.2"), "{header}: {pattern}");
            }
        }
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
