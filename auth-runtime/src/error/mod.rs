//! Errors and refusals, as clients, operators and developers see them.
//!
//! The crate has five words for "no", and each is for one reader:
//!
//! | word | for | examples |
//! |---|---|---|
//! | `…Error` | the developer who calls a function | [`StoreError`], `KeyError`, `ParseRoleError` |
//! | `…Rejection` | code that refuses callers | `Rejection`, `GuardRejection`, `CheckRejection`, `LimitRejection` |
//! | [`Problem`] | the client: the document on the wire (RFC 9457) | the answers of the endpoints |
//! | [`Failure`] | the author of a handler: any error, sent as a [`Problem`] without internals | errors of handlers |
//! | `…Fault` | the operator: a mistake in the settings, found at start-up | `Faults`, `KeyFault`, `SettingFault` |
//!
//! Names of standards and of the attributes' syntax stay as they are: `OAuthError` (RFC 6749), `on_outage`,
//! `assert_denied!`.

mod catch_panics;
mod causes;
mod challenge;
mod document;
mod event;
mod failure;
#[cfg(feature = "web")]
mod identified;
mod one_line;
mod problem;
mod request_id;
mod rewrite;
mod sent_problem;
mod store;

pub use catch_panics::{CatchPanics, CatchPanicsFuture, CatchPanicsService};
pub(crate) use causes::with_causes;
pub use challenge::{Challenge, ChallengeError};
pub(crate) use document::{
    Document, INTERNAL, QUOTA_EXCEEDED, RetryAfter, UNAVAILABLE, UNAVAILABLE_RETRY_SECONDS, fixed,
};
pub use failure::Failure;
#[cfg(feature = "web")]
pub(crate) use identified::IdentifiedService;
pub(crate) use one_line::on_one_line;
pub use problem::{FieldError, Problem};
#[cfg(feature = "web")]
pub(crate) use request_id::MOST_LETTERS;
pub use rewrite::{RewriteProblems, RewriteProblemsService};
pub use sent_problem::{SentFieldError, SentProblem};
pub(crate) use store::Extent;
pub use store::StoreError;
