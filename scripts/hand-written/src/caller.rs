use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{header::AUTHORIZATION, request::Parts},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

const ISSUER: &str = "hand-written";
/// The audiences keep a refresh token from being taken for an access token.
const ACCESS: (&str, u64) = ("hand-written", 15 * 60);
const REFRESH: (&str, u64) = ("hand-written refresh", 7 * 24 * 60 * 60);

/// The key of the tokens, and what their claims have to be.
pub(crate) struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    access: Validation,
    refresh: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    /// The role in an access token, the session in a refresh token.
    what: String,
    iat: u64,
    exp: u64,
}

/// The caller that a valid access token names.
pub(crate) struct Caller {
    pub(crate) id: String,
    pub(crate) role: String,
}

/// A caller with the role `admin`.
pub(crate) struct Admin;

impl Tokens {
    pub(crate) fn new(secret: &[u8]) -> Self {
        let validation = |audience: &str| {
            let mut validation = Validation::new(Algorithm::HS256);
            validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
            validation.set_issuer(&[ISSUER]);
            validation.set_audience(&[audience]);
            validation.leeway = 0;
            validation
        };
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            access: validation(ACCESS.0),
            refresh: validation(REFRESH.0),
        }
    }

    pub(crate) fn access(&self, account: i64, role: &str) -> Result<String, Problem> {
        self.issue(ACCESS, account, role.to_owned())
    }

    pub(crate) fn refresh(&self, account: i64, session: i64) -> Result<String, Problem> {
        self.issue(REFRESH, account, session.to_string())
    }

    /// Returns account and session of a refresh token.
    pub(crate) fn session(&self, token: &str) -> Option<(i64, i64)> {
        let Claims { sub, what, .. } = decode(token, &self.verifying, &self.refresh).ok()?.claims;
        Some((sub.parse().ok()?, what.parse().ok()?))
    }

    fn issue(&self, (audience, lifetime): (&str, u64), account: i64, what: String) -> Result<String, Problem> {
        let iat = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (iss, aud, sub) = (ISSUER.to_owned(), audience.to_owned(), account.to_string());
        let claims = Claims { iss, aud, sub, what, iat, exp: iat + lifetime };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(|_| Problem::INTERNAL)
    }

    fn caller(&self, parts: &Parts) -> Option<Caller> {
        let token = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        let Claims { sub, what, .. } = decode(token, &self.verifying, &self.access).ok()?.claims;
        Some(Caller { id: sub, role: what })
    }
}

impl Caller {
    pub(crate) fn is_admin(&self) -> bool {
        self.role == "admin"
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Arc<Tokens>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Arc::<Tokens>::from_ref(state).caller(parts).ok_or(Problem::UNAUTHORIZED)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin
where
    Arc<Tokens>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        if caller.is_admin() { Ok(Self) } else { Err(Problem::FORBIDDEN) }
    }
}
