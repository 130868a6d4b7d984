use axum::{extract::MatchedPath, http::request::Parts};
use tracing::Level;

use crate::{
    auth::Auth,
    error::{StoreError, with_causes},
    limit::PreparedLimit,
    policy::Policy,
};

use super::{Rejection, who::Who};

/// Writes one event for each decision, without any secret. Field names follow OpenTelemetry where it defines them.
///
/// | Decision | Level |
/// |---|---|
/// | refusal | `INFO` |
/// | refusal because of a mistake of the application | `WARN` |
/// | failure of the service | `ERROR` |
/// | any other | `DEBUG` |
///
/// A missing client address is reported once a minute, because every request lacks it alike.
pub(super) fn decision(handler: &str, auth: &Auth, parts: &Parts, refused: Option<&Rejection>) {
    if matches!(refused, Some(Rejection::NoAddress(_))) && !auth.reminds_of_missing_address() {
        return;
    }
    let of = About { handler, parts, who: Who::of(auth, parts) };
    match refused {
        None => decided!(Level::DEBUG, of, "admitted"),
        Some(Rejection::Unavailable(error)) => failing_store(of, error),
        Some(rejection @ (Rejection::Misconfigured(fault) | Rejection::NoAddress(fault))) => {
            decided!(Level::ERROR, of, "failed", reason = rejection.reason(), error = fault);
        }
        Some(Rejection::CheckFailed(failure)) if let Some(error) = failure.outage() => failing_store(of, error),
        Some(Rejection::CheckFailed(failure)) if failure.fault().is_some() => {
            decided!(Level::ERROR, of, "failed", reason = "check_argument", error = failure.fault());
        }
        Some(rejection @ Rejection::NoIssuer) => decided!(
            Level::WARN,
            of,
            "refused",
            reason = rejection.reason(),
            error = "the authenticator names no issuer: call `.issuer(…)` on the `IdentityBuilder`, or \
            `.of_this_service()` where the subject is a user here",
        ),
        Some(rejection) => decided!(Level::INFO, of, "refused", reason = rejection.reason()),
    }
}

/// What each event of a decision says about its request.
#[derive(Clone, Copy)]
struct About<'r> {
    handler: &'r str,
    parts: &'r Parts,
    who: Who<'r>,
}

/// Sends the event of a decision. tracing evaluates the fields only where a subscriber wants the event.
macro_rules! decided {
    ($level:expr, $of:ident, $outcome:literal $(, $field:ident = $value:expr)* $(,)?) => {
        tracing::event!(
            target: TARGET, $level, http.route = route($of.parts), http.request.method = $of.parts.method.as_str(),
            policy = $of.handler, user.id = $of.who.user().as_deref(), auth.issuer = $of.who.issuer().as_deref(),
            auth.kind = $of.who.kind(), session.id = $of.who.session().as_deref(), client.address = $of.who.address(),
            outcome = $outcome, $($field = $value),*
        )
    };
}
use decided;

fn failing_store(of: About<'_>, error: &StoreError) {
    decided!(Level::ERROR, of, "failed", reason = "unavailable", store = error.store(), error = with_causes(error),);
}

/// The target for subscribers to the guard's events.
const TARGET: &str = "auth_runtime::guard";

/// Returns the route's pattern. The client chooses the path, which may be long or secret.
fn route(parts: &Parts) -> &str {
    parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str)
}

/// Reports that an argument of a check could not reach a store, although the check has answered.
pub(super) fn unavailable(handler: &str, parts: &Parts, error: &StoreError) {
    tracing::event!(
        target: TARGET, Level::ERROR, http.route = route(parts), http.request.method = parts.method.as_str(),
        policy = handler, outcome = "failed", reason = "unavailable", store = error.store(),
        error = with_causes(error),
    );
}

/// Reports a handler that answered although the guard of its policy never admitted the request.
pub(super) fn unguarded(policy: &Policy) {
    tracing::event!(
        target: TARGET, Level::ERROR, policy = policy.full_name(), outcome = "failed", reason = "unguarded",
        error = "a wrapper around the handler answered without its guard, or called the handler on another task: let it call the \
        handler on its own task, or put the layer on the `MethodRouter` or the router",
    );
}

/// A session counts as absent, since its owner has no record any more, or a deactivated one.
pub(super) fn ignored(parts: &Parts, reason: &'static str) {
    tracing::event!(target: TARGET, Level::INFO, http.route = route(parts), outcome = "ignored", reason);
}

/// Reports that a shadow limit, which never refuses, would have refused.
pub(super) fn shadow(policy: &Policy, auth: &Auth, parts: &Parts, limit: &PreparedLimit) {
    let of = About { handler: policy.handler(), parts, who: Who::of(auth, parts) };
    decided!(Level::WARN, of, "admitted", reason = "shadow_limit", limit = limit.label());
}

/// Reports that the counters cannot be reached. Each limit then follows its own outage setting.
pub(super) fn limit_store_failed(policy: &Policy, parts: &Parts, error: &StoreError) {
    tracing::event!(
        target: TARGET, Level::ERROR, http.route = route(parts), policy = policy.handler(), store = error.store(),
        error = with_causes(error), reason = "limit_store",
    );
}
