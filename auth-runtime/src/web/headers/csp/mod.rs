//! Content Security Policies (CSP level 3), as values that cannot be malformed.

mod directive;
mod policy;
mod rendered;
mod source;

pub use directive::Directive;
pub use policy::Csp;
pub(super) use policy::Frames;
pub(super) use rendered::Rendered;
pub use source::{CspError, Source};
