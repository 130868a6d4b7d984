//! Ready-made endpoints: register, sign in, refresh, who am I, API keys, and the keys that verify access tokens.
//!
//! | method | path | what it does |
//! |---|---|---|
//! | POST | `/auth/register` | opens an account, from JSON |
//! | POST | `/auth/login` | signs in by user name or e-mail address and password, from JSON |
//! | POST | `/auth/token` | the OAuth2 token endpoint (RFC 6749): `password` and `refresh_token` grants, as a form |
//! | POST | `/auth/refresh` | exchanges a refresh token for new tokens, from JSON |
//! | GET | `/auth/me` | the caller's own account |
//! | GET | `/auth/api-keys` | the caller's API keys |
//! | POST | `/auth/api-keys` | makes an API key, and shows it this once |
//! | POST | `/auth/api-keys/{id}/rotate` | makes a key in the place of another, which works on for a while |
//! | DELETE | `/auth/api-keys/{id}` | revokes an API key |
//! | GET | `/.well-known/jwks.json` | the public keys (RFC 7517) |
//!
//! # API keys
//!
//! A key is for a program: `POST /auth/api-keys` with `{"name": "deploy", "scopes": ["notes:read"]}`, and optionally
//! `"expires_in_days": 30` and `"limit": {"count": 100, "per_seconds": 60}`. It is sent as `Authorization: Bearer` or as
//! `X-API-Key`, never in the query, and looks as [`ApiKeyFormat`](crate::token::ApiKeyFormat) says.
//!
//! - Its scopes are at most those of its owner and of the credential that asks for it; later it has those of them that its
//!   owner still has. It has no roles, so that handlers which want keys ask for scopes.
//! - It ends after 90 days unless it says otherwise, a year at most ([`AuthBuilder::api_key_days`](crate::auth::AuthBuilder::api_key_days)),
//!   and at once when it is revoked or its owner is deactivated.
//! - Making and rotating one asks for a login of the last 15 minutes; no key makes, lists or revokes keys.
//! - Rotating takes `{"overlap_hours": 24}` at most 168: for as long both keys work.
//!
//! # Passwords for tokens
//!
//! The `password` grant is refused unless [`AuthBuilder::password_grant`](crate::auth::AuthBuilder::password_grant) turns it
//! on: RFC 9700 forbids it for clients of third parties, since they would see the password. `/auth/login` is for the
//! service's own front end.

mod api_keys;
mod credentials;
mod engine;
mod failure;
mod jwks;
mod login;
mod me;
mod oauth;
mod policies;
mod refresh;
mod register;
mod sign_in;
mod token_endpoint;
mod tokens;

use axum::middleware::map_response;

use crate::{
    auth::{HasAccounts, HasAuth},
    router::{
        GuardedRouter,
        routing::{delete, get, post},
    },
};

/// All account endpoints, for a state that carries [`Auth`](crate::Auth) and [`Accounts`](crate::store::Accounts).
pub fn routes<S>() -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    GuardedRouter::new()
        .route("/auth/register", post(register::register))
        .route("/auth/login", post(login::login))
        .route("/auth/token", post(token_endpoint::token))
        .route("/auth/refresh", post(refresh::refresh))
        .route("/auth/me", get(me::me))
        .route("/auth/api-keys", get(api_keys::list).post(api_keys::create))
        .route("/auth/api-keys/{id}/rotate", post(api_keys::rotate))
        .route("/auth/api-keys/{id}", delete(api_keys::revoke))
        .route_layer(map_response(oauth::no_store))
        .route("/.well-known/jwks.json", get(jwks::jwks))
}
