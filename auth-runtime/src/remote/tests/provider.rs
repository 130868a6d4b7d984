//! A certified OpenID provider in a process of its own, which `scripts/services` installs.

use core::time::Duration;
use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use super::world::verify;
use crate::{
    auth::Auth,
    clock::manual::ManualClock,
    remote::{Introspection, Issuer, TokenType},
    token::{Algorithm, SigningKey},
};

const PROGRAM: &str = "AUTH_TESTS_OIDC_PROVIDER";

struct Provider {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    issuer: String,
    resource: String,
}

impl Provider {
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    fn start() -> Option<Self> {
        let Ok(program) = env::var(PROGRAM) else {
            assert!(env::var_os("CI").is_none(), "{PROGRAM} is not set: `scripts/services run cargo test` sets it");
            eprintln!("left out: {PROGRAM} is not set");
            return None;
        };
        let mut command = Command::new("node");
        command.arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let (commands, answers) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let (issuer, resource) = (String::new(), String::new());
        let mut provider = Self { process, commands, answers, issuer, resource };
        let begin = provider.answer();
        provider.issuer = begin["issuer"].as_str().unwrap().to_owned();
        provider.resource = begin["resource"].as_str().unwrap().to_owned();
        Some(provider)
    }

    fn ask(&mut self, command: &str) -> Value {
        writeln!(self.commands, "{command}").unwrap();
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn access_token(&mut self, command: &str) -> String {
        self.ask(command)["access_token"].as_str().unwrap().to_owned()
    }

    fn trusted(&self) -> Issuer {
        Issuer::oidc(&self.issuer).audience(&self.resource)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The audience of its opaque tokens.
const OPAQUE: &str = "https://opaque.example.com";

impl Provider {
    fn with_secret(&mut self) -> Introspection {
        Introspection::with_secret("api", self.ask("client")["secret"].as_str().unwrap().into())
    }

    fn trusted_for_opaque(&mut self) -> Issuer {
        let introspection = self.with_secret();
        Issuer::oidc(&self.issuer).audience(OPAQUE).introspection(introspection)
    }
}

fn service(issuer: Issuer) -> (Auth, ManualClock) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let clock = ManualClock::at(i64::try_from(now).unwrap());
    (Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap(), clock)
}

async fn reason(auth: &Auth, token: &str) -> String {
    verify(auth, token).await.expect_err(token)
}

#[tokio::test]
async fn its_access_tokens_are_verified_by_discovery() {
    let Some(mut provider) = Provider::start() else { return };
    let (auth, _) = service(provider.trusted());
    let identity = verify(&auth, &provider.access_token("machine")).await.unwrap();
    assert_eq!((identity.subject(), identity.client()), ("machine", Some("machine")));
    assert_eq!(identity.issuer(), provider.issuer);
    assert!(identity.has_scope("posts:read") && identity.has_scope("posts:write"));
    let identity = verify(&auth, &provider.access_token("person")).await.unwrap();
    assert_eq!((identity.subject(), identity.client()), ("alice", Some("web")));
    assert!(identity.has_scope("posts:read") && !identity.has_scope("posts:write"));
    let requests = provider.ask("requests");
    assert_eq!((&requests["/jwks"], &requests["/.well-known/openid-configuration"]), (&1.into(), &1.into()));
}

#[tokio::test]
async fn tokens_for_others_and_of_others_are_refused() {
    let Some(mut provider) = Provider::start() else { return };
    let Some(mut other) = Provider::start() else { return };
    let (auth, _) = service(provider.trusted());
    assert!(verify(&auth, &provider.access_token("machine")).await.is_ok());
    let elsewhere = provider.access_token("machine https://other.example.com");
    assert_eq!(reason(&auth, &elsewhere).await, "aud_wrong");
    assert!(verify(&auth, &other.access_token("machine")).await.is_err());
}

#[tokio::test]
async fn an_id_token_is_no_access_token() {
    let Some(mut provider) = Provider::start() else { return };
    let tokens = provider.ask("person");
    let (id_token, access_token) = (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
    // Even where the audience of ID tokens is trusted.
    for token_type in [TokenType::AtJwt, TokenType::Jwt] {
        let (auth, _) = service(provider.trusted().audience("web").token_type(token_type));
        assert!(verify(&auth, access_token).await.is_ok());
        assert_eq!(reason(&auth, id_token).await, "typ_not_access_token");
    }
}

#[tokio::test]
async fn its_keys_rotate() {
    let Some(mut provider) = Provider::start() else { return };
    let (auth, clock) = service(provider.trusted());
    let former = provider.access_token("machine");
    assert!(verify(&auth, &former).await.is_ok());
    provider.ask("rotate");
    let new = provider.access_token("machine");
    assert_eq!(reason(&auth, &new).await, "kid_unknown");
    clock.advance(Duration::from_secs(30));
    assert!(verify(&auth, &new).await.is_ok());
    assert_eq!(reason(&auth, &former).await, "kid_unknown");
}

#[tokio::test]
async fn metadata_that_lie_are_refused() {
    let Some(mut provider) = Provider::start() else { return };
    let (auth, clock) = service(provider.trusted());
    let token = provider.access_token("machine");
    provider.ask("lie");
    assert_eq!(reason(&auth, &token).await, "unavailable");
    provider.ask("honest");
    clock.advance(Duration::from_secs(30));
    assert!(verify(&auth, &token).await.is_ok());
}

#[tokio::test]
async fn its_tokens_outlast_its_outage() {
    let Some(mut provider) = Provider::start() else { return };
    let (auth, clock) = service(provider.trusted());
    let token = provider.access_token("machine");
    assert!(verify(&auth, &token).await.is_ok());
    provider.process.kill().unwrap();
    provider.process.wait().unwrap();
    clock.advance(Duration::from_secs(299));
    assert!(verify(&auth, &token).await.is_ok());
}

#[tokio::test]
async fn its_opaque_tokens_are_what_it_says() {
    let Some(mut provider) = Provider::start() else { return };
    let (auth, _) = service(provider.trusted_for_opaque());
    let identity = verify(&auth, &provider.access_token("opaque")).await.unwrap();
    // It names no subject for a client that acts for itself.
    assert_eq!((identity.subject(), identity.client()), ("machine", Some("machine")));
    assert_eq!((identity.issuer(), identity.has_scope("posts:read")), (&*provider.issuer, true));
    let identity = verify(&auth, &provider.access_token("opaque-person")).await.unwrap();
    assert_eq!((identity.subject(), identity.client()), ("alice", Some("web")));
    assert_eq!(reason(&auth, "an-opaque-token-that-is-none").await, "token_inactive");
    assert_eq!(provider.ask("requests")["/token/introspection"], 3);
}

#[tokio::test]
async fn a_private_key_proves_this_service_to_it() {
    let Some(mut provider) = Provider::start() else { return };
    let pem = provider.ask("client")["key"].as_str().unwrap().to_owned();
    let key = SigningKey::from_pem(Algorithm::ES256, &pem.into()).unwrap().with_id("the-key").unwrap();
    let issuer = Issuer::oidc(&provider.issuer).audience(OPAQUE);
    let (auth, _) = service(issuer.introspection(Introspection::with_key("api-key", key)));
    assert!(verify(&auth, &provider.access_token("opaque")).await.is_ok());
}

#[tokio::test]
async fn a_wrong_secret_is_an_outage_and_no_refusal() {
    let Some(mut provider) = Provider::start() else { return };
    let issuer = Issuer::oidc(&provider.issuer).audience(OPAQUE);
    let (auth, _) = service(issuer.introspection(Introspection::with_secret("api", "wrong".into())));
    assert_eq!(reason(&auth, &provider.access_token("opaque")).await, "unavailable");
}

#[tokio::test]
async fn a_revocation_counts_within_the_time_of_memory() {
    let Some(mut provider) = Provider::start() else { return };
    let (auth, clock) = service(provider.trusted_for_opaque());
    let token = provider.access_token("opaque");
    assert!(verify(&auth, &token).await.is_ok());
    assert_eq!(provider.ask(&format!("revoke {token}"))["status"], 200);
    clock.advance(Duration::from_secs(30));
    assert_eq!(reason(&auth, &token).await, "token_inactive");
}

#[tokio::test]
async fn its_refresh_tokens_and_tokens_for_others_are_refused() {
    let Some(mut provider) = Provider::start() else { return };
    let tokens = provider.ask("opaque-person");
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let (auth, _) = service(provider.trusted_for_opaque());
    assert!(verify(&auth, access).await.is_ok());
    assert_eq!(reason(&auth, refresh).await, "claim_missing", "it calls a refresh token active, and names no audience");
    let lax = provider.with_secret().allow_missing_audience();
    let (auth, _) = service(Issuer::oidc(&provider.issuer).audience(OPAQUE).introspection(lax));
    assert_eq!(reason(&auth, refresh).await, "typ_not_access_token");
    let introspection = provider.with_secret();
    let (auth, _) =
        service(Issuer::oidc(&provider.issuer).audience("https://other.example.com").introspection(introspection));
    assert_eq!(reason(&auth, access).await, "aud_wrong");
}
