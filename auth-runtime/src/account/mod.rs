//! Ready-made endpoints: register, sign in and out, refresh, see and end sessions, change and reset a password, verify an
//! address, who am I, API keys, and the keys that verify access tokens.
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
//! | POST | `/auth/logout` | ends the session of the credential, and expires its cookie; 204 for a dead cookie as well |
//! | POST | `/auth/logout/all` | ends all sessions of the caller; 401 for a dead cookie, which does not say whose they are |
//! | GET | `/auth/sessions` | where the caller is signed in; all at once, since there is a [maximum](crate::auth::AuthBuilder::sessions_per_user) |
//! | DELETE | `/auth/sessions/{id}` | ends one of these sessions; 404 when it had ended, is somebody else's or not there |
//! | DELETE | `/auth/sessions` | ends all of them but the current one |
//! | POST | `/auth/password` | changes the caller's password, from JSON: `{current_password?, new_password, revoke_api_keys?}` |
//! | POST | `/auth/password/forgot` | sends a reset token to `{email}`, if there is such an account; 202 either way |
//! | POST | `/auth/password/reset` | sets a password for `{token, new_password, revoke_api_keys?}` |
//! | POST | `/auth/email/verify` | verifies an e-mail address for `{token}` |
//! | POST | `/auth/email/send-verification` | sends the caller a verification token |
//! | GET | `/auth/me` | the caller's own account |
//! | GET | `/auth/api-keys` | the caller's API keys |
//! | POST | `/auth/api-keys` | makes an API key, and shows it this once |
//! | POST | `/auth/api-keys/{id}/rotate` | makes a key in the place of another, which works on for a while |
//! | DELETE | `/auth/api-keys/{id}` | revokes an API key |
//! | GET | `/.well-known/jwks.json` | the public keys (RFC 7517) |
//!
//! `/auth/token`, `/auth/revoke` and `/auth/introspect` answer errors as `{error, error_description}` (RFC 6749, section
//! 5.2), the refusals of their guards and limits included; all others as problem documents (RFC 9457).
//!
//! Clients of OAuth are public ones: none has a secret, `client_id` is taken at its word, and a `client_secret` is ignored.
//! What protects them is that a refresh token is used once, and by its client. Only whoever asks `/auth/introspect` is
//! authenticated, by a credential of this service.
//!
//! # Refreshing
//!
//! A refresh token is used once, and its successor goes on with the session. A token that is used a second time was copied,
//! and ends the session, unless the second use is a retry after a lost answer: for 20 seconds
//! ([`AuthBuilder::refresh_grace_seconds`](crate::auth::AuthBuilder::refresh_grace_seconds)) the same client gets the same
//! successor again.
//!
//! [`AuthBuilder::refresh_retry`](crate::auth::AuthBuilder::refresh_retry) says what makes it the same client:
//!
//! | [`RefreshRetry`](crate::auth::RefreshRetry) | a retry has | for |
//! |---|---|---|
//! | `SameClientAndUserAgent` (default) | the `client_id` and the `User-Agent` of the first use | one program per session |
//! | `SameClient` | the `client_id` of the first use | several programs per session |
//! | `Never` | no way to be one | sessions that are worth a further sign-in |
//!
//! Two programs share a session more often than it seems. A page and its server-side renderer refresh with one token at the
//! same moment, and have two User-Agents. An app loses the answer, is updated, and tries again as `Shop/2.1` where it was
//! `Shop/2.0`. By default both are signed out; with `SameClient` both go on. The price: within these seconds, a thief's use of
//! a copied token looks like a retry, too. Another `client_id` is a copy with every setting.
//!
//! # Cookies
//!
//! A cookie that continues no live session counts as absent. It keeps no person from signing in or registering. Refusals
//! expire no cookie, since a parallel request with a former value would delete the new one. Signing out does:
//!
//! | `POST /auth/logout` with | answer |
//! |---|---|
//! | a live cookie, or a good token | 204; the session ends, and the cookie is expired |
//! | a dead cookie, alone or beside a good token | 204; the cookie is expired |
//! | no credential, or a bad token | 401 |
//! | a cookie, from another site | 403 |
//!
//! `POST /auth/logout/all` refuses a dead cookie that stands alone with 401. Other cookies of the host stay, unless
//! [`AuthBuilder::clear_site_data`](crate::auth::AuthBuilder::clear_site_data) is turned on.
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
//! - Its own limit is told in the `RateLimit` fields by handlers that have limits or name keys in `via`, and behind
//!   [`Auth::layer`](crate::auth::Auth::layer); once it is reached, the answer is 429 everywhere.
//! - Making and rotating one asks for a login of the last 15 minutes; no key makes, lists or revokes keys.
//! - Rotating takes `{"overlap_hours": 24}` at most 168: for as long both keys work.
//!
//! # Passwords for tokens
//!
//! The `password` grant is refused unless [`AuthBuilder::password_grant`](crate::auth::AuthBuilder::password_grant) turns it
//! on: RFC 9700 forbids it for clients of third parties, since they would see the password. `/auth/login` is for the
//! service's own front end.
//!
//! # Passwords
//!
//! At most 100 attempts in a row may fail for one account, then none is looked at for a day
//! ([`AuthBuilder::password_failures`](crate::auth::AuthBuilder::password_failures)), or until its owner resets the password
//! or an administrator calls [`Administration::unlock`]. An address from which somebody has signed
//! in to the account before (the last ten, for 90 days) is counted by itself, under this limit and under the limit of attempts
//! a minute: strangers who guess do not lock the owner out.
//! The endpoints that take passwords need the peer's address, and answer 500 without it.
//!
//! Changing a password takes the old one (403 for a wrong one), or a login at most five minutes old (else 401 with the
//! challenge of RFC 9470); it is 409 when the password was changed in the meantime. A change keeps the session that made it
//! and ends all others; a reset ends all. Should the store fail at that when the new password holds already, it is asked
//! again for seven seconds, then an event names the account. Where a cookie continues that session, the answer sets another,
//! and a copy of the old one opens nothing any more. A refresh token stays as it is, since nobody presents it to change a
//! password: once it and a copy have both been used, that is a reuse, and ends the session.
//!
//! API keys outlive a password, since programs go on with them. With `"revoke_api_keys": true` a change or a reset revokes all
//! of them; and the mail about it says how many still work, so that the owner learns of a thief's.
//!
//! An account whose bcrypt hash was made from the first 72 bytes of a longer password signs in once, where
//! [`PasswordsBuilder::accept_truncated_bcrypt`](crate::password::PasswordsBuilder::accept_truncated_bcrypt) says so. The
//! answer has `"password_change_required": true`, a reset token is sent by mail, and the hash opens nothing any more: the
//! owner sets a new password by `POST /auth/password` within five minutes, without the old one, or by the mail.
//!
//! Mail is the application's: without [`AuthBuilder::mail`](crate::auth::AuthBuilder::mail), the two endpoints that send some
//! answer 501, and registration sends none. Messages are sent after the answer, a bounded number at once; one that is not
//! sent is an event, and can be asked for again.

