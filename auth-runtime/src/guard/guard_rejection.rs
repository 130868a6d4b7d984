use axum::{
    http::{HeaderValue, header::WWW_AUTHENTICATE, request::Parts},
    response::{IntoResponse, Response},
};

use crate::auth::Auth;

use super::{DeadCookie, Rejection};

/// A refused request: the rejection of [`Guard`](super::Guard) and of the identity extractors.
///
/// Answers with the status and problem document of the rejection, and with a challenge where one belongs. In
/// development, the `detail` of a 500 says what the application has to change.
#[derive(Debug)]
pub struct GuardRejection {
    rejection: Rejection,
    realm: HeaderValue,
    explains_faults: bool,
    dead_cookie: Option<DeadCookie>,
}

impl GuardRejection {
    pub(crate) fn new(rejection: Rejection, auth: &Auth) -> Self {
        Self { rejection, realm: auth.realm().clone(), explains_faults: auth.explains_faults(), dead_cookie: None }
    }

    /// Makes the refusal of this request. When the caller is anonymous, the refusal reports a dead cookie to the outer
    /// layers.
    pub(super) fn of_request(rejection: Rejection, auth: &Auth, request: &Parts) -> Self {
        let dead_cookie = match rejection {
            Rejection::Anonymous => DeadCookie::of(&request.extensions).cloned(),
            _ => None,
        };
        Self { dead_cookie, ..Self::new(rejection, auth) }
    }

    /// Returns the reason.
    pub fn rejection(&self) -> &Rejection {
        &self.rejection
    }
}

impl IntoResponse for GuardRejection {
    fn into_response(self) -> Response {
        let challenge = self.rejection.challenge().and_then(|parameters| challenge(&self.realm, &parameters));
        let mut response =
            if self.explains_faults { self.rejection.into_explained_body() } else { self.rejection.into_body() };
        if let Some(challenge) = challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(dead) = self.dead_cookie {
            response.extensions_mut().insert(dead);
        }
        response
    }
}

/// Builds the challenge. `realm` already has the form `Bearer realm="…"`.
fn challenge(realm: &HeaderValue, parameters: &str) -> Option<HeaderValue> {
    if parameters.is_empty() {
        return Some(realm.clone());
    }
    let value = [realm.as_bytes(), parameters.as_bytes()].concat();
    HeaderValue::from_maybe_shared(value).ok()
}
