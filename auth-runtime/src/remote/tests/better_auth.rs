//! A better-auth server in a process of its own, which `scripts/services` installs.

use core::time::Duration;
use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::http::Request;
use serde_json::{Value, json};

use crate::{
    auth::Auth, authn::AuthnError, clock::manual::ManualClock, identity::Identity, policy::Via, remote::Issuer,
};

const PROGRAM: &str = "AUTH_TESTS_BETTER_AUTH";

pub(super) struct Server {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    url: String,
    service_token: String,
}

/// What a person has after a sign-in.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) token: String,
    pub(super) signed: String,
    pub(super) cookie: String,
    pub(super) cookies: String,
}

impl Server {
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    pub(super) fn start(options: &Value) -> Option<Self> {
        let Ok(program) = env::var(PROGRAM) else {
            assert!(env::var_os("CI").is_none(), "{PROGRAM} is not set: `scripts/services run cargo test` sets it");
            eprintln!("left out: {PROGRAM} is not set");
            return None;
        };
        let mut command = Command::new("node");
        command.args([program, options.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let (commands, answers) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let (url, service_token) = (String::new(), String::new());
        let mut server = Self { process, commands, answers, url, service_token };
        let begin = server.answer();
        server.url = begin["url"].as_str().unwrap().to_owned();
        server.service_token = begin["serviceToken"].as_str().unwrap().to_owned();
        Some(server)
    }

    pub(super) fn ask(&mut self, command: &str) -> Value {
        writeln!(self.commands, "{command}").unwrap();
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    pub(super) fn signed_in(&mut self, command: &str) -> Person {
        let answer = self.ask(command);
        let get = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let person = Person {
            id: get("id"),
            token: get("token"),
            signed: get("signed"),
            cookie: get("cookie"),
            cookies: get("cookies"),
        };
        assert!(!person.token.is_empty() && !person.cookie.is_empty(), "{command}: {answer}");
        person
    }

    pub(super) fn jwt(&mut self, person: &Person) -> String {
        self.ask(&format!("jwt {}", person.cookie))["token"].as_str().unwrap().to_owned()
    }

    pub(super) fn trusted(&self) -> Issuer {
        let route = format!("{}/internal/api-key/verify", self.url);
        Issuer::better_auth(&self.url).api_keys_at(route, self.service_token.as_str().into())
    }

    pub(super) fn count(&mut self, path: &str) -> u64 {
        self.ask("requests")[path].as_u64().unwrap_or_default()
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(super) struct Service {
    auth: Auth,
    clock: ManualClock,
}

type Known = Result<Option<Identity>, String>;

impl Service {
    pub(super) fn new(issuer: Issuer) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let clock = ManualClock::at(i64::try_from(now).unwrap());
        Self { auth: Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap(), clock }
    }

    pub(super) async fn with(&self, name: &str, value: &str) -> Known {
        let request = Request::get("/").header("sec-fetch-site", "same-origin").header(name, value).body(()).unwrap();
        self.auth.authenticate(&request.into_parts().0).await.map_err(|error| match error {
            AuthnError::Invalid(reason) | AuthnError::Malformed(reason) => reason.to_owned(),
            AuthnError::Unavailable(error) => format!("503 after {:?}", error.retry_after()),
            other => panic!("{other}"),
        })
    }

    pub(super) async fn bearer(&self, token: &str) -> Known {
        self.with("authorization", &format!("Bearer {token}")).await
    }

    pub(super) async fn cookie(&self, cookie: &str) -> Known {
        self.with("cookie", cookie).await
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Returns the subject of a live credential.
pub(super) fn subject(known: Known) -> String {
    known.unwrap().unwrap().subject().to_owned()
}

pub(super) fn is_absent(known: &Known) -> bool {
    matches!(known, Ok(None))
}

pub(super) fn reason(known: Known) -> String {
    known.expect_err("a live credential")
}

#[tokio::test]
async fn a_person_is_the_same_with_each_credential() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    let encoded = ada.cookie.split_once('=').unwrap().1.to_owned();
    let jwt = server.jwt(&ada);
    let mut principals = Vec::new();
    for (known, via) in [
        (service.bearer(&jwt).await, Via::BEARER),
        (service.bearer(&ada.token).await, Via::BEARER),
        (service.bearer(&ada.signed).await, Via::BEARER),
        (service.bearer(&encoded).await, Via::BEARER),
        (service.cookie(&ada.cookie).await, Via::SESSION),
        (service.cookie(&format!("a=b; {}; c=d", ada.cookies)).await, Via::SESSION),
    ] {
        let identity = known.unwrap().unwrap();
        assert_eq!((identity.subject(), identity.issuer(), identity.via()), (&*ada.id, &*server.url, via));
        assert_eq!((identity.name(), identity.email()), (Some("ada"), Some("ada@example.com")));
        assert!(identity.roles().eq(["user"]) && !identity.is_email_verified());
        principals.push(format!("{:?}", identity.principal()));
    }
    principals.dedup();
    assert_eq!(principals.len(), 1);
    // The keys once, the three forms of the session's token, and the cookie once.
    assert_eq!((server.count("/api/auth/jwks"), server.count("/api/auth/get-session")), (1, 4));
}

#[tokio::test]
async fn a_sign_out_ends_sessions_and_no_jwt() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    let jwt = server.jwt(&ada);
    assert_eq!(
        (subject(service.cookie(&ada.cookie).await), subject(service.bearer(&ada.token).await)),
        (ada.id.clone(), ada.id.clone())
    );
    assert_eq!(server.ask(&format!("sign-out {}", ada.cookie))["status"], 200);
    // Remembered answers last for less than 30 seconds more.
    assert!(service.bearer(&ada.token).await.is_ok());
    service.pass(30);
    assert!(is_absent(&service.cookie(&ada.cookie).await));
    assert_eq!(reason(service.bearer(&ada.token).await), "session_unknown");
    assert_eq!(subject(service.bearer(&jwt).await), ada.id);
    service.pass(900);
    assert_eq!(reason(service.bearer(&jwt).await), "expired");
}

#[tokio::test]
async fn the_cookie_cache_of_a_revoked_session_does_not_count() {
    let Some(mut server) = Server::start(&json!({ "cacheCookie": "compact" })) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    assert!(ada.cookies.contains("session_data"), "{}", ada.cookies);
    server.ask(&format!("sign-out {}", ada.cookie));
    assert!(is_absent(&service.cookie(&ada.cookies).await));
}

#[tokio::test]
async fn a_ban_counts_within_the_time_of_memory() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (admin, ada) = (server.signed_in("sign-up admin@example.com"), server.signed_in("sign-up ada@example.com"));
    let bob = server.signed_in("sign-up bob@example.com");
    let service = Service::new(server.trusted());
    assert!(service.bearer(&ada.token).await.is_ok() && service.cookie(&bob.cookie).await.unwrap().is_some());
    server.ask(&format!("ban {} {}", admin.signed, ada.id));
    // The sessions of this person stay, as where an operator has written the ban into the table.
    server.ask(&format!("ban-row {}", bob.id));
    service.pass(30);
    assert_eq!(reason(service.bearer(&ada.token).await), "session_unknown");
    assert_eq!(reason(service.bearer(&bob.token).await), "user_banned");
    assert!(is_absent(&service.cookie(&bob.cookie).await));
    // Its default claims say so in a JWT that this session gets.
    let jwt = server.jwt(&bob);
    assert_eq!(reason(service.bearer(&jwt).await), "user_banned");
}

#[tokio::test]
async fn roles_are_those_of_this_moment() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (admin, ada) = (server.signed_in("sign-up admin@example.com"), server.signed_in("sign-up ada@example.com"));
    let service = Service::new(server.trusted());
    assert!(!service.bearer(&ada.token).await.unwrap().unwrap().has_role("admin"));
    server.ask(&format!("set-role {} {} user,admin", admin.signed, ada.id));
    service.pass(30);
    let identity = service.bearer(&ada.token).await.unwrap().unwrap();
    assert!(identity.has_role("admin") && identity.has_role("user") && identity.roles().count() == 2);
    let jwt = server.jwt(&ada);
    assert!(service.bearer(&jwt).await.unwrap().unwrap().has_role("admin"));
}

#[tokio::test]
async fn no_question_lengthens_an_impersonation() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (admin, ada) = (server.signed_in("sign-up admin@example.com"), server.signed_in("sign-up ada@example.com"));
    let service = Service::new(server.trusted());
    let posing = server.signed_in(&format!("impersonate {} {}", admin.cookie, ada.id));
    let before = server.ask(&format!("expires-at {}", posing.token));
    let identity = service.bearer(&posing.token).await.unwrap().unwrap();
    assert_eq!((identity.subject(), identity.auth_time()), (&*ada.id, None), "an administrator is no recent sign-in");
    assert!(service.cookie(&posing.cookie).await.unwrap().is_some());
    assert_eq!(server.ask(&format!("expires-at {}", posing.token)), before);
}

#[tokio::test]
async fn keys_rotate() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    let former = server.jwt(&ada);
    assert!(service.bearer(&former).await.is_ok());
    server.ask("rotate");
    let new = server.jwt(&ada);
    assert_eq!(reason(service.bearer(&new).await), "kid_unknown");
    service.pass(30);
    assert!(service.bearer(&new).await.is_ok());
    assert_eq!(reason(service.bearer(&former).await), "kid_unknown");
}

