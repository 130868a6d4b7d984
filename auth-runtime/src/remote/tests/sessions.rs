//! Sessions of better-auth, with a server that answers as the test says.

use core::time::Duration;

use axum::http::Request;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::sleep;

use super::{
    server::{Answer, Server},
    signer::NOW,
};
use crate::{
    auth::Auth,
    authn::AuthnError,
    clock::{Clock as _, manual::ManualClock},
    identity::Identity,
    policy::Via,
    remote::Issuer,
};

pub(super) const SESSION: &str = "/api/auth/get-session?disableRefresh=true&disableCookieCache=true";
pub(super) const TOKEN: &str = "F56bvqTWlTrYztPX326h1mZ5Wwylf5Uy";
pub(super) const SIGNED: &str = "F56bvqTWlTrYztPX326h1mZ5Wwylf5Uy.XuGtrylA%2F8ZpQ%2BKcE1uVfUS7cD2kWmYp0aBxLhJ9n7Q%3D";

pub(super) struct World {
    pub(super) server: Server,
    clock: ManualClock,
    pub(super) auth: Auth,
}

impl World {
    pub(super) async fn new() -> Self {
        let (server, clock) = (Server::start().await, ManualClock::at(NOW));
        let issuer = Issuer::better_auth(server.url());
        let auth = Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap();
        let world = Self { server, clock, auth };
        world.answers(&document());
        world
    }

    pub(super) fn answers(&self, document: &Value) {
        self.server.set(SESSION, Answer::Json(document.to_string()));
    }

