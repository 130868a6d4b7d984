use super::*;

fn is_refused(build: fn() -> Policy) -> bool {
    std::panic::catch_unwind(build).is_err()
}

#[test]
fn a_function_is_told_from_what_wraps_it() {
    let policy = Policy::public("app::notes::list");
    for function in ["app::notes::list", "app::notes::list<u8>", "app::notes::main::{{closure}}::list"] {
        assert!(policy.is_of_function(function), "{function}");
    }
    for other in [
        "axum::handler::Layered<L, app::notes::list, T, S>",
        "app::notes::Wrapper<app::notes::list>",
        "app::notes::list::Wrapper",
        "app::notes::list::{{closure}}",
        "app::notes::other_list",
        "app::notes2::list",
        "other::app::notes::list",
        "list",
        "",
    ] {
        assert!(!policy.is_of_function(other), "{other}");
    }
    assert!(!Policy::public("").is_of_function(""));
}

#[test]
fn the_parameters_of_a_type_end_its_name() {
    for (name, expected) in [
        ("app::__list_policy<u8>", "<u8>"),
        ("app::__list_policy<alloc::vec::Vec<u8>, 3>", "<alloc::vec::Vec<u8>, 3>"),
        ("app::<impl app::A<u8>>::f::__list_policy<fn(u8) -> u8>", "<fn(u8) -> u8>"),
        ("<app::A as app::B>::f::__list_policy", ""),
        ("app::__list_policy", ""),
        ("", ""),
    ] {
        assert_eq!(parameters(name), expected, "{name}");
    }
}

#[test]
fn an_exemption_keeps_its_reason() {
    let policy = Policy::protected("x").with_via(Via::SESSION.or(Via::BEARER)).with_csrf_exemption("changes nothing");
    let Access::Protected(protection) = policy.access() else { panic!("{policy:?}") };
    assert_eq!(protection.csrf_exemption(), Some("changes nothing"));
}

#[test]
fn an_exemption_needs_a_reason_and_something_to_exempt() {
    assert!(!is_refused(|| Policy::protected("x").with_csrf_exemption("y")));
    assert!(is_refused(|| Policy::protected("x").with_csrf_exemption("")));
    assert!(is_refused(|| Policy::protected("x").with_csrf_exemption("  ")));
    assert!(!is_refused(|| Policy::public("x").with_reason("y")));
    assert!(is_refused(|| Policy::public("x").with_reason("\t")));
    assert!(is_refused(|| Policy::public("x").with_csrf_exemption("y")));
    assert!(is_refused(|| Policy::protected("x").with_via(Via::BEARER).with_csrf_exemption("y")));
    assert!(is_refused(|| Policy::protected("x").with_csrf_exemption("y").with_via(Via::API_KEY)));
}

#[test]
fn bounds_of_the_body_are_kept_and_admit_some_body() {
    let policy = Policy::public("x").with_max_body_bytes(u64::MAX).with_max_body_time(Duration::from_secs(10));
    assert_eq!(policy.max_body_bytes().map(core::num::NonZero::get), Some(u64::MAX));
    assert_eq!(policy.max_body_time(), Some(Duration::from_secs(10)));
    assert!(policy.bounds_body() && Policy::public("x").with_max_body_bytes(1).bounds_body());
    assert!(Policy::public("x").with_max_body_time(Duration::from_secs(1)).bounds_body());
    assert!(!Policy::public("x").bounds_body());
    assert!(is_refused(|| Policy::public("x").with_max_body_bytes(0)));
    assert!(is_refused(|| Policy::public("x").with_max_body_time(Duration::ZERO)));
    assert!(is_refused(|| Policy::public("x").with_max_body_time(Duration::from_millis(1_500))));
}
