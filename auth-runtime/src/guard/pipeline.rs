use axum::http::request::Parts;

use crate::{
    auth::Auth,
    authn::CrossSiteCheck,
    identity::Identity,
    policy::{Access, HasPolicy, Policy, Protection},
};

use super::{
    Rejection, RunChecks, event, extract, interpreter,
    limits::{self, Limits},
};

/// The way of a request through its policy, written once:
/// address-keyed and global limits → credential → whether another site sent it → identity → identity-keyed limits → rule and checks.
pub(super) async fn admit<S, P>(auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), Rejection>
where
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    let policy: &'static Policy = const { &P::POLICY };
    let outcome = decide::<S, P>(policy, auth, parts, state).await;
    event::decision(policy.handler(), auth, parts, outcome.as_ref().err());
    outcome
}

async fn decide<S, P>(policy: &'static Policy, auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), Rejection>
where
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    limits::before_identity(Limits::<P>::ALL, policy, auth, parts).await?;
    match policy.access() {
        Access::Public { .. } => Ok(()),
        Access::Protected(protection) => {
            let caller = extract::guarded(auth, parts, check(protection)).await?;
            accept_credential(protection, auth, &caller)?;
            limits::after_identity(Limits::<P>::ALL, policy, auth, parts, &caller).await?;
            interpreter::enforce::<S, P::Checks>(protection.rule(), &caller, parts, state).await
        }
    }
}

fn check(protection: &Protection) -> CrossSiteCheck {
    match protection.csrf_exemption() {
        Some(_) => CrossSiteCheck::Exempt,
        None => CrossSiteCheck::Enforced,
    }
}

fn accept_credential(protection: &Protection, auth: &Auth, caller: &Identity) -> Result<(), Rejection> {
    if !protection.via().accepts(caller.kind()) {
        return Err(Rejection::WrongKind);
    }
    protection.fresh().map_or(Ok(()), |max_age| is_fresh(auth, caller, max_age))
}

/// Whether the caller signed in at most so many seconds ago.
pub(crate) fn is_fresh(auth: &Auth, caller: &Identity, max_age: u32) -> Result<(), Rejection> {
    let age = caller.auth_time().map(|login| auth.clock().unix().seconds_since(login));
    match age {
        Some(age) if (-CLOCK_SKEW_SECONDS..=i64::from(max_age)).contains(&age) => Ok(()),
        _ => Err(Rejection::StaleLogin { max_age }),
    }
}

/// A login may lie this far in the future, in seconds, when the clocks of two machines differ.
const CLOCK_SKEW_SECONDS: i64 = 60;
