use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{Extensions, request::Parts},
};

use crate::{
    auth::{Auth, HasAuth},
    authn::{AuthnError, Caller, CrossSiteCheck},
    identity::Identity,
};

use super::{DeadCookie, Denied, Rejection, event};

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
        None => identify(auth, parts, CrossSiteCheck::Enforced).await,
    }
}

/// Returns whether the request was already judged, and its only credential was a dead cookie.
fn is_known_as_anonymous(extensions: &Extensions) -> bool {
    DeadCookie::of(extensions).is_some() && !is_exempt(extensions)
}

/// Returns the caller for a policy that decides whether other sites may use a browser's session. An earlier guard's
/// exemption does not extend to this policy: this policy must declare its own.
pub(super) async fn guarded(auth: &Auth, parts: &mut Parts, check: CrossSiteCheck) -> Result<Identity, Rejection> {
    let known = match check {
        CrossSiteCheck::Exempt => Identity::of(&parts.extensions),
        CrossSiteCheck::Enforced => Identity::of(&parts.extensions).filter(|_| !is_exempt(&parts.extensions)),
    };
    match known {
        Some(identity) => Ok(identity.clone()),
        None => identify(auth, parts, check).await?.ok_or(Rejection::Anonymous),
    }
}

async fn identify(auth: &Auth, parts: &mut Parts, check: CrossSiteCheck) -> Result<Option<Identity>, Rejection> {
    let Caller { identity, is_ambient, has_dead_cookie } = auth.identify(parts, check).await?;
    if let Some(identity) = &identity {
        identity.clone().remember(&mut parts.extensions);
    }
    if is_ambient && check == CrossSiteCheck::Exempt {
        parts.extensions.insert(Exempted);
    }
    if has_dead_cookie {
        DeadCookie::remember(auth, &mut parts.extensions);
    }
    Ok(identity)
}

/// The mark of a request with an exemption: the guard looked up credentials that browsers attach automatically.
#[derive(Clone, Copy)]
struct Exempted;

fn is_exempt(extensions: &Extensions) -> bool {
    extensions.get::<Exempted>().is_some()
}

/// Refuses from an extractor instead of the guard. The refusal gets its own event, without a policy.
pub(crate) fn refuse(rejection: Rejection, auth: &Auth, parts: &Parts) -> Denied {
    event::decision("", auth, parts, Some(&rejection));
    Denied::of_request(rejection, auth, parts)
}

impl From<AuthnError> for Rejection {
    fn from(error: AuthnError) -> Self {
        match error {
            AuthnError::Malformed(reason) => Self::Malformed(reason),
            AuthnError::Invalid(reason) => Self::BadCredential(reason),
            AuthnError::CrossSite(reason) => Self::CrossSite(reason),
            AuthnError::Limited(refusal) => Self::Limited(refusal),
            AuthnError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let auth = state.auth();
        required(&auth, parts).await.map_err(|rejection| refuse(rejection, &auth, parts))
    }
}

impl<S: HasAuth + Send + Sync> OptionalFromRequestParts<S> for Identity {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Denied> {
        let auth = state.auth();
        optional(&auth, parts).await.map_err(|rejection| refuse(rejection, &auth, parts))
    }
}