#[tokio::test]
async fn each_algorithm_that_is_known_verifies() {
    for (algorithm, is_known) in [("EdDSA", true), ("ES256", true), ("RS256", true), ("PS256", true), ("ES512", false)]
    {
        let Some(mut server) = Server::start(&json!({ "algorithm": algorithm })) else { return };
        let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
        let jwt = server.jwt(&ada);
        assert_eq!(service.bearer(&jwt).await.is_ok(), is_known, "{algorithm}");
    }
}

#[tokio::test]
async fn its_outages_are_outages() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    for status in [500, 502, 503] {
        server.ask(&format!("fault {status}"));
        assert_eq!(reason(service.bearer(&ada.token).await), "503 after None");
        assert_eq!(reason(service.cookie(&ada.cookie).await), "503 after None");
    }
    server.ask("fault 0 6000");
    assert_eq!(reason(service.bearer(&ada.token).await), "503 after None", "a stalled server");
    server.ask("well");
    assert!(service.bearer(&ada.token).await.is_ok());
    server.kill();
    assert!(service.bearer(&ada.token).await.is_ok(), "it is remembered");
    service.pass(30);
    assert_eq!(reason(service.bearer(&ada.token).await), "503 after None");
}

#[tokio::test]
async fn its_rate_limit_is_no_refusal() {
    let Some(mut server) = Server::start(&json!({ "mostRequests": 2 })) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    for _ in 0..2 {
        assert!(service.bearer(&ada.token).await.is_ok());
        service.pass(30);
    }
    let refused = reason(service.bearer(&ada.token).await);
    assert!(refused.starts_with("503 after Some("), "{refused}");
    let asked = server.count("/api/auth/get-session");
    assert!(reason(service.cookie(&ada.cookie).await).starts_with("503 after Some("));
    assert_eq!(server.count("/api/auth/get-session"), asked, "it gets its rest");
}