mod administration;
mod api_keys;
mod browser;
mod caller;
mod change_password;
mod client;
mod confirm;
mod cookie;
mod cookie_login;
mod credentials;
mod email;
mod ending;
mod engine;
mod failure;
mod forgot_password;
mod form;
mod grant;
#[cfg(feature = "import")]
mod import;
mod introspect;
mod jwks;
mod login;
mod me;
mod new_password;
mod oauth;
mod one_time;
mod peer;
mod policies;
mod prove;
mod reauthenticate;
mod refresh;
mod refused;
mod register;
mod require_reset;
mod reset_password;
mod revoke;
mod sessions;
mod sign_in;
mod sign_out;
mod surplus;
mod throttle;
mod to_its_end;
mod token_endpoint;
mod tokens;
mod truncated;
mod verify;

pub use administration::{Administration, NoAccounts};
pub use grant::GrantError;
#[cfg(feature = "import")]
pub use import::{ImportError, ImportPlan, Importer, RowFault};

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
        .route("/auth/token", post(token_endpoint::token).layer(map_response(oauth::in_oauth_shape)))
        .route("/auth/refresh", post(refresh::refresh))
        .route("/auth/revoke", post(revoke::revoke).layer(map_response(oauth::in_oauth_shape)))
        .route("/auth/introspect", post(introspect::introspect).layer(map_response(oauth::in_oauth_shape)))
        .route("/auth/reauthenticate", post(reauthenticate::reauthenticate))
        .route("/auth/logout", post(sign_out::logout).layer(map_response(sign_out::forget_dead_cookie)))
        .route("/auth/logout/all", post(sign_out::logout_everywhere))
        .route("/auth/sessions", get(sessions::list).delete(sessions::end_others))
        .route("/auth/sessions/{id}", delete(sessions::end_one))
        .route("/auth/password", post(change_password::change_password))
        .route("/auth/password/forgot", post(forgot_password::forgot_password))
        .route("/auth/password/reset", post(reset_password::reset_password))
        .route("/auth/email/verify", post(email::verify_email))
        .route("/auth/email/send-verification", post(email::send_verification))
        .route("/auth/me", get(me::me))
        .route("/auth/api-keys", get(api_keys::list).post(api_keys::create))
        .route("/auth/api-keys/{id}/rotate", post(api_keys::rotate))
        .route("/auth/api-keys/{id}", delete(api_keys::revoke))
        .route_layer(map_response(oauth::no_store))
        .route("/.well-known/jwks.json", get(jwks::jwks))
}
