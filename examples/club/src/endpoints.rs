use core::{convert::Infallible, net::SocketAddr};

use auth_runtime::{
    account::{AccountRoutes, Part, Registration},
    error::{FieldError, Problem},
    prelude::*,
    validate::Invalid,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, FromRef, FromRequestParts, Request},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
        request::Parts,
    },
};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{
    club::Club,
    register::Extra,
    routes::{Organisers, Role},
};

/// The account endpoints, which take JSON. The pages take forms, and call the endpoints inside of this process.
///
/// So the endpoints decide on these pages, too: who may invite whom, who may give which role, which password is good
/// enough. A browser cannot reach them from outside.
#[derive(Clone)]
pub(crate) struct Endpoints(Router);

/// The state of the endpoints.
#[derive(Clone, FromRef)]
struct State {
    auth: Auth,
    accounts: Accounts,
}

impl Endpoints {
    pub(crate) fn new(auth: &Auth, accounts: &Accounts, club: &Club) -> Self {
        let club = club.clone();
        let registration = Registration::by_invitation().email_alone().with_fields(move |member, extra: Extra| {
            let club = club.clone();
            async move { extra.store(&club, &member).await }
        });
        let account = AccountRoutes::new().only([Part::Registration, Part::BrowserSession]).registration(registration);
        let administration = account::administration::<Organisers>().roles::<Role>().into_router();
        let router = account.into_router().merge(administration);
        Self(router.with_state(State { auth: auth.clone(), accounts: accounts.clone() }).into_router())
    }

    /// Calls an endpoint for the person in front of the browser.
    ///
    /// # Errors
    /// Returns what the endpoint says against it, for the form.
    pub(crate) async fn call(
        &self,
        visitor: &Visitor,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Answer, Invalid> {
        let request = visitor.request(method, path, body).map_err(|_| unreadable())?;
        let Ok(response) = self.0.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, LONGEST).await.map_err(|_| unreadable())?;
        if !parts.status.is_success() {
            return Err(refused(parts.status, &body));
        }
        Ok(Answer { headers: parts.headers, document: serde_json::from_slice(&body).unwrap_or_default() })
    }
}

/// The longest answer that is read.
const LONGEST: usize = 1024 * 1024;

/// What an endpoint answered.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    /// `null` for an answer without a body.
    pub(crate) document: Value,
}

/// The browser's request without its body: where it came from, and with which cookie.
pub(crate) struct Visitor {
    uri: Uri,
    headers: HeaderMap,
    peer: Option<ConnectInfo<SocketAddr>>,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get().copied();
        Ok(Self { uri: parts.uri.clone(), headers: parts.headers.clone(), peer })
    }
}

impl Visitor {
    /// Returns the request that the endpoint gets. It keeps the header fields, so the endpoint's guard sees the cookie,
    /// the address and what the browser says about the page behind the request.
    fn request(&self, method: Method, path: &str, body: Value) -> Result<Request, axum::http::Error> {
        let mut uri = self.uri.clone().into_parts();
        uri.path_and_query = Some(path.parse()?);
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let mut request = Request::builder().method(method).uri(Uri::from_parts(uri)?).body(body)?;
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().remove(CONTENT_LENGTH);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        Ok(request)
    }
}

/// The members of a problem document that people read.
#[derive(Deserialize)]
struct Document {
    title: String,
    code: String,
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    pointer: String,
    message: String,
}

/// Returns the problem of an endpoint as one of the form.
fn refused(status: StatusCode, body: &[u8]) -> Invalid {
    let Ok(Document { title, code, errors }) = serde_json::from_slice(body) else { return unreadable() };
    let errors = errors.into_iter().map(|Fault { pointer, message }| FieldError::new(pointer, message)).collect();
    let code = if code == STALE { STALE } else { "refused" };
    Problem::new(status, code, title).with_errors(errors).into()
}

/// The code of a refusal because the sign-in was too long ago.
pub(crate) const STALE: &str = "stale-login";

fn unreadable() -> Invalid {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The club cannot answer at the moment.").into()
}
