use axum::http::request::Parts;

use crate::auth::Auth;

use super::{Check, CheckRejection, GuardRejection};

/// The checks of a policy, addressed by index: `()`, or the first check and the rest.
pub trait RunChecks<S> {
    /// The number of checks. A rule that names a check beyond this number refuses every caller.
    const COUNT: usize;

    /// Whether the guard asks other policies before its own.
    const HAS_POLICIES: bool = false;

    /// Takes the request through these other policies.
    fn ask_policies(
        _auth: &Auth,
        _parts: &mut Parts,
        _state: &S,
    ) -> impl Future<Output = Result<(), GuardRejection>> + Send {
        core::future::ready(Ok(()))
    }

    /// Runs the check at `index`. An index out of range refuses the caller.
    fn run(index: usize, parts: &mut Parts, state: &S) -> impl Future<Output = Result<bool, CheckRejection>> + Send;
}

impl<S: Sync> RunChecks<S> for () {
    const COUNT: usize = 0;

    async fn run(_index: usize, _parts: &mut Parts, _state: &S) -> Result<bool, CheckRejection> {
        Ok(false)
    }
}

impl<S: Sync, First: Check<S>, Rest: RunChecks<S>> RunChecks<S> for (First, Rest) {
    const COUNT: usize = Rest::COUNT.saturating_add(1);

    async fn run(index: usize, parts: &mut Parts, state: &S) -> Result<bool, CheckRejection> {
        match index.checked_sub(1) {
            None => First::run(parts, state).await,
            Some(next) => Rest::run(next, parts, state).await,
        }
    }
}
