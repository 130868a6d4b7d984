//! Errors and refusals, as clients, operators and developers see them.
//!
//! The crate has four words for "no", and each is for one reader:
//!
//! | word | for | examples |
//! |---|---|---|
//! | `…Error` | the developer whose call returns a `Result` | [`StoreError`], `KeyError`, `ParseRoleError` |
//! | `…Rejection` | code that refuses callers | `Rejection`, `GuardRejection`, `CheckRejection`, `LimitRejection` |
//! | [`Problem`] | the client: the document on the wire (RFC 9457) | the answers of the endpoints |
//! | `…Fault` | the operator: a mistake in the settings, found at start-up | `Faults`, `KeyFault`, `SettingFault` |
//!
//! Names of standards and of the attributes' syntax stay as they are: `OAuthError` (RFC 6749), `on_outage`,
//! `assert_denied!`.

mod document;
mod problem;
mod store;

pub(crate) use document::{
    Document, INTERNAL, QUOTA_EXCEEDED, RetryAfter, UNAVAILABLE, UNAVAILABLE_RETRY_SECONDS, fixed,
};
pub use problem::{FieldError, Problem};
pub use store::StoreError;