#[tokio::test]
async fn forged_and_foreign_sessions_are_refused() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let Some(mut other) = Server::start(&json!({})) else { return };
    let (ada, eve) = (server.signed_in("sign-up ada@example.com"), other.signed_in("sign-up eve@example.com"));
    let service = Service::new(server.trusted());
    let (name, _) = ada.cookie.split_once('=').unwrap();
    // A token of the other server, and a token of this one under an invalid signature.
    let (_, signature) = eve.cookie.rsplit_once('.').unwrap();
    for cookie in [eve.cookie.clone(), format!("{name}={}.{signature}", ada.token), format!("{name}={}", ada.token)] {
        assert!(is_absent(&service.cookie(&cookie).await), "{cookie}");
    }
    for token in [&eve.token, &eve.signed, &format!("{}.{signature}", ada.token)] {
        assert!(service.bearer(token).await.is_err(), "{token}");
    }
    let foreign = other.jwt(&eve);
    assert!(service.bearer(&foreign).await.is_err());
    // A session's token is no JWT, and a JWT no session's token.
    let jwt = server.jwt(&ada);
    let asked = server.count("/api/auth/get-session");
    assert!(is_absent(&service.cookie(&format!("{name}={jwt}")).await));
    assert_eq!(server.count("/api/auth/get-session"), asked);
}

