//! Ready-made endpoints: register, sign in, refresh, who am I, and the keys that verify access tokens.
//!
//! | method | path | what it does |
//! |---|---|---|
//! | POST | `/auth/register` | opens an account, from JSON |
//! | POST | `/auth/login` | signs in by user name or e-mail address and password, from JSON |
//! | POST | `/auth/session` | the same for a browser: the session's cookie instead of tokens; refused when another site asks |
//! | POST | `/auth/token` | the OAuth2 token endpoint (RFC 6749): `password` and `refresh_token` grants, as a form |
//! | POST | `/auth/refresh` | exchanges a refresh token for new tokens, from JSON |
//! | POST | `/auth/revoke` | revokes a token (RFC 7009), a refresh token with its session |
//! | POST | `/auth/introspect` | whether an access token is good (RFC 7662), for callers with the scope `auth:introspect` |
//! | POST | `/auth/reauthenticate` | proves again who one is, for handlers that ask for a recent login |
//! | POST | `/auth/logout` | ends the session of the credential |
//! | POST | `/auth/logout/all` | ends all sessions of the caller |
//! | GET | `/auth/sessions` | where the caller is signed in |
//! | DELETE | `/auth/sessions/{id}` | ends one of these sessions |
//! | DELETE | `/auth/sessions` | ends all of them but the current one |
//! | GET | `/auth/me` | the caller's own account |
//! | GET | `/.well-known/jwks.json` | the public keys (RFC 7517) |
//!
//! The `password` grant is refused unless [`AuthBuilder::password_grant`](crate::auth::AuthBuilder::password_grant) turns it
//! on: RFC 9700 forbids it for clients of third parties, since they would see the password. `/auth/login` is for the
//! service's own front end.

mod administration;
mod browser;
mod client;
mod cookie;
mod cookie_login;
mod credentials;
mod ending;
mod engine;
mod failure;
mod form;
mod introspect;
mod jwks;
mod login;
mod me;
mod oauth;
mod policies;
mod reauthenticate;
mod refresh;
mod register;
mod revoke;
mod sessions;
mod sign_in;
mod token_endpoint;
mod tokens;

pub use administration::{Administration, NoAccounts};

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
        .route("/auth/session", post(cookie_login::login))
        .route("/auth/token", post(token_endpoint::token))
        .route("/auth/refresh", post(refresh::refresh))
        .route("/auth/revoke", post(revoke::revoke))
        .route("/auth/introspect", post(introspect::introspect))
        .route("/auth/reauthenticate", post(reauthenticate::reauthenticate))
        .route("/auth/logout", post(sessions::logout))
        .route("/auth/logout/all", post(sessions::logout_everywhere))
        .route("/auth/sessions", get(sessions::list).delete(sessions::end_others))
        .route("/auth/sessions/{id}", delete(sessions::end_one))
        .route("/auth/me", get(me::me))
        .route_layer(map_response(oauth::no_store))
        .route("/.well-known/jwks.json", get(jwks::jwks))
}
