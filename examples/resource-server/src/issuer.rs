//! An issuer for development. It stands for Keycloak, Entra or another provider, so that the example needs no provider.
//! It publishes its metadata and its keys, and gives a token to everyone who asks.
//!
//! It is no part of the service. It listens on this machine alone, and a release build does not have it.

use std::{error::Error, sync::Arc};

use auth_runtime::{
    clock::{Clock as _, SystemClock},
    secret::SystemEntropy,
    token::{Algorithm, KeyRing, NewAccessToken, SigningKey, TokenIssuer},
};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

struct Issuer {
    url: String,
    keys: KeyRing,
    tokens: TokenIssuer,
}

/// Starts the issuer, and returns its URL. Its tokens are for this audience.
pub(crate) async fn start(audience: &str) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let keys = KeyRing::builder().sign_with(new_key()?).build()?;
    let tokens = TokenIssuer::builder(keys.clone(), &url, audience).build()?;
    let issuer = Arc::new(Issuer { url: url.clone(), keys, tokens });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/jwks", get(jwks))
        .route("/token", post(token))
        .with_state(issuer);
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(url)
}

/// Creates a key that is new at each start.
fn new_key() -> Result<SigningKey, Box<dyn Error>> {
    let der = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?.to_pkcs8v1()?;
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    Ok(SigningKey::from_pem(Algorithm::ES256, &pem.into())?)
}

/// The metadata say where the keys are (OpenID Connect Discovery).
async fn metadata(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let url = &issuer.url;
    Json(json!({ "issuer": url, "jwks_uri": format!("{url}/jwks"), "token_endpoint": format!("{url}/token") }))
}

async fn jwks(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    Json(issuer.keys.jwks())
}

/// What a real issuer learns by a sign-in.
#[derive(Deserialize)]
struct Wish {
    client_id: String,
    #[serde(default)]
    scope: String,
    /// Separated by spaces.
    #[serde(default)]
    roles: String,
}

async fn token(State(issuer): State<Arc<Issuer>>, Form(wish): Form<Wish>) -> Result<String, StatusCode> {
    let roles: Vec<&str> = wish.roles.split_whitespace().collect();
    let token = NewAccessToken::new(&wish.client_id, "development").scope(&wish.scope).roles(&roles);
    let issued = issuer.tokens.issue(&token, SystemClock::new().unix(), &SystemEntropy::new());
    issued.map(|token| token.expose().to_owned()).map_err(|_| StatusCode::BAD_REQUEST)
}
