use proptest::prelude::*;
use url::Url;

use super::*;

#[test]
fn paths_of_this_service_are_accepted_as_they_are() {
    for path in [
        "/",
        "/orders",
        "/orders/",
        "/orders/7?page=2&sort=-date",
        "/orders?next=//evil.example",
        "/orders?at=https://evil.example/",
        "/a@b:8080/c",
        "/caf%C3%A9",
        "/search?q=100%25",
        "/100%",
        "/orders#total",
        "/...",
        "/.well-known/x",
        "/javascript:alert(1)",
    ] {
        assert_eq!(OwnPath::parse(path).as_ref().map(OwnPath::as_str), Ok(path));
    }
    let longest = format!("/{}", "a".repeat(MOST_BYTES - 1));
    assert!(OwnPath::parse(&longest).is_ok() && OwnPath::parse(&format!("{longest}a")).is_err());
}

/// The texts by which redirects are commonly misled.
const MISLEADING: [&str; 58] = [
    "",
    " ",
    "orders",
    "?a",
    "#a",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2f..",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\u{0}//evil.example",
    "/ /evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/%250d%250aset-cookie:a",
    "/x?y=%0d%0aset-cookie:a",
    "/%00",
    "/%2f/evil.example",
    "/%2fevil.example",
    "/%2Fevil.example",
    "%2f%2fevil.example",
    "/%252fevil.example",
    "/%25252fevil.example",
    "/%2525252525252fevil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%255cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/../evil",
    "/a/../../evil",
    "/./evil",
    "/%2e/evil",
    "/a/%2e%2e/evil",
    "/a//evil.example",
    "http://evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "HTTPS:\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "@evil.example",
    ".evil.example",
    ":80",
    "/caf\u{e9}",
    "/\u{ff0f}evil.example",
    "/%ff",
];

#[test]
fn texts_that_lead_elsewhere_are_refused() {
    for text in MISLEADING {
        assert_eq!(OwnPath::parse(text), Err(ParseOwnPathError), "{text:?}");
    }
}

fn stays(text: &str) -> bool {
    let base = Url::parse("https://app.example/auth/session").unwrap();
    let reached = base.join(text).unwrap();
    reached.origin() == base.origin() && !reached.path().starts_with("//") && reached.username().is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    /// Browsers read a `Location` by the URL standard, which `url` implements.
    #[test]
    fn no_accepted_text_leaves_the_origin(text in "(/|//|\\\\|%2f|%5c|%25|[.]|[.]{2}|@|:|[?]|#|\t|\n|a|evil[.]example|https:| ){0,8}") {
        if OwnPath::parse(&text).is_ok() {
            prop_assert!(stays(&text), "{text:?}");
            let once = percent_decode_str(&text).decode_utf8().unwrap();
            prop_assert!(stays(&once), "{text:?} decoded");
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,40}") {
        if OwnPath::parse(&text).is_ok() {
            prop_assert!(stays(&text), "{text:?}");
        }
    }
}

#[test]
fn a_path_is_one_value_of_a_query() {
    let path = OwnPath::parse("/a-b_c.d~?x=1&error=no#%20+").unwrap();
    assert_eq!(path.to_query_value(), "/a-b_c.d~%3Fx%3D1%26error%3Dno%23%2520%2B");
}

#[test]
fn a_parameter_goes_to_the_end_of_the_query_and_before_the_fragment() {
    let with = |path: &str| OwnPath::parse(path).unwrap().with_parameter("b", "2");
    assert_eq!(with("/page"), "/page?b=2");
    assert_eq!(with("/page?a=1"), "/page?a=1&b=2");
    assert_eq!(with("/page#top?"), "/page?b=2#top?");
    assert_eq!(with("/page?a=1#top"), "/page?a=1&b=2#top");
}
