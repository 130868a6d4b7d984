//! The guard: the one place where a request meets a policy.
//!
//! [`Guard<P>`] is the first argument of every handler that declares a policy. It is an extractor of request parts, so
//! who may call and how often is decided before the body is read.

mod address;
pub(crate) mod beside;
mod body_bounds;
mod bypass;
pub(crate) mod check;
mod content_policy;
mod cross_site_problem;
mod csrf;
mod csrf_form;
mod current_user;
mod dead_cookie;
mod event;
mod exemption;
mod glimpse;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod guard;
mod guard_rejection;
mod identify;
mod interpreter;
mod limit_stages;
mod limits;
mod login_age;
mod outcome;
mod outcomes;
mod path;
mod pending_error;
mod pipeline;
pub(crate) mod probe;
pub(crate) mod refused;
mod rejection;
mod run_checks;
mod satisfies;
mod who;

pub use crate::guard::guard_rejection::GuardRejection;
pub(crate) use address::client_address;
pub(crate) use bypass::{Enforced, Proven};
pub use check::{Check, CheckOutcome, CheckRejection};
pub use csrf::CsrfToken;
#[cfg(feature = "validation")]
pub(crate) use csrf_form::without_token;
pub use csrf_form::{CsrfForm, CsrfFormRejection};
pub use current_user::{CurrentUser, SuperUser};
pub(crate) use dead_cookie::DeadCookie;
pub(crate) use exemption::Exemption;
#[cfg(feature = "web")]
pub(crate) use glimpse::text as beginning;
pub use guard::Guard;
pub(crate) use guard::admit;
pub(crate) use identify::refuse;
pub(crate) use login_age::is_fresh;
pub use outcome::Outcome;
pub use outcomes::{Outcomes, OutcomesFuture, OutcomesService};
pub(crate) use rejection::Explained;
pub use rejection::Rejection;
#[doc(hidden)]
pub use run_checks::RunChecks;
