//! Ready-made endpoints: register, sign in, refresh, who am I, and the keys that verify access tokens.
//!
//! | method | path | what it does |
//! |---|---|---|
//! | POST | `/auth/register` | opens an account, from JSON |
//! | POST | `/auth/login` | signs in by user name or e-mail address and password, from JSON |
//! | POST | `/auth/token` | the OAuth2 token endpoint (RFC 6749): `password` and `refresh_token` grants, as a form |
//! | POST | `/auth/refresh` | exchanges a refresh token for new tokens, from JSON |
//! | GET | `/auth/me` | the caller's own account |
//! | GET | `/.well-known/jwks.json` | the public keys (RFC 7517) |
//!
//! The `password` grant is refused unless [`AuthBuilder::password_grant`](crate::auth::AuthBuilder::password_grant) turns it
//! on: RFC 9700 forbids it for clients of third parties, since they would see the password. `/auth/login` is for the
//! service's own front end.

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
        routing::{get, post},
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
        .route_layer(map_response(oauth::no_store))
        .route("/.well-known/jwks.json", get(jwks::jwks))
}
