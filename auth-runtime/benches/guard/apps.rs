//! The same handler behind different guards.

use std::{net::SocketAddr, sync::Arc};

use auth_runtime::{Auth, Guard, GuardedRouter, HasPolicy, Identity, Policy, policy::Rule, prelude::*};
use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{
        Request, StatusCode,
        header::{AUTHORIZATION, COOKIE},
        request::Parts,
    },
    routing::get as plain_get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use tower_governor::{GovernorLayer, governor::GovernorConfigBuilder};

use auth_runtime::{
    secret::SystemEntropy,
    token::{KeyRing, NewAccessToken, SigningKey},
};

use super::{rounds::Case, sessions};

pub(crate) const PLAIN: &str = "plain handler";
pub(crate) const HAND_WRITTEN: &str = "hand-written extractor, jsonwebtoken";
pub(crate) const BARE: &str = "the signature alone, aws-lc";
pub(crate) const OURS: &str = "#[require_role]";
pub(crate) const OURS_IDENTITY: &str = "#[require_role], handler takes Identity";
pub(crate) const BY_HAND: &str = "the same policy by hand";
pub(crate) const REVOCABLE: &str = "#[require_role], token of a session that can be ended";
pub(crate) const SESSION: &str = "#[require_role], cookie of a session in memory";
pub(crate) const ANONYMOUS: &str = "#[require_role], no token: 401";
pub(crate) const LIMITED: &str = "#[public] #[rate_limit(by = ip)]";
pub(crate) const LIMITED_SILENT: &str = "the same on a plain router: no fields";
pub(crate) const TOWER_GOVERNOR_FIELDS: &str = "tower_governor, with its header fields";
pub(crate) const TOWER_GOVERNOR: &str = "tower_governor, by peer address";

pub(crate) const SECRET: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";
pub(crate) const ISSUER: &str = "https://id.example.com";
pub(crate) const AUDIENCE: &str = "notes-api";

#[derive(serde::Serialize)]
struct Hello {
    message: &'static str,
}

const HELLO: Hello = Hello { message: "hello" };

async fn plain() -> axum::Json<Hello> {
    axum::Json(HELLO)
}

#[require_role("admin")]
async fn ours() -> axum::Json<Hello> {
    axum::Json(HELLO)
}

#[require_role("admin")]
async fn ours_with_identity(who: Identity) -> axum::Json<Hello> {
    std::hint::black_box(who.subject());
    axum::Json(HELLO)
}

#[public]
#[rate_limit(1000000/sec, by = ip)]
async fn limited() -> axum::Json<Hello> {
    axum::Json(HELLO)
}

struct AdminsOnly;

impl HasPolicy for AdminsOnly {
    const POLICY: Policy = Policy::protected("admins_only").with_rule(Rule::role("admin"));
    type Checks = ();
}

async fn by_hand(_: Guard<AdminsOnly>) -> axum::Json<Hello> {
    axum::Json(HELLO)
}

/// An extractor as a careful developer writes it: key and validation are prepared once, and the claims are owned.
#[derive(Clone)]
struct HandWritten {
    key: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    roles: Vec<String>,
}

struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Admin
where
    HandWritten: FromRef<S>,
{
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let HandWritten { key, validation } = HandWritten::from_ref(state);
        let value = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(StatusCode::UNAUTHORIZED)?;
        let claims = decode::<Claims>(token, &key, &validation).map_err(|_| StatusCode::UNAUTHORIZED)?.claims;
        std::hint::black_box(&claims.sub);
        if claims.roles.iter().any(|role| role == "admin") { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
    }
}

async fn hand_written(_: Admin) -> axum::Json<Hello> {
    axum::Json(HELLO)
}

fn hand_written_app() -> Router {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    let state = HandWritten { key: DecodingKey::from_secret(SECRET.as_bytes()), validation };
    Router::new().route("/", plain_get(hand_written)).with_state(state)
}

/// The least that a check of the token can do: it finds the signature and verifies it. It reads no claim.
struct Signed;

impl<S: Send + Sync> FromRequestParts<S> for Signed
where
    Arc<hmac::Key>: FromRef<S>,
{
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let key = Arc::<hmac::Key>::from_ref(state);
        let value = parts.headers.get(AUTHORIZATION).map_or(&[][..], |value| value.as_bytes());
        let token = value.strip_prefix(b"Bearer ").ok_or(StatusCode::UNAUTHORIZED)?;
        let dot = memchr::memrchr(b'.', token).ok_or(StatusCode::UNAUTHORIZED)?;
        let mut signature = [0; 32];
        URL_SAFE_NO_PAD.decode_slice(&token[dot + 1..], &mut signature).map_err(|_| StatusCode::UNAUTHORIZED)?;
        hmac::verify(&key, &token[..dot], &signature).map_err(|_| StatusCode::UNAUTHORIZED)?;
        Ok(Self)
    }
}