#[tokio::test]
async fn ended_sessions_are_refused() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    server.ask(&format!("expire {}", ada.token));
    assert_eq!(reason(service.bearer(&ada.token).await), "session_unknown");
    assert!(is_absent(&service.cookie(&ada.cookie).await));
}

#[tokio::test]
async fn a_server_with_other_options_is_known() {
    let Some(mut server) = Server::start(&json!({ "isSecure": true, "basePath": "/people", "requireSignature": true }))
    else {
        return;
    };
    let ada = server.signed_in("sign-up ada@example.com");
    assert!(ada.cookie.starts_with("__Secure-better-auth.session_token="), "{}", ada.cookie);
    let service = Service::new(server.trusted().endpoints(format!("{}/people", server.url)));
    assert_eq!(subject(service.cookie(&ada.cookie).await), ada.id);
    assert_eq!(subject(service.bearer(&ada.signed).await), ada.id);
    assert_eq!(reason(service.bearer(&ada.token).await), "session_unknown", "it wants a signature");
    let jwt = server.jwt(&ada);
    assert_eq!(subject(service.bearer(&jwt).await), ada.id);
    // A wrong path is an outage, and no refusal.
    let lost = Service::new(server.trusted());
    assert_eq!(reason(lost.cookie(&ada.cookie).await), "503 after None");
    let Some(mut bare) = Server::start(&json!({ "hasBearer": false })) else { return };
    let (bob, service) = (bare.signed_in("sign-up bob@example.com"), Service::new(bare.trusted()));
    assert_eq!(reason(service.bearer(&bob.token).await), "session_unknown", "without the plugin");
    assert_eq!(subject(service.cookie(&bob.cookie).await), bob.id);
}

#[tokio::test]
async fn api_keys_are_verified_by_the_operators_route() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    let key = server.ask(&format!("create-key {}", ada.id))["key"].as_str().unwrap().to_owned();
    let identity = service.with("x-api-key", &key).await.unwrap().unwrap();
    assert_eq!((identity.subject(), identity.via()), (&*ada.id, Via::API_KEY));
    assert!(identity.scopes().eq(["files:read"]) && identity.roles().next().is_none());
    assert_eq!(reason(service.with("x-api-key", &key.replace(&key[..1], "_")).await), "api_key_unknown");
    assert_eq!(reason(service.bearer(&key).await), "session_unknown", "a key is no session");
    server.ask(&format!("ban-row {}", ada.id));
    service.pass(5);
    assert_eq!(reason(service.with("x-api-key", &key).await), "user_banned");
    let wrong = server.trusted().api_keys_at(format!("{}/internal/api-key/verify", server.url), "other".into());
    assert_eq!(reason(Service::new(wrong).with("x-api-key", &key).await), "503 after None");
}

#[tokio::test]
async fn a_person_is_asked_about_once_for_many_requests() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let people = 0..100;
    let tokens: Vec<_> =
        people.map(|number| server.signed_in(&format!("sign-up person{number}@example.com")).token).collect();
    let service = Service::new(server.trusted());
    for _ in 0..10 {
        for token in &tokens {
            assert!(service.bearer(token).await.is_ok());
        }
    }
    assert_eq!(server.count("/api/auth/get-session"), 100);
}
