use core::{fmt, marker::PhantomData};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAuth},
    policy::HasPolicy,
};

use super::{
    GuardRejection, RunChecks,
    bypass::{Decision, decided},
    pipeline,
};

/// The first argument of a guarded handler: a proof that the policy `P` admitted the request.
///
/// The attributes insert it. Written by hand, it looks like this:
///
/// ```
/// use auth_runtime::{Guard, HasPolicy, Policy};
///
/// struct Ping;
/// impl HasPolicy for Ping {
///     const POLICY: Policy = Policy::protected("ping");
///     type Checks = ();
/// }
///
/// async fn ping(_: Guard<Ping>) -> &'static str {
///     "pong"
/// }
/// ```
pub struct Guard<P>(PhantomData<fn() -> P>);

impl<P> fmt::Debug for Guard<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

/// Takes a request through the policies that `P` names, and through `P`.
pub(crate) async fn admit<S, P>(auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), GuardRejection>
where
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    if P::Checks::HAS_POLICIES {
        P::Checks::ask_policies(auth, parts, state).await?;
    }
    let admitted = pipeline::admit::<S, P>(auth, parts, state).await;
    admitted.map_err(|rejection| GuardRejection::of_policy(rejection, const { &P::POLICY }, auth, parts))
}

impl<S, P> FromRequestParts<S> for Guard<P>
where
    S: HasAuth + Send + Sync,
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        match admit::<S, P>(&auth, parts, state).await {
            Ok(()) => {
                decided::<P>(Decision::Admitted);
                Ok(Self(PhantomData))
            }
            Err(rejection) => {
                decided::<P>(Decision::Refused);
                Err(rejection)
            }
        }
    }
}
