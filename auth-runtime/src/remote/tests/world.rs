//! A service that trusts one issuer.

use core::time::Duration;

use axum::http::Request;
use serde_json::{Value, json};

use super::{
    server::{Answer, Server},
    signer::{self, NOW, Signer},
};
use crate::{auth::Auth, authn::AuthnError, clock::manual::ManualClock, identity::Identity, remote::Issuer};

pub(super) const METADATA: &str = "/.well-known/openid-configuration";
pub(super) const JWKS: &str = "/jwks";

pub(super) struct World {
    pub(super) server: Server,
    pub(super) signer: Signer,
    pub(super) clock: ManualClock,
    pub(super) auth: Auth,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(|issuer| issuer).await
    }

    /// Starts an issuer with one key, and a service that trusts it with these settings.
    pub(super) async fn with(settings: impl FnOnce(Issuer) -> Issuer) -> Self {
        let (server, signer, clock) = (Server::start().await, Signer::new("k1"), ManualClock::at(NOW));
        let url = server.url();
        server.set(METADATA, metadata(&url, &format!("{url}{JWKS}")));
        server.set(JWKS, keys(&[signer.jwk()]));
        let issuer = settings(Issuer::oidc(url).audience("api"));
        let auth = Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap();
        Self { server, signer, clock, auth }
    }

    pub(super) fn claims(&self) -> Value {
        let mut claims = signer::claims(&self.server.url());
        let now = crate::clock::Clock::unix(&self.clock).as_seconds();
        (claims["iat"], claims["exp"]) = (json!(now), json!(now + 300));
        claims
    }

    pub(super) fn token(&self) -> String {
        self.signer.token(&self.claims())
    }

    /// Returns the caller of a token with some claims replaced.
    pub(super) async fn with_claims(&self, changes: Value) -> Result<Identity, String> {
        self.verify(&self.signer.token(&signer::with(self.claims(), changes))).await
    }

    pub(super) async fn verify(&self, token: &str) -> Result<Identity, String> {
        verify(&self.auth, token).await
    }

    pub(super) async fn subject(&self, token: &str) -> Result<String, String> {
        self.verify(token).await.map(|identity| identity.subject().to_owned())
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Returns the caller, or the reason of the refusal.
pub(super) async fn verify(auth: &Auth, token: &str) -> Result<Identity, String> {
    let request = Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
    match auth.authenticate(&request.into_parts().0).await {
        Ok(identity) => Ok(identity.unwrap()),
        Err(AuthnError::Invalid(reason) | AuthnError::Malformed(reason)) => Err(reason.to_owned()),
        Err(AuthnError::Unavailable(_)) => Err("unavailable".to_owned()),
        Err(other) => panic!("{other}"),
    }
}

pub(super) fn metadata(issuer: &str, jwks: &str) -> Answer {
    Answer::Json(
        json!({ "issuer": issuer, "jwks_uri": jwks, "grant_types_supported": ["client_credentials"] }).to_string(),
    )
}

pub(super) fn keys(keys: &[Value]) -> Answer {
    Answer::Json(json!({ "keys": keys }).to_string())
}
