//! The sources that open a page to others.

use crate::lower::known_options::CSP_REASON;

/// The directives by which code comes into a page. `auth-runtime/src/policy/csp.rs` has the same list. Its lists of
/// sources also have `http:`, which the attribute does not accept.
const CODE: &[&str] = &[
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "object-src",
    "worker-src",
    "child-src",
    "base-uri",
];
const CODE_FROM_ANYWHERE: &[&str] = &["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:", "blob:"];
const ANYWHERE: &[&str] = &["*", "https:"];

/// What a source opens.
pub(super) struct Opening {
    pub(super) what: &'static str,
    /// A reason that a user might have.
    pub(super) reason: &'static str,
}

const TO_CODE: Opening = Opening { what: "lets injected code run", reason: CSP_REASON };
const TO_FRAMES: Opening =
    Opening { what: "lets every page show this one in a frame", reason: "because = \"shops on any site embed it\"" };

/// Returns what a source opens, or `None` if it needs no reason.
pub(super) fn opened(directive: &str, source: &str) -> Option<Opening> {
    if CODE.contains(&directive) && CODE_FROM_ANYWHERE.contains(&source) {
        Some(TO_CODE)
    } else if directive == "frame-ancestors" && ANYWHERE.contains(&source) {
        Some(TO_FRAMES)
    } else {
        None
    }
}
