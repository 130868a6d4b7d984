use super::{
    super::{TrustedProxiesFault as Fault, TrustedProxiesFault::*},
    *,
};

fn faults(list: &str, header: &str) -> Vec<Fault> {
    TrustedProxies::parse(list, header).unwrap_err().iter().cloned().collect()
}

#[test]
fn lists_of_networks_and_addresses() {
    let expected = ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32", "2001:db8::1/128"].map(|text| text.parse().unwrap());
    let parsed = TrustedProxies::parse(" 10.0.0.0/8,192.0.2.1 ,2001:db8::/32,2001:db8::1", "X-Forwarded-For");
    assert_eq!(parsed, Ok(TrustedProxies::networks(expected, ForwardedHeader::XForwardedFor)));
}

#[test]
fn counts_of_hops() {
    for (text, count) in [("hops:1", 1), (" hops: 2 ", 2), ("hops:255", 255)] {
        assert_eq!(TrustedProxies::parse(text, "forwarded"), Ok(hops(count, ForwardedHeader::Forwarded)));
    }
}

#[test]
fn headers_by_name_in_any_case() {
    let vendor = ForwardedHeader::Vendor("cf-connecting-ip".parse().unwrap());
    let cases = [
        ("x-FORWARDED-for", ForwardedHeader::XForwardedFor),
        (" Forwarded ", ForwardedHeader::Forwarded),
        ("CF-Connecting-IP", vendor),
    ];
    for (name, header) in cases {
        assert_eq!(TrustedProxies::parse("hops:1", name), Ok(hops(1, header)));
    }
}

#[test]
fn ipv4_networks_mapped_into_ipv6_are_ipv4_networks() {
    let mapped = TrustedProxies::parse("::ffff:10.0.0.0/104, ::ffff:192.0.2.1", "forwarded");
    assert_eq!(mapped, TrustedProxies::parse("10.0.0.0/8, 192.0.2.1", "forwarded"));
    let everything_mapped = TrustedProxies::parse("::ffff:0.0.0.0/96", "forwarded");
    assert!(everything_mapped.is_err(), "{everything_mapped:?}");
}

#[test]
fn every_fault_is_named_at_once() {
    let network = "10.0.0.0/8".parse().unwrap();
    assert_eq!(
        faults("10.0.0.1/8, nginx, , 10.0.0.0/33, 0.0.0.0/0, ::/0, hops:1", "a header"),
        [
            BitsAfterPrefix { entry: "10.0.0.1/8".to_owned(), network },
            NotANetwork("nginx".to_owned()),
            Empty,
            NotANetwork("10.0.0.0/33".to_owned()),
            Everybody("0.0.0.0/0".to_owned()),
            Everybody("::/0".to_owned()),
            Mixed("hops:1".to_owned()),
            NotAHeader("a header".to_owned()),
        ]
    );
    assert_eq!(faults("", ""), [Empty, NotAHeader(String::new())]);
    assert_eq!(faults("*", "forwarded"), [NotANetwork("*".to_owned())]);
    assert_eq!(faults("hops:1, 10.0.0.1", "forwarded"), [Mixed("hops:1".to_owned())]);
    for count in ["0", "256", "-1", "", "one", "1.5"] {
        assert_eq!(faults(&format!("hops:{count}"), "forwarded"), [NotACount(count.to_owned())]);
    }
}

#[test]
fn faults_say_what_to_write() {
    let error = TrustedProxies::parse("10.0.0.1/8, hops:2", "forwarded").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`10.0.0.1/8` has bits set after its prefix; write `10.0.0.0/8`; \
         `hops:2` stands beside other entries; write only the one or the others"
    );
}
