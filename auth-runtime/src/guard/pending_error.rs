use axum::http::{Extensions, request::Parts};

use crate::error::StoreError;

use super::{CheckRejection, Rejection, RunChecks};

/// The outage of a store that an argument of a check has met.
///
/// It stands among the request's extensions, so that the guard finds it even if the argument's rejection is
/// lost.
#[derive(Clone)]
pub(super) struct PendingError(StoreError);

/// Says that a check's arguments are extracted.
#[derive(Clone, Copy)]
struct InCheck;

impl PendingError {
    /// Keeps the outage for the guard where a check's argument is refused. The guard tells the operator of it, with the
    /// policy.
    pub(super) fn is_left_to_the_guard(rejection: &Rejection, extensions: &mut Extensions) -> bool {
        let Rejection::Unavailable(error) = rejection else { return false };
        let is_in_check = extensions.get::<InCheck>().is_some();
        if is_in_check {
            extensions.insert(Self(error.clone()));
        }
        is_in_check
    }
}

/// Runs a check. Also returns the outage that an argument has met.
pub(super) async fn run<S, C: RunChecks<S>>(
    index: usize,
    parts: &mut Parts,
    state: &S,
) -> (Result<bool, CheckRejection>, Option<StoreError>) {
    parts.extensions.insert(InCheck);
    let answer = C::run(index, parts, state).await;
    parts.extensions.remove::<InCheck>();
    (answer, parts.extensions.remove::<PendingError>().map(|PendingError(error)| error))
}
