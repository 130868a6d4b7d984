use std::sync::Arc;

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Policy,
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    error::StoreError,
    guard::RunChecks,
    identity::Identity,
    policy::Via,
    routing::any,
    store::BoxFuture,
    testing::TestAuth,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::FromRef,
    http::{HeaderMap, Request, Response, header::WWW_AUTHENTICATE},
};
use serde_json::Value;
use tower::ServiceExt;

/// Returns a router with a route at `/` under the policy `P`, which answers with the caller's name.
pub(crate) fn app<P: HasPolicy<Checks: RunChecks<Auth>>>(auth: &Auth) -> Router {
    GuardedRouter::new().route("/", any(handler::<P>)).with_state(auth.clone()).into_router()
}

pub(crate) async fn handler<P: HasPolicy>(_: Guard<P>, who: Option<Identity>) -> String {
    who.map_or_else(|| "anonymous".to_owned(), |who| who.subject().to_owned())
}

/// Declares a policy type for a test.
macro_rules! policy {
    ($name:ident = $policy:expr) => {
        policy!($name = $policy, checks: ());
    };
    ($name:ident = $policy:expr, checks: $checks:ty) => {
        struct $name;
        impl auth_runtime::HasPolicy for $name {
            const POLICY: auth_runtime::Policy = $policy;
            type Checks = $checks;
        }
    };
}
pub(crate) use policy;

policy!(AnyCaller = Policy::protected("any_caller"));
policy!(Everyone = Policy::public("everyone"));

/// Returns the policy that admits every authenticated caller.
pub(crate) fn protected(auth: &Auth) -> Router {
    app::<AnyCaller>(auth)
}

/// Returns the policy that admits everyone.
pub(crate) fn public(auth: &Auth) -> Router {
    app::<Everyone>(auth)
}

pub(crate) async fn send(app: &Router, fields: &[(&str, &str)]) -> Response<Body> {
    send_to(app, "/", fields).await
}

pub(crate) async fn send_to(app: &Router, uri: &str, fields: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::get(uri);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

pub(crate) async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// Returns the problem document's code.
pub(crate) async fn code(response: Response<Body>) -> String {
    let problem: Value = serde_json::from_str(&text(response).await).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

pub(crate) fn challenge(response: &Response<Body>) -> &str {
    response.headers().get(WWW_AUTHENTICATE).map_or("", |value| value.to_str().unwrap())
}

/// A state that an application defines, as most do.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) auth: Auth,
}

impl FromRef<App> for Auth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

/// Recognises callers by `X-Test-Session: <subject>`, which stands for a cookie. The subject `broken` stands for a
/// failing store, `ended` and `unreadable` for dead credentials.
pub(crate) struct Sessions {
    pub(crate) claims: Via,
}

impl Authenticator for Sessions {
    fn via(&self) -> Via {
        Via::SESSION
    }

    fn takes_bearer(&self, token: &str) -> bool {
        token.starts_with("session_")
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        match headers.get("x-test-session").map(|value| value.to_str().unwrap()) {
            Some("unreadable") => Err(AuthnError::Invalid("unreadable")),
            found => Ok(found),
        }
    }

    fn authenticate<'a>(&'a self, credential: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(async move {
            match credential {
                "broken" => Err(AuthnError::Unavailable(StoreError::new("sessions", "no connection to 10.0.0.7"))),
                "ended" => Err(AuthnError::Invalid("ended")),
                subject => Ok(Identity::builder(subject, self.claims).of_this_service().build()),
            }
        })
    }
}

/// Returns an engine that accepts access tokens and sessions.
pub(crate) fn with_sessions() -> TestAuth {
    TestAuth::with(|builder| builder.authenticator(Sessions { claims: Via::SESSION }))
}

/// Returns the texts of all events while `work` runs.
pub(crate) async fn events(work: impl Future<Output = ()>) -> String {
    use tracing::instrument::WithSubscriber as _;

    listen_everywhere();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer({
            let log = log.clone();
            move || log.clone()
        })
        .finish();
    work.with_subscriber(subscriber).await;
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// Keeps each event enabled for the whole process. tracing remembers for each event whether any subscriber wants it;
/// tests without a subscriber, on other threads, would otherwise have it forgotten at times.
fn listen_everywhere() {
    static LISTENING: std::sync::Once = std::sync::Once::new();
    LISTENING.call_once(|| {
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(std::io::sink).init();
    });
}

#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
