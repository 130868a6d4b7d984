use axum::http::request::Parts;

use crate::{
    body::{self, Unbounded},
    policy::Policy,
};

use super::Rejection;

/// Writes the policy's bounds for the body of an admitted request.
///
/// # Errors
/// Returns a [`Rejection`] when the request announces a longer body, and when no layer enforces the bounds. A handler
/// without the bounds that its policy states must not run.
pub(super) fn write(policy: &'static Policy, parts: &mut Parts) -> Result<(), Rejection> {
    body::write(policy, parts).map_err(|unbounded| match unbounded {
        Unbounded::TooLarge => Rejection::BodyTooLarge,
        Unbounded::Unwatched => Rejection::Misconfigured(
            "the bounds of `#[body]` are not enforced here: route the handler on a `GuardedRouter`, or call \
            `.layer(auth.layer())` on the `axum::Router`",
        ),
    })
}
