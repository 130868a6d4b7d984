//! The header fields that tell browsers what a page may do.

mod csp;
mod csp_field;
mod field_values;
mod hsts;
mod nonce;
mod permissions;
mod security_headers;
mod storing;
mod written;

pub use csp::{Csp, CspError, Directive, Source};
pub use field_values::{EmbedderPolicy, OpenerPolicy, ReferrerPolicy, ResourcePolicy};
pub use hsts::Hsts;
pub use nonce::{CspNonce, CspNonceRejection};
pub use permissions::PermissionsPolicy;
pub use security_headers::SecurityHeaders;