async fn signed(_: Signed) -> axum::Json<Hello> {
    axum::Json(HELLO)
}

fn signed_app() -> Router {
    let key = Arc::new(hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()));
    Router::new().route("/", plain_get(signed)).with_state(key)
}

fn governor_app() -> Router {
    let config = GovernorConfigBuilder::default().per_nanosecond(1_000).burst_size(1_000_000).finish();
    let layer = GovernorLayer::new(config.expect("a configuration"));
    Router::new().route("/", plain_get(plain)).layer(layer)
}

/// Without `GuardedRouter` and its layer, the response gets no header fields about the limit.
fn limited_app(auth: &Auth) -> Router {
    Router::new().route("/", plain_get(limited)).with_state(auth.clone())
}

/// Writes as many header fields on each response as our limits do, and one more.
fn governor_app_with_fields() -> Router {
    let config = GovernorConfigBuilder::default().per_nanosecond(1_000).burst_size(1_000_000).use_headers().finish();
    let layer = GovernorLayer::new(config.expect("a configuration"));
    Router::new().route("/", plain_get(plain)).layer(layer)
}

fn guarded(auth: &Auth, handlers: auth_runtime::router::MethodRouter<Auth>) -> Router {
    GuardedRouter::new().route("/", handlers).with_state(auth.clone()).into_router()
}

pub(crate) fn cases() -> Vec<Case> {
    let key = SigningKey::from_secret(&SECRET.into()).expect("a good secret");
    let keys = KeyRing::builder().sign_with(key).build().expect("one key");
    let auth = Auth::builder().keys(keys.clone()).issuer(ISSUER).audience(AUDIENCE).build().expect("good settings");
    let (with_accounts, cookie) = sessions::signed_in(Auth::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE));
    let claims = NewAccessToken::new("8f14e45f-ceea-467f-a8f1-0b5c9a0d3c11", "web").roles(&["member", "admin"]);
    let claims = claims.session("01a20942-1f10-74e6-916d-7e29aa74addd");
    let token = auth.tokens().issue(&claims, auth.clock().unix(), &SystemEntropy::new()).expect("a token");
    let bearer = format!("Bearer {}", token.expose());
    let case = |name, app, request, expected| Case { name, app, request, credential: bearer.clone(), expected };
    vec![
        case(PLAIN, Router::new().route("/", plain_get(plain)), with_credential, StatusCode::OK),
        case(HAND_WRITTEN, hand_written_app(), with_credential, StatusCode::OK),
        case(BARE, signed_app(), with_credential, StatusCode::OK),
        case(OURS, guarded(&auth, get(ours)), with_credential, StatusCode::OK),
        case(OURS_IDENTITY, guarded(&auth, get(ours_with_identity)), with_credential, StatusCode::OK),
        case(BY_HAND, guarded(&auth, get(by_hand)), with_credential, StatusCode::OK),
        case(REVOCABLE, guarded(&with_accounts, get(ours)), with_credential, StatusCode::OK),
        Case {
            name: SESSION,
            app: guarded(&with_accounts, get(ours)),
            request: with_cookie,
            credential: cookie,
            expected: StatusCode::OK,
        },
        case(ANONYMOUS, guarded(&auth, get(ours)), without_credential, StatusCode::UNAUTHORIZED),
        case(LIMITED, guarded(&auth, get(limited)), with_credential, StatusCode::OK),
        case(LIMITED_SILENT, limited_app(&auth), with_credential, StatusCode::OK),
        case(TOWER_GOVERNOR, governor_app(), with_credential, StatusCode::OK),
        case(TOWER_GOVERNOR_FIELDS, governor_app_with_fields(), with_credential, StatusCode::OK),
    ]
}

/// Every request has the same parts, so that building it costs the same in every case.
fn with_credential(bearer: &str) -> Request<Body> {
    let mut request = Request::builder().uri("/").header(AUTHORIZATION, bearer).body(Body::empty()).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))));
    request
}

fn with_cookie(cookie: &str) -> Request<Body> {
    let mut request = Request::builder().uri("/").header(COOKIE, cookie).body(Body::empty()).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))));
    request
}

fn without_credential(_: &str) -> Request<Body> {
    let mut request = Request::builder().uri("/").header("accept", "*/*").body(Body::empty()).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))));
    request
}
