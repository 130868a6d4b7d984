use core::marker::PhantomData;

use axum::http::request::Parts;

use crate::{auth::Auth, policy::HasPolicy};

use super::{CheckRejection, GuardRejection, RunChecks, guard::admit};

/// The checks of a handler that names other policies, as `#[authorize(policy(CanEdit))]` does. The guard asks these
/// policies first, one after the other, in the same way as those of routers.
#[derive(Debug)]
pub struct Beside<Policies, Checks>(PhantomData<fn() -> (Policies, Checks)>);

impl<S, Policies, Checks> RunChecks<S> for Beside<Policies, Checks>
where
    S: Sync,
    Policies: AskPolicies<S>,
    Checks: RunChecks<S>,
{
    const COUNT: usize = Checks::COUNT;
    const HAS_POLICIES: bool = true;

    async fn run(index: usize, parts: &mut Parts, state: &S) -> Result<bool, CheckRejection> {
        Checks::run(index, parts, state).await
    }

    async fn ask_policies(auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), GuardRejection> {
        Policies::ask(auth, parts, state).await
    }
}

/// Policies that all must hold: `()` for no policy, else `(First, (Second, ()))`.
pub trait AskPolicies<S> {
    /// Takes the request through each of the policies, until one refuses it.
    fn ask(auth: &Auth, parts: &mut Parts, state: &S) -> impl Future<Output = Result<(), GuardRejection>> + Send;
}

impl<S: Sync> AskPolicies<S> for () {
    async fn ask(_: &Auth, _: &mut Parts, _: &S) -> Result<(), GuardRejection> {
        Ok(())
    }
}

impl<S, P, Rest> AskPolicies<S> for (P, Rest)
where
    S: Sync,
    P: HasPolicy<Checks: RunChecks<S>>,
    Rest: AskPolicies<S>,
{
    async fn ask(auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), GuardRejection> {
        // In a box, because a policy may name policies of its own, and the future of the handler stays small.
        Box::pin(admit::<S, P>(auth, parts, state)).await?;
        Rest::ask(auth, parts, state).await
    }
}
