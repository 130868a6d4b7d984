use super::*;
use crate::policy::Policy;

fn is_refused<T>(build: impl FnOnce() -> T + std::panic::UnwindSafe) -> bool {
    std::panic::catch_unwind(build).is_err()
}

#[test]
fn texts_are_compared_whole() {
    for (one, other, same) in [("", "", true), ("a", "a", true), ("a", "ab", false), ("ab", "a", false)] {
        assert_eq!(is_same(one, other), same, "{one} {other}");
    }
    assert!(is_same("img-src", "img-src") && !is_same("img-src", "img-srd"));
}

/// A source that could end its directive would add another one, and a line break another field.
#[test]
fn no_source_adds_a_directive_or_a_field() {
    for bad in ["", "a b", "a;script-src *", "a,b", "a\r\nset-cookie:x", "a\tb", "m\u{fc}n"] {
        let list: &'static [&'static str] = Vec::leak(vec![bad]);
        assert!(is_refused(|| CspDirective::new("img-src", list)), "{bad:?}");
    }
    assert!(!is_refused(|| CspDirective::new("img-src", &["'self'", "https://a.example:8443/x/", "*"])));
}

/// Everyone who visits the page once would know a fixed nonce.
#[test]
fn no_nonce_is_fixed() {
    assert!(is_refused(|| CspDirective::new("script-src", &["'self'", "'nonce-r4nd0m'"])));
    assert!(is_refused(|| CspDirective::new("script-src", &["'NONCE-r4nd0m'"])));
    assert!(!is_refused(|| CspDirective::new("script-src", &["'self'", CspDirective::NONCE])));
}

#[test]
fn only_directives_of_one_page_have_a_name() {
    for bad in ["", "IMG-SRC", "img_src", "report-uri", "plugin-types", "img-src *; script-src"] {
        let name: &'static str = bad;
        assert!(is_refused(|| CspDirective::new(name, &[])), "{bad:?}");
    }
    for good in DIRECTIVES {
        assert!(!is_refused(|| CspDirective::new(good, &[])), "{good}");
    }
}

#[test]
fn a_directive_is_given_once() {
    const IMAGES: CspDirective = CspDirective::new("img-src", &[]);
    const FONTS: CspDirective = CspDirective::new("font-src", &[]);
    assert!(is_refused(|| CspOverride::new(&[])));
    assert!(is_refused(|| CspOverride::new(&[IMAGES, FONTS, IMAGES])));
    assert!(!is_refused(|| CspOverride::new(&[IMAGES, FONTS])));
}

#[test]
fn an_opening_says_why() {
    const OPEN: &[(&str, &[&str])] = &[
        ("script-src", &["'self'", "'unsafe-inline'"]),
        ("script-src-elem", &["https:"]),
        ("default-src", &["'unsafe-eval'"]),
        ("object-src", &["*"]),
        ("script-src", &["'Unsafe-Inline'"]),
        ("script-src", &["DATA:"]),
        ("frame-ancestors", &["HTTPS:"]),
        ("worker-src", &["blob:"]),
        ("base-uri", &["*"]),
        ("script-src", &["https://*:443"]),
        ("script-src", &["*:*"]),
        ("frame-ancestors", &["*"]),
    ];
    for (name, sources) in OPEN {
        let list: &'static [CspDirective] = Vec::leak(vec![CspDirective::new(name, sources)]);
        let bare: &'static CspOverride = Box::leak(Box::new(CspOverride::new(list)));
        assert!(is_refused(|| Policy::public("x").with_csp(bare)), "{name}");
        let explained: &'static CspOverride = Box::leak(Box::new(bare.with_reason("the charts need it")));
        assert_eq!(Policy::public("x").with_csp(explained).csp(), Some(explained));
        assert!(is_refused(|| bare.with_reason(" ")));
    }
    const CLOSED: &CspOverride = &CspOverride::new(&[
        CspDirective::new("img-src", &["*", "data:"]),
        CspDirective::new("style-src", &["'unsafe-inline'"]),
        CspDirective::new("script-src", &["'self'", "https://cdn.example:*", "*.a.example", "https://*.b.example"]),
        CspDirective::new("frame-ancestors", &["https://partner.example"]),
    ]);
    assert!(!is_refused(|| Policy::public("x").with_csp(CLOSED)));
}
