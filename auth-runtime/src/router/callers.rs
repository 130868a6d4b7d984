//! Compares policies with the callers that the service can have.
//!
//! A policy that no caller can satisfy is a mistake, but opens nothing. It therefore causes an event, not a panic.

use tracing::Level;

use crate::{
    auth::{Auth, WELL_KNOWN},
    policy::{
        Access, Policy, Protection, Rule, Via,
        outcomes::{Callers, can_be},
    },
};

use super::parameters::TARGET;

/// Reports a rule that holds for no caller, or for every caller. The attributes refuse most of them when they are
/// compiled. The others have many roles, or are written by hand.
pub(super) fn tell_of_constant_rule(route: &str, policy: &Policy) {
    let Access::Protected(protection) = policy.access() else { return };
    let rule = protection.rule();
    let error = match rule {
        Rule::Authenticated => return,
        _ if !can_be(rule, true, Callers::Any) => {
            "the rule holds for no caller, so the handler refuses every request: leave out what contradicts the rest"
        }
        _ if !can_be(rule, false, Callers::Any) => {
            "the rule holds for every signed-in caller, so it restricts nothing: correct it, or leave it out"
        }
        _ => return,
    };
    tracing::event!(target: TARGET, Level::WARN, http.route = route, policy = policy.full_name(), error);
}

/// Reports kinds of credential in `via` that `auth` recognises by no means, and a rule that requires roles of callers
/// with credentials that never carry roles.
pub(super) fn tell_of_kinds(route: &str, policy: &Policy, auth: &Auth) {
    let Access::Protected(protection) = policy.access() else { return };
    let (unknown, usable) = (unknown(protection, auth), protection.via().and(auth.kinds()));
    if unknown != Via::NONE {
        let error = if usable == Via::NONE {
            "`via` accepts only credentials that the `Auth` does not recognise, so the handler refuses every caller: \
            sessions and API keys need `.accounts(…)` on the builder, or an issuer of `trust` that has them; \
            others need an `authenticator`"
        } else {
            "`via` accepts a credential that the `Auth` does not recognise: \
            sessions and API keys need `.accounts(…)` on the builder, or an issuer of `trust` that has them; \
            others need an `authenticator`"
        };
        let via = unknown.names().collect::<Vec<_>>().join(", ");
        tracing::event!(target: TARGET, Level::WARN, http.route = route, policy = policy.full_name(), via, error);
    }
    let has_roles = usable.and(auth.kinds_with_roles()) != Via::NONE;
    if usable != Via::NONE && !has_roles && requires_a_role(protection.rule()) {
        let via = usable.names().collect::<Vec<_>>().join(", ");
        let error = "the rule requires a role, and API keys carry none, so the handler refuses every caller: \
            require a scope, or accept another credential";
        tracing::event!(target: TARGET, Level::WARN, http.route = route, policy = policy.full_name(), via, error);
    }
}

/// Returns the kinds that the policy names and `auth` does not recognise. A policy that accepts all kinds names no
/// kind.
fn unknown(protection: &Protection, auth: &Auth) -> Via {
    match protection.via() {
        Via::ANY => Via::NONE,
        via => via.without(auth.kinds()),
    }
}

/// Returns whether the rule can hold, but for no caller without a role.
fn requires_a_role(rule: &Rule) -> bool {
    can_be(rule, true, Callers::Any) && !can_be(rule, true, Callers::WithoutRoles)
}

/// Returns a line for the issuers that the policy names and `auth` does not know.
pub(super) fn unknown_issuers(policy: &Policy, auth: &Auth) -> Option<String> {
    let Access::Protected(protection) = policy.access() else { return None };
    let unknown = protection.issuers()?.iter().filter(|name| !auth.issuers().knows(**name));
    let unknown: Vec<_> = unknown.map(|name| format!("`{name}`")).collect();
    (!unknown.is_empty()).then(|| format!("{} asks for {}", policy.full_name(), unknown.join(", ")))
}

/// Reports that the challenges of `auth` name metadata that no route of the router serves.
pub(super) fn tell_of_missing_metadata() {
    let error = "`Auth` declares a protected resource, and the router does not serve its metadata: add \
        `.merge(metadata::routes())`";
    tracing::event!(target: TARGET, Level::WARN, http.route = WELL_KNOWN, error);
}
