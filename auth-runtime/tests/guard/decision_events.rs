//! The events of decisions name the caller, the session and the address: only verified facts, and on one line.

use core::net::SocketAddr;
use std::sync::{Arc, Mutex};

use auth_runtime::{
    Identity, Policy,
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    policy::{Limit, LimitKey, Quota, Rule, Via},
    store::BoxFuture,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request},
};
use tower::ServiceExt as _;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    instrument::WithSubscriber as _,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
};

use super::support::*;

policy!(Admins = Policy::protected("admins").with_rule(Rule::role("admin")));
policy!(Once = Policy::protected("once").with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::User)]));
policy!(
    OncePerAddress =
        Policy::public("once_per_address").with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::Address)])
);

/// Sends a request from 192.0.2.7, and returns the last event of the guard.
async fn event(app: &Router, fields: &[(&str, &str)]) -> String {
    let mut request = Request::get("/").extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1))));
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let log = events(async { drop(app.clone().oneshot(request).await.unwrap()) }).await;
    let mut decisions = log.lines().filter(|line| line.contains("auth_runtime::guard"));
    decisions.next_back().unwrap().split_once("auth_runtime::guard: ").unwrap().1.to_owned()
}

#[tokio::test]
async fn the_caller_is_named_where_a_credential_has_proved_it() {
    let TestAuth { auth, .. } = TestAuth::new();
    let (member, admin) =
        (TestIdentity::user("ann").bearer(&auth), TestIdentity::user("ann").role("admin").bearer(&auth));
    let app = app::<Admins>(&auth);
    let named = r#"user.id="ann" auth.kind="bearer" client.address=192.0.2.7"#;
    let begin = r#"http.route="/" http.request.method="GET" policy="admins""#;

    assert_eq!(event(&app, &[("authorization", &admin)]).await, format!(r#"{begin} {named} outcome="admitted""#));
    let refused = event(&app, &[("authorization", &member)]).await;
    assert_eq!(refused, format!(r#"{begin} {named} outcome="refused" reason="forbidden""#));
    let nobody = format!(r#"{begin} client.address=192.0.2.7 outcome="refused" reason="anonymous""#);
    assert_eq!(event(&app, &[]).await, nobody);
    let (head, rest) = admin.rsplit_once('.').unwrap();
    let tampered = format!("{head}.{}", rest.chars().rev().collect::<String>());
    let forged = event(&app, &[("authorization", &tampered)]).await;
    assert!(!forged.contains("ann") && !forged.contains("auth.kind"), "{forged}");

    let app = self::app::<Once>(&auth);
    event(&app, &[("authorization", &member)]).await;
    let limited = event(&app, &[("authorization", &member)]).await;
    assert!(limited.contains(named) && limited.contains(r#"reason="rate_limited""#), "{limited}");
    let app = self::app::<OncePerAddress>(&auth);
    event(&app, &[("authorization", &member)]).await;
    let limited = event(&app, &[("authorization", &member)]).await;
    assert!(limited.contains("client.address=192.0.2.7") && !limited.contains("user.id"), "{limited}");
}

#[tokio::test]
async fn a_shadow_limit_names_the_caller_whom_it_would_have_refused() {
    policy!(
        Trial = Policy::protected("trial")
            .with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::User).with_name("trial").with_shadow(true)])
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let (app, ann) = (app::<Trial>(&auth), TestIdentity::user("ann").bearer(&auth));
    let call = || async { drop(send(&app, &[("authorization", &ann)]).await) };
    call().await;
    let log = events(call()).await;
    let told = log.lines().find(|line| line.contains("shadow_limit")).unwrap();
    assert!(told.contains(r#"policy="trial" user.id="ann" auth.kind="bearer" client.address=127.0.0.1"#), "{told}");
    assert!(told.ends_with(r#"outcome="admitted" reason="shadow_limit" limit="trial""#), "{told}");
}

#[tokio::test]
async fn a_session_is_named_by_its_public_name() {
    let TestAuth { auth, .. } = TestAuth::with_accounts();
    let cookie = TestIdentity::user("ann").cookie(&auth).await;
    let admitted = event(&protected(&auth), &[("cookie", &cookie)]).await;
    assert!(admitted.contains(r#"user.id="ann" auth.kind="session" session.id=""#), "{admitted}");
    let secret = cookie.split_once('=').unwrap().1;
    assert!(!admitted.contains(secret), "{admitted}");
}

#[tokio::test]
async fn the_builder_leaves_personal_data_out() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.callers_in_events(false));
    let ann = TestIdentity::user("ann").bearer(&auth);
    let begin = r#"http.route="/" http.request.method="GET" policy="any_caller""#;
    let admitted = event(&protected(&auth), &[("authorization", &ann)]).await;
    assert_eq!(admitted, format!(r#"{begin} auth.kind="bearer" outcome="admitted""#));
}

/// Another issuer's user with a hostile subject.
struct Partner;

impl Authenticator for Partner {
    fn via(&self) -> Via {
        Via::SESSION
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        Ok(headers.get("x-partner").and_then(|value| value.to_str().ok()))
    }

    fn authenticate<'a>(&'a self, _: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        let hostile = "eve\n INFO auth_runtime::guard: user.id=\"root\" outcome=\"admitted\"\u{1b}[2J";
        Box::pin(async move { Ok(Identity::builder(hostile, Via::SESSION).issuer("https://partner.example").build()) })
    }
}

#[tokio::test]
async fn a_subject_of_another_issuer_is_told_apart_and_forges_no_line() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Partner));
    let admitted = event(&protected(&auth), &[("x-partner", "1")]).await;
    assert!(
        admitted.starts_with(r#"http.route="/" http.request.method="GET" policy="any_caller" user.id="eve"#),
        "{admitted}"
    );
    assert!(admitted.contains(r#"auth.issuer="https://partner.example""#), "{admitted}");
    assert!(!admitted.contains('\u{1b}'), "{admitted}");
    let own = TestIdentity::user("ann").bearer(&auth);
    assert!(!event(&protected(&auth), &[("authorization", &own)]).await.contains("auth.issuer"));
}

/// A subscriber that writes texts as it gets them, as not every formatter escapes them.
#[derive(Clone, Default)]
struct Raw(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Raw {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

impl Visit for Raw {
    fn record_debug(&mut self, _: &Field, _: &dyn core::fmt::Debug) {}

    fn record_str(&mut self, _: &Field, value: &str) {
        self.0.lock().unwrap().push(value.to_owned());
    }
}

#[tokio::test]
async fn no_text_of_an_event_ends_a_line_or_controls_a_terminal() {
    drop(events(async {}).await);
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Partner));
    let raw = Raw::default();
    let request = async { drop(send(&protected(&auth), &[("x-partner", "1")]).await) };
    request.with_subscriber(tracing_subscriber::registry().with(raw.clone())).await;
    let texts = raw.0.lock().unwrap();
    assert!(texts.iter().any(|text| text.starts_with("eve\\n INFO")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains(char::is_control)), "{texts:?}");
}
