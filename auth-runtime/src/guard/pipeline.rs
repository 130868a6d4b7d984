use axum::http::request::Parts;

use crate::{
    auth::Auth,
    authn::CrossSiteCheck,
    identity::Identity,
    policy::{Access, HasPolicy, IssuerName, Policy, Protection, Rule},
};

use super::{
    Exemption, Outcome, Rejection, RunChecks, body_bounds, content_policy, event, identify, interpreter,
    limit_stages::Limits, limits::charge, login_age::is_fresh, outcomes::Slot,
};

/// Takes a request through its policy. This is the only place that defines the order:
///
/// 1. limits by address,
/// 2. the caller, as `authn` finds it:
///    1. the credentials are found,
///    2. if a browser attached one of them, the guard judges whether another site caused the request,
///    3. the token or key is verified,
///    4. the cookie is looked up,
/// 3. kind, issuer and age of the credential,
/// 4. limits by user and API key,
/// 5. roles and scopes,
/// 6. limits that callers share, before or after the checks,
/// 7. checks,
/// 8. the length that the request announces for its body,
/// 9. what the handler changes in the Content Security Policy.
pub(super) async fn admit<S, P>(auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), Rejection>
where
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    let policy: &'static Policy = const { &P::POLICY };
    let is_exempt = cross_site_check(policy) == CrossSiteCheck::Exempt;
    if !is_exempt {
        Exemption::end(&mut parts.extensions);
    }
    let mut outcome = decide::<S, P>(policy, auth, parts, state).await;
    if policy.bounds_body() {
        outcome = outcome.and_then(|()| body_bounds::write(policy, parts));
    }
    outcome = outcome.and_then(|()| content_policy::tell(policy, parts));
    event::decision(policy.handler(), auth, parts, outcome.as_ref().err());
    Slot::note(&parts.extensions, || {
        let (caller, policy) = (Identity::of(&parts.extensions).cloned(), policy.handler());
        match &outcome {
            Ok(()) => Outcome::admitted(caller, policy),
            Err(rejection) => Outcome::refused(caller, policy, rejection.refusal(auth.explains_faults())),
        }
    });
    if is_exempt {
        Exemption::end_unless_of_handler(&mut parts.extensions);
    }
    outcome
}

async fn decide<S, P>(policy: &'static Policy, auth: &Auth, parts: &mut Parts, state: &S) -> Result<(), Rejection>
where
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    if !Limits::<P>::BEFORE_CREDENTIAL.is_empty() {
        charge(Limits::<P>::BEFORE_CREDENTIAL, policy, auth, parts, None).await?;
    }
    match policy.access() {
        Access::Public { .. } => Ok(()),
        Access::Protected(protection) => {
            let caller = identify::guarded(auth, parts, cross_site_check(policy)).await?;
            accept_credential(protection, auth, &caller)?;
            if !Limits::<P>::BY_CALLER.is_empty() {
                charge(Limits::<P>::BY_CALLER, policy, auth, parts, Some(&caller)).await?;
            }
            authorize::<S, P>(policy, protection.rule(), &caller, auth, parts, state).await
        }
    }
}

/// Evaluates the rule, and charges the limits that several callers share. A caller whom roles and scopes refuse charges
/// no shared limit. The compiler knows the empty stages, so they cost nothing.
async fn authorize<S, P>(
    policy: &'static Policy,
    rule: &'static Rule,
    caller: &Identity,
    auth: &Auth,
    parts: &mut Parts,
    state: &S,
) -> Result<(), Rejection>
where
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    let Some(check) = interpreter::first_check::<S, P::Checks>(rule, caller)? else {
        if !Limits::<P>::SHARED.is_empty() {
            charge(Limits::<P>::SHARED, policy, auth, parts, Some(caller)).await?;
        }
        return Ok(());
    };
    if !Limits::<P>::BEFORE_CHECKS.is_empty() {
        charge(Limits::<P>::BEFORE_CHECKS, policy, auth, parts, Some(caller)).await?;
    }
    // Boxed: otherwise it would enlarge the future of every guarded handler, also of those without a check.
    Box::pin(interpreter::run_checks::<S, P::Checks>((policy, rule), check, caller, parts, state)).await?;
    if !Limits::<P>::AFTER_CHECKS.is_empty() {
        charge(Limits::<P>::AFTER_CHECKS, policy, auth, parts, Some(caller)).await?;
    }
    Ok(())
}

fn cross_site_check(policy: &Policy) -> CrossSiteCheck {
    if policy.is_csrf_exempt() { CrossSiteCheck::Exempt } else { CrossSiteCheck::Enforced }
}

fn accept_credential(protection: &Protection, auth: &Auth, caller: &Identity) -> Result<(), Rejection> {
    if !protection.via().accepts(caller.via()) {
        return Err(Rejection::WrongKind);
    }
    if let Some(issuers) = protection.issuers() {
        accept_issuer(issuers, auth, caller)?;
    }
    protection.max_login_age().map_or(Ok(()), |max_age| is_fresh(auth, caller, max_age))
}

/// Refuses callers from issuers that are not in this list. A caller of an issuer without a name is refused, too.
fn accept_issuer(issuers: &'static [IssuerName], auth: &Auth, caller: &Identity) -> Result<(), Rejection> {
    let known = auth.issuers();
    match known.name_of(caller, auth.issuer()) {
        Some(name) if issuers.contains(&name) => Ok(()),
        _ if issuers.iter().all(|name| known.knows(*name)) => Err(Rejection::OtherIssuer),
        _ => Err(Rejection::Misconfigured(
            "`issuer = …` names an issuer that `Auth` does not know: call `.known_issuer(…)` or `.own_issuer_name(…)` on \
            the builder",
        )),
    }
}
