//! The sources that open a page to others.

/// The directives by which code comes into a page. `auth-runtime/src/policy/csp.rs` has the same list. Its lists of
/// sources also have `http:`, which the attribute does not accept. `tests/tests/architecture/pairs.rs` reads this file
/// and compares both, so it imports nothing.
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
pub(super) enum Opening {
    Code,
    Frames,
}

impl Opening {
    pub(super) const fn what(&self) -> &'static str {
        match self {
            Self::Code => "lets injected code run",
            Self::Frames => "lets every page show this one in a frame",
        }
    }
}

/// Returns what a source opens, or `None` if it needs no reason.
pub(super) fn opened(directive: &str, source: &str) -> Option<Opening> {
    if CODE.contains(&directive) && CODE_FROM_ANYWHERE.contains(&source) {
        Some(Opening::Code)
    } else if directive == "frame-ancestors" && ANYWHERE.contains(&source) {
        Some(Opening::Frames)
    } else {
        None
    }
}
