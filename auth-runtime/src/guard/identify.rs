use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{Extensions, request::Parts},
};

use crate::{
    auth::{Auth, HasAuth},
    authn::{ByBrowser, Caller, CrossSiteCheck},
    identity::Identity,
};

use super::{DeadCookie, Exemption, GuardRejection, Rejection, event, outcomes::Slot, pending_error::PendingError};

/// Returns the caller, or refuses with 401.
pub(super) async fn required(auth: &Auth, parts: &mut Parts) -> Result<Identity, Rejection> {
    optional(auth, parts).await?.ok_or(Rejection::Anonymous)
}

/// Returns the caller, if the request has a credential. Authenticates at most once a request, even when no attribute
/// requires it.
pub(super) async fn optional(auth: &Auth, parts: &mut Parts) -> Result<Option<Identity>, Rejection> {
    match Identity::of(&parts.extensions) {
        Some(identity) => Ok(Some(identity.clone())),
        None if is_known_as_anonymous(&parts.extensions) => Ok(None),
        None => {
            let caller = identify(auth, parts, CrossSiteCheck::Enforced).await?;
            if let Some(caller) = &caller {
                Slot::note_caller(&parts.extensions, caller);
            }
            Ok(caller)
        }
    }
}

/// Returns whether the request was already judged, and its only credential was a dead cookie.
fn is_known_as_anonymous(extensions: &Extensions) -> bool {
    DeadCookie::of(extensions).is_some() && !Exemption::is_in(extensions)
}

/// Returns the caller, for a policy that says whether other sites may use a browser's session. The guard has ended the
/// exemption of a guard before it, unless its own policy is exempt too.
pub(super) async fn guarded(auth: &Auth, parts: &mut Parts, check: CrossSiteCheck) -> Result<Identity, Rejection> {
    match Identity::of(&parts.extensions) {
        Some(identity) => Ok(identity.clone()),
        None => identify(auth, parts, check).await?.ok_or(Rejection::Anonymous),
    }
}

async fn identify(auth: &Auth, parts: &mut Parts, check: CrossSiteCheck) -> Result<Option<Identity>, Rejection> {
    let Caller { identity, is_ambient, by_browser, has_dead_cookie } = auth.identify(parts, check).await?;
    if let Some(identity) = &identity {
        identity.clone().remember(&mut parts.extensions);
    }
    if is_ambient && check == CrossSiteCheck::Exempt {
        Exemption::used(&mut parts.extensions);
    }
    if let Some(by_browser) = by_browser {
        parts.extensions.insert(by_browser);
    }
    if has_dead_cookie {
        DeadCookie::remember(auth, &mut parts.extensions);
    }
    Ok(identity)
}

/// Returns how a browser sent the caller's credential; `None` if the client sent it on purpose.
pub(super) fn by_browser(parts: &Parts) -> Option<ByBrowser> {
    parts.extensions.get().copied()
}

/// A refusal by an argument instead of the guard: it has an event of its own, without a policy.
///
/// A check's argument leaves the outage of a store to the guard, which knows the policy.
pub(crate) fn refuse(rejection: Rejection, auth: &Auth, parts: &mut Parts) -> GuardRejection {
    if !PendingError::is_left_to_the_guard(&rejection, &mut parts.extensions) {
        event::decision("", auth, parts, Some(&rejection));
    }
    GuardRejection::of_request(rejection, auth, parts)
}

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        required(&auth, parts).await.map_err(|rejection| refuse(rejection, &auth, parts))
    }
}

impl<S: HasAuth + Send + Sync> OptionalFromRequestParts<S> for Identity {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, GuardRejection> {
        let auth = state.auth();
        optional(&auth, parts).await.map_err(|rejection| refuse(rejection, &auth, parts))
    }
}
