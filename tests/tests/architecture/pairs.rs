//! Facts that both crates know, each in a list of its own: a macro cannot import the runtime, nor export a function.

#[path = "../../../auth-macros/src/lower/csp/opening.rs"]
#[expect(dead_code, reason = "the words of the compile error are not compared")]
mod opening;
#[path = "../../../auth-macros/src/lower/size/units.rs"]
mod units;

use std::panic::catch_unwind;

use auth_runtime::{
    Guard, GuardedRouter, HasPolicy, Policy,
    policy::{CspDirective, CspOverride},
    routing::post,
    upload::{FileFamily, FileType},
};
use axum::body::Bytes;

const DIRECTIVES: [&str; 19] = [
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "font-src",
    "connect-src",
    "media-src",
    "object-src",
    "frame-src",
    "child-src",
    "worker-src",
    "manifest-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
];

/// Sources that the attribute accepts. It refuses `http:` and `https://*`, which need a reason in a policy by hand.
const SOURCES: [&str; 22] = [
    "'self'",
    "'nonce'",
    "'strict-dynamic'",
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'wasm-unsafe-eval'",
    "'unsafe-hashes'",
    "'report-sample'",
    "'inline-speculation-rules'",
    "'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='",
    "*",
    "https:",
    "wss:",
    "data:",
    "blob:",
    "mediastream:",
    "filesystem:",
    "https://cdn.example.com",
    "https://cdn.example.com:*/x/",
    "*.example.com",
    "https://*.example.com",
    "http://localhost:3000",
];

#[test]
fn a_source_needs_a_reason_in_an_attribute_where_it_does_in_a_policy() {
    let mut open = 0;
    for name in DIRECTIVES {
        for source in SOURCES {
            let sources: &'static [&'static str] = Vec::leak(vec![source]);
            let directives: &'static [CspDirective] = Vec::leak(vec![CspDirective::new(name, sources)]);
            let csp: &'static CspOverride = Box::leak(Box::new(CspOverride::new(directives)));
            let in_a_policy = catch_unwind(|| Policy::public("x").with_csp(csp)).is_err();
            let in_an_attribute = opening::opened(name, source).is_some();
            assert_eq!(in_an_attribute, in_a_policy, "{name} {source}");
            open += usize::from(in_a_policy);
        }
    }
    assert_eq!(open, 8 * 6 + 2, "the openings were not compared");
}

struct OfSize<const BYTES: u64>;

impl<const BYTES: u64> HasPolicy for OfSize<BYTES> {
    const POLICY: Policy = Policy::public("of_size").with_max_body_bytes(BYTES);
    type Checks = ();
}

async fn handler<const BYTES: u64>(_: Guard<OfSize<BYTES>>, _: Bytes) {}

/// The size in a help is the matrix's size after it was typed.
#[test]
fn a_help_writes_a_size_as_the_matrix_does() {
    macro_rules! compare {
        ($($bytes:literal)*) => {$(
            let matrix = GuardedRouter::<auth_runtime::Auth>::new().route("/", post(handler::<$bytes>)).access_matrix();
            let bytes: u64 = $bytes;
            assert_eq!(matrix.rows()[0].body, units::text(bytes), "{bytes}");
        )*};
    }
    compare!(1 10 999 1_000 1_023 1_024 1_500 2_000 2_048 64_000 65_536 1_000_000 1_048_576 1_536_000 2_097_152);
    compare!(20_971_520 1_000_000_000 1_024_000_000 1_073_741_824 5_000_000_000 1_099_511_627_776);
    compare!(1_000_000_000_000 1_024_000 1_000_001 0xFFFF_FFFF_FFFF_FFFF);
}

/// The derive of upload policies writes the variants by their names.
#[test]
fn the_types_of_a_derived_upload_policy_are_all_types_of_the_runtime() {
    let source = auth_tests::read(&auth_tests::root().join("auth-macros/src/upload/types.rs"));
    let list = source.split_once("const TYPES").unwrap().1.split_once("];").unwrap().0;
    let listed: Vec<_> = list.lines().filter_map(|line| line.trim().strip_prefix('(')).collect();
    let family = |file_type: FileType| match file_type.family() {
        FileFamily::Image => "Image",
        FileFamily::Archive => "Archive",
        _ => "Other",
    };
    let line = |of: &FileType| format!("\"{}\", \"{of:?}\", Family::{}),", of.media_type(), family(*of));
    assert_eq!(listed, FileType::ALL.iter().map(line).collect::<Vec<_>>());
}
