use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};

use crate::{
    auth::{Auth, HasAuth},
    authn::AuthnError,
    identity::Identity,
};

use super::{Denied, Rejection, event};

/// The caller, or 401.
pub(super) async fn required(auth: &Auth, parts: &mut Parts) -> Result<Identity, Rejection> {
    optional(auth, parts).await?.ok_or(Rejection::Anonymous)
}

/// The caller, if there is a credential. Authenticates once a request, also where no attribute asked for it.
pub(super) async fn optional(auth: &Auth, parts: &mut Parts) -> Result<Option<Identity>, Rejection> {
    if let Some(identity) = Identity::of(&parts.extensions) {
        return Ok(Some(identity.clone()));
    }
    let identity = auth.authenticate(parts).await?;
    if let Some(identity) = &identity {
        identity.clone().remember(&mut parts.extensions);
    }
    Ok(identity)
}

/// A refusal by an argument instead of the guard: it has an event of its own, without a policy.
pub(crate) fn refuse(rejection: Rejection, auth: &Auth, parts: &Parts) -> Denied {
    event::decision("", parts, Some(&rejection));
    Denied::new(rejection, auth)
}

impl From<AuthnError> for Rejection {
    fn from(error: AuthnError) -> Self {
        match error {
            AuthnError::Malformed(reason) => Self::Malformed(reason),
            AuthnError::Invalid(reason) => Self::BadCredential(reason),
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
