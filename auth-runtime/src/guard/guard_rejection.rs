use axum::{
    extract::OriginalUri,
    http::{HeaderValue, header::WWW_AUTHENTICATE, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{
    auth::Auth,
    identity::Identity,
    policy::{Access, Policy, Rule},
};

use super::{DeadCookie, Outcome, Rejection, outcomes::Slot};

/// A refused request: the rejection of [`Guard`](super::Guard) and of the identity extractors.
///
/// Answers with the status and problem document of the rejection, and with challenges where they belong. In
/// development, the `detail` of a 500 says what the application has to change.
#[derive(Debug)]
pub struct GuardRejection {
    rejection: Rejection,
    challenge: Option<HeaderValue>,
    /// The challenges of the application's schemes.
    others: Vec<HeaderValue>,
    explains_faults: bool,
    dead_cookie: Option<DeadCookie>,
    /// For the outcome; `None` where no layer asks for it.
    decided: Option<Decided>,
}

/// Who was refused by which policy.
#[derive(Debug, Default)]
struct Decided {
    identity: Option<Identity>,
    policy: &'static str,
}

impl GuardRejection {
    /// Makes a refusal by the service as a whole, where the request is not at hand. It always has an outcome, since
    /// only the request says whether a layer asks for one.
    pub(crate) fn new(rejection: Rejection, auth: &Auth) -> Self {
        Self { decided: Some(Decided::default()), ..Self::at(|| "/", rejection, None, auth) }
    }

    /// Makes the refusal of this request by an extractor, which knows no policy.
    pub(super) fn of_request(rejection: Rejection, auth: &Auth, request: &Parts) -> Self {
        Self::of(rejection, "", None, auth, request)
    }

    /// Makes the refusal of this request by the guard of this policy.
    pub(super) fn of_policy(rejection: Rejection, policy: &Policy, auth: &Auth, request: &Parts) -> Self {
        let rule = match policy.access() {
            Access::Protected(protection) => Some(protection.rule()),
            Access::Public { .. } => None,
        };
        Self::of(rejection, policy.handler(), rule, auth, request)
    }

    /// When the caller is anonymous, the refusal reports a dead cookie to the outer layers.
    fn of(rejection: Rejection, policy: &'static str, rule: Option<&Rule>, auth: &Auth, request: &Parts) -> Self {
        let dead_cookie = match rejection {
            Rejection::Anonymous => DeadCookie::of(&request.extensions).cloned(),
            _ => None,
        };
        let decided = Slot::is_in(&request.extensions)
            .then(|| Decided { identity: Identity::of(&request.extensions).cloned(), policy });
        Self { dead_cookie, decided, ..Self::at(|| path(request), rejection, rule, auth) }
    }

    fn at<'r>(path: impl FnOnce() -> &'r str, rejection: Rejection, rule: Option<&Rule>, auth: &Auth) -> Self {
        let challenges = auth.challenges();
        let (challenge, others) = match rejection.demand() {
            Some(demand) => (Some(challenges.bearer(path, demand, rule)), challenges.others(demand).to_vec()),
            None => (None, Vec::new()),
        };
        Self { rejection, challenge, others, explains_faults: auth.explains_faults(), dead_cookie: None, decided: None }
    }

    /// Returns the reason.
    pub fn rejection(&self) -> &Rejection {
        &self.rejection
    }
}

/// Returns the path that the client asked for. A nested router sees only a part of it.
fn path(request: &Parts) -> &str {
    request.extensions.get::<OriginalUri>().map_or(&request.uri, |OriginalUri(uri)| uri).path()
}

impl IntoResponse for GuardRejection {
    fn into_response(self) -> Response {
        let outcome = self.decided.map(|Decided { identity, policy }| {
            Outcome::refused(identity, policy, self.rejection.refusal(self.explains_faults))
        });
        let mut response =
            if self.explains_faults { self.rejection.into_explained_body() } else { self.rejection.into_body() };
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        for challenge in self.others {
            response.headers_mut().append(WWW_AUTHENTICATE, challenge);
        }
        if let Some(dead) = self.dead_cookie {
            response.extensions_mut().insert(dead);
        }
        if let Some(outcome) = outcome {
            outcome.put_on(&mut response);
        }
        response
    }
}