    pub(super) fn status(&self, line: &str) {
        self.server.set(SESSION, Answer::Raw(format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n")));
    }

    async fn with(&self, fields: &[(&str, &str)]) -> Result<Option<Identity>, String> {
        let mut request = Request::get("/").header("sec-fetch-site", "same-origin");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        self.auth.authenticate(&request.body(()).unwrap().into_parts().0).await.map_err(|error| match error {
            AuthnError::Invalid(reason) => reason.to_owned(),
            AuthnError::Malformed(reason) => format!("400 {reason}"),
            AuthnError::CrossSite(reason) => format!("403 {reason}"),
            AuthnError::Unavailable(error) => match error.retry_after() {
                Some(seconds) => format!("503 after {seconds}"),
                None => "503".to_owned(),
            },
            other => panic!("{other}"),
        })
    }

    async fn bearer(&self, token: &str) -> Result<Option<Identity>, String> {
        self.with(&[("authorization", &format!("Bearer {token}"))]).await
    }

    pub(super) async fn cookie(&self, cookie: &str) -> Result<Option<Identity>, String> {
        self.with(&[("cookie", cookie)]).await
    }

    /// Returns the subject of a session's bearer token.
    pub(super) async fn subject(&self) -> Result<String, String> {
        self.bearer(TOKEN).await.map(|identity| identity.unwrap().subject().to_owned())
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

pub(super) fn at(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap().format(&Rfc3339).unwrap()
}

pub(super) fn document() -> Value {
    json!({
        "session": { "token": TOKEN, "userId": "u1", "expiresAt": at(NOW + 3600), "createdAt": at(NOW - 60), "id": "s1" },
        "user": { "id": "u1", "name": "Ada", "email": "ada@example.com", "emailVerified": true, "role": "user,admin",
            "banned": false, "banReason": null, "banExpires": null, "image": null },
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = document();
    change(&mut document);
    document
}

#[tokio::test]
async fn a_session_is_known_by_its_token_and_by_its_cookie() {
    let world = World::new().await;
    for (identity, via) in [
        (world.bearer(TOKEN).await, Via::BEARER),
        (world.bearer(SIGNED).await, Via::BEARER),
        (world.cookie(&format!("a=b; better-auth.session_token={SIGNED}; c=d")).await, Via::SESSION),
        (world.cookie(&format!("__Secure-better-auth.session_token={SIGNED}")).await, Via::SESSION),
    ] {
        let identity = identity.unwrap().unwrap();
        assert_eq!((identity.subject(), identity.issuer(), identity.via()), ("u1", &*world.server.url(), via));
        assert_eq!(identity.roles().collect::<Vec<_>>(), ["user", "admin"]);
        assert_eq!((identity.name(), identity.email()), (Some("Ada"), Some("ada@example.com")));
        assert!(identity.is_email_verified() && identity.session().is_none() && identity.scopes().next().is_none());
        assert_eq!(identity.auth_time().unwrap().as_seconds(), NOW - 60);
        assert_eq!(identity.expires_at().unwrap().as_seconds(), NOW + 3600);
    }
    assert_eq!(world.server.requests(), [SESSION; 4]);
}

#[tokio::test]
async fn one_credential_is_forwarded_and_nothing_else_of_the_request() {
    let world = World::new().await;
    let host = world.server.url().replace("http://", "");
    let agent = concat!("auth-runtime/", env!("CARGO_PKG_VERSION"));
    let text = |field: &str| {
        format!(
            "GET {SESSION} HTTP/1.1\r\nhost: {host}\r\naccept: application/json\r\nuser-agent: {agent}\r\n{field}\r\n\r\n"
        )
    };
    let extra =
        [("origin", "https://evil.example"), ("x-forwarded-for", "10.0.0.1"), ("user-agent", "x"), ("x-api-key", "k")];
    let cookie = format!(
        "other=1; better-auth.session_token={SIGNED}; better-auth.session_data=zzz; better-auth.dont_remember=1"
    );
    let all: Vec<_> = extra.into_iter().skip(1).chain([("cookie", &*cookie)]).collect();
    assert!(world.with(&all).await.unwrap().is_some());
    assert_eq!(world.server.last_text(), text(&format!("cookie: better-auth.session_token={SIGNED}")));
    let bearer = format!("Bearer {TOKEN}");
    let all: Vec<_> = extra.into_iter().chain([("authorization", &*bearer), ("cookie", "other=1")]).collect();
    assert!(world.with(&all).await.unwrap().is_some());
    assert_eq!(world.server.last_text(), text(&format!("authorization: Bearer {TOKEN}")));
}

#[tokio::test]
async fn null_refuses_a_bearer_and_leaves_a_cookie_out() {
    let world = World::new().await;
    world.answers(&Value::Null);
    assert_eq!(world.subject().await, Err("session_unknown".to_owned()));
    assert!(world.cookie(&format!("better-auth.session_token={SIGNED}")).await.unwrap().is_none());
    for status in ["401 Unauthorized", "403 Forbidden"] {
        world.pass(5);
        world.status(status);
        assert_eq!(world.subject().await, Err("session_refused".to_owned()), "{status}");
        assert!(world.cookie(&format!("better-auth.session_token={SIGNED}")).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn answers_are_remembered_for_a_short_time() {
    let world = World::new().await;
    for _ in 0..10 {
        assert!(world.subject().await.is_ok());
    }
    world.answers(&Value::Null);
    world.pass(29);
    assert!(world.subject().await.is_ok());
    assert_eq!(world.server.requests().len(), 1);
    world.pass(1);
    assert!(world.subject().await.is_err());
    // A refusal is remembered, too, but not for long.
    world.answers(&document());
    world.pass(4);
    assert!(world.subject().await.is_err());
    assert_eq!(world.server.requests().len(), 2);
    world.pass(1);
    assert!(world.subject().await.is_ok());
}

#[tokio::test]
async fn no_session_is_remembered_past_its_end() {
    let world = World::new().await;
    world.answers(&changed(|document| document["session"]["expiresAt"] = json!(at(NOW + 10))));
    assert!(world.subject().await.is_ok());
    world.pass(9);
    assert!(world.subject().await.is_ok());
    world.pass(1);
    assert_eq!(world.subject().await, Err("session_expired".to_owned()));
    assert_eq!(world.server.requests().len(), 2);
    // The wall clock alone ends it, too.
    world.answers(&changed(|document| document["session"]["expiresAt"] = json!(at(NOW + 3600))));
    world.pass(5);
    assert!(world.subject().await.is_ok());
    world.clock.set_unix(NOW + 3600);
    assert_eq!(world.subject().await, Err("session_expired".to_owned()));
    assert_eq!(world.clock.unix().as_seconds(), NOW + 3600);
}

#[tokio::test]
async fn an_answer_is_as_old_as_its_question() {
    let world = std::sync::Arc::new(World::new().await);
    world.server.set(SESSION, Answer::Late(document().to_string(), Duration::from_millis(300)));
    let asked = std::sync::Arc::clone(&world);
    let asked = tokio::spawn(async move { asked.subject().await });
    while world.server.requests().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    // The server has its answer, and the person signs out before it arrives.
    world.pass(4);
    assert!(asked.await.unwrap().is_ok());
    world.answers(&Value::Null);
    world.pass(25);
    assert!(world.subject().await.is_ok());
    world.pass(1);
    assert!(world.subject().await.is_err());
}

#[tokio::test]
async fn banned_people_are_refused() {
    let world = World::new().await;
    for (expires, is_banned) in
        [(Value::Null, true), (json!(at(NOW + 1)), true), (json!("soon"), true), (json!(at(NOW)), false)]
    {
        world.answers(&changed(|document| {
            document["user"]["banned"] = json!(true);
            document["user"]["banExpires"] = expires.clone();
        }));
        let expected = if is_banned { Err("user_banned".to_owned()) } else { Ok("u1".to_owned()) };
        assert_eq!(world.subject().await, expected, "{expires}");
        let cookie = world.cookie(&format!("better-auth.session_token={SIGNED}")).await.unwrap();
        assert_eq!(cookie.is_none(), is_banned, "{expires}");
        world.pass(30);
        world.clock.set_unix(NOW);
    }
}

#[tokio::test]
async fn an_impersonated_session_is_no_recent_sign_in() {
    let world = World::new().await;
    world.answers(&changed(|document| document["session"]["impersonatedBy"] = json!("admin")));
    let identity = world.bearer(TOKEN).await.unwrap().unwrap();
    assert_eq!((identity.subject(), identity.auth_time()), ("u1", None));
}

#[tokio::test]
async fn answers_that_lie_or_are_of_another_form_are_outages() {
    let world = World::new().await;
    let mut documents: Vec<_> = [
        // Another session's data.
        changed(|document| document["session"]["token"] = json!("G56bvqTWlTrYztPX326h1mZ5Wwylf5Uy")),
        changed(|document| document["session"]["userId"] = json!("u2")),
        changed(|document| document["user"]["id"] = json!("u2")),
        changed(|document| document["user"]["id"] = json!("")),
        changed(|document| document["user"]["id"] = json!(1)),
        changed(|document| document["user"]["role"] = json!(["admin"])),
        changed(|document| document["user"]["banned"] = json!("no")),
        changed(|document| document["session"]["expiresAt"] = json!(NOW + 3600)),
        changed(|document| document["session"]["expiresAt"] = json!("tomorrow")),
        json!([document()["session"], document()["user"]]),
        json!({ "session": [TOKEN, "u1", at(NOW + 3600)], "user": document()["user"] }),
        json!({ "valid": true }),
        json!(true),
        json!({}),
    ]
    .map(|document| document.to_string())
    .into();
    for member in ["session", "user"] {
        documents.push(changed(|document| drop(document.as_object_mut().unwrap().remove(member))).to_string());
        documents.push(changed(|document| document[member] = Value::Null).to_string());
    }
    for (of, member) in [("session", "token"), ("session", "userId"), ("session", "expiresAt"), ("user", "id")] {
        documents.push(changed(|document| drop(document[of].as_object_mut().unwrap().remove(member))).to_string());
    }
    let once = document().to_string();
    documents.push(once.replacen(r#""id":"u1""#, r#""id":"u1","id":"u1""#, 1));
    documents.push(format!("{once}{once}"));
    documents.push(once[..once.len() - 1].to_owned());
    documents.push("<html>".to_owned());
    documents.push(format!("{{\"x\":{}", "[".repeat(100_000)));
    documents.push(String::new());
    for document in documents {
        world.server.set(SESSION, Answer::Json(document.clone()));
        assert_eq!(world.subject().await, Err("503".to_owned()), "{document}");
    }
    // No failure is remembered.
    world.answers(&document());
    assert!(world.subject().await.is_ok());
}

#[tokio::test]
async fn outages_are_no_refusals() {
    let world = World::new().await;
    for (status, expected) in [
        ("500 Internal Server Error", "503"),
        ("404 Not Found", "503"),
        ("405 Method Not Allowed", "503"),
        ("302 Found\r\nlocation: /", "503"),
        ("204 No Content", "503"),
    ] {
        world.status(status);
        assert_eq!(world.subject().await, Err(expected.to_owned()), "{status}");
        let cookie = world.cookie(&format!("better-auth.session_token={SIGNED}")).await;
        assert_eq!(cookie, Err(expected.to_owned()), "{status}");
    }
    for answer in [Answer::Closed, Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".to_owned())] {
        world.server.set(SESSION, answer);
        assert_eq!(world.subject().await, Err("503".to_owned()));
    }
    assert!(world.server.sent() < 10 << 20, "{} bytes of an endless answer were taken", world.server.sent());
}

#[tokio::test]
async fn a_server_that_wants_rest_gets_it() {
    let world = World::new().await;
    for (fields, seconds) in
        [("x-retry-after: 7", 7), ("retry-after: 3", 3), ("x-retry-after: soon", 1), ("retry-after: 9999", 60)]
    {
        world.status(&format!("429 Too Many Requests\r\n{fields}"));
        let asked = world.server.requests().len();
        assert_eq!(world.subject().await, Err(format!("503 after {seconds}")), "{fields}");
        world.answers(&document());
        // Other credentials are not asked about either.
        let other = world.cookie(&format!("better-auth.session_token={SIGNED}")).await;
        assert_eq!(other, Err(format!("503 after {seconds}")), "{fields}");
        assert_eq!(world.server.requests().len(), asked + 1);
        world.pass(seconds);
        assert!(world.subject().await.is_ok(), "{fields}");
        world.pass(30);
    }
}

#[tokio::test]
async fn a_remembered_session_outlasts_an_outage_for_its_time_alone() {
    let world = World::new().await;
    assert!(world.subject().await.is_ok());
    world.server.set(SESSION, Answer::Closed);
    world.pass(29);
    assert!(world.subject().await.is_ok());
    world.pass(1);
    assert_eq!(world.subject().await, Err("503".to_owned()));
}

#[tokio::test]
async fn one_question_serves_all_who_wait_and_16_run_at_once() {
    let world = std::sync::Arc::new(World::new().await);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let world = std::sync::Arc::clone(&world);
            tokio::spawn(async move { world.subject().await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok("u1".to_owned()));
    }
    assert_eq!(world.server.requests().len(), 1);
    world.server.set(SESSION, Answer::Silent);
    let ask = |number: usize| {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move { world.bearer(&format!("F56bvqTWlTrYztPX326h1mZ5Wwylf5{number:02}")).await })
    };
    let stalled: Vec<_> = (0..16).map(ask).collect();
    while world.server.requests().len() < 17 {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ask(16).await.unwrap(), Err("503 after 1".to_owned()));
    assert_eq!(world.server.requests().len(), 17);
    for task in stalled {
        assert_eq!(task.await.unwrap(), Err("503".to_owned()), "a stalled answer ends after its time");
    }
    world.answers(&document());
    assert!(world.subject().await.is_ok());
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_end_the_question() {
    let world = World::new().await;
    let _ = tokio::time::timeout(Duration::ZERO, world.subject()).await;
    sleep(Duration::from_millis(200)).await;
    assert!(world.subject().await.is_ok());
    assert_eq!(world.server.requests().len(), 1);
}

#[tokio::test]
async fn cookies_of_another_form_are_not_sent() {
    let world = World::new().await;
    let name = "better-auth.session_token";
    for cookie in [
        format!("{name}={TOKEN}"),
        format!("{name}={}", &SIGNED[..SIGNED.len() - 4]),
        format!("{name}={SIGNED}{SIGNED}"),
        format!("{name}="),
        format!("x{name}={SIGNED}"),
        format!("{name}2={SIGNED}"),
        format!("Better-Auth.session_token={SIGNED}"),
        format!("__Host-{name}={SIGNED}"),
        format!("better-auth.session_data={SIGNED}"),
    ] {
        assert_eq!(world.cookie(&cookie).await, Ok(None), "{cookie}");
    }
    let twice = format!("{name}={SIGNED}; {name}={SIGNED}");
    assert_eq!(world.cookie(&twice).await, Err("400 two_session_cookies".to_owned()));
    assert_eq!(world.server.requests().len(), 0);
    // A page over plain HTTP can set the plain cookie beside the secure one, which wins.
    let both = format!("{name}=G{}; __Secure-{name}={SIGNED}", &SIGNED[1..]);
    assert!(world.cookie(&both).await.unwrap().is_some());
    assert!(world.server.last_text().contains(&format!("\r\ncookie: __Secure-{name}={SIGNED}\r\n\r\n")));
}

#[tokio::test]
async fn another_site_cannot_use_the_cookie() {
    let world = World::new().await;
    let origins =
        [&[("sec-fetch-site", "cross-site")][..], &[("origin", "null")], &[("sec-fetch-site", "none, x")], &[]];
    for name in ["better-auth.session_token", "__Secure-better-auth.session_token"] {
        // This holds for a live cookie and for a malformed one.
        for (value, fields) in [SIGNED, "x"].into_iter().flat_map(|value| origins.map(|fields| (value, fields))) {
            let mut request = Request::delete("/").header("cookie", format!("{name}={value}"));
            for (field, text) in fields {
                request = request.header(*field, *text);
            }
            let refused = world.auth.authenticate(&request.body(()).unwrap().into_parts().0).await;
            assert!(matches!(refused, Err(AuthnError::CrossSite(_))), "{fields:?}: {refused:?}");
        }
    }
    assert_eq!(world.server.requests().len(), 0, "another site learns nothing of the session");
}

#[tokio::test]
async fn two_live_credentials_are_refused() {
    let world = World::new().await;
    let cookie = format!("better-auth.session_token={SIGNED}");
    let bearer = format!("Bearer {TOKEN}");
    let both = [("cookie", &*cookie), ("authorization", &*bearer)];
    assert_eq!(world.with(&both).await, Err("400 two_credentials".to_owned()));
    // A bad bearer token refuses the request beside a live cookie: the cookie does not stand in for it.
    world.answers(&Value::Null);
    world.pass(30);
    let asked = world.server.requests().len();
    assert_eq!(world.with(&both).await, Err("session_unknown".to_owned()));
    assert_eq!(world.server.requests().len(), asked + 1);
}

#[tokio::test]
async fn bearer_tokens_of_another_form_are_not_sent() {
    let world = World::new().await;
    for token in
        ["short", "a.b.c", &format!("{TOKEN}.{TOKEN}.{TOKEN}"), &"a".repeat(300), "F56bvqTWlTrYztPX326h1mZ5Wwylf5U~"]
    {
        assert!(world.bearer(token).await.is_err(), "{token}");
    }
    assert_eq!(world.server.requests().len(), 0);
}

#[tokio::test]
async fn memory_is_bounded_against_strangers() {
    let world = World::new().await;
    assert!(world.subject().await.is_ok());
    world.answers(&Value::Null);
    for number in 0..5000 {
        assert!(world.bearer(&format!("stranger-{number:023}")).await.is_err());
    }
    // Strangers displace no live session.
    assert!(world.subject().await.is_ok());
    assert_eq!(world.server.requests().len(), 5001);
}
