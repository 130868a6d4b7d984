use axum::middleware::map_response;

use crate::{
    auth::{HasAccounts, HasAuth},
    router::{
        GuardedRouter,
        routing::{delete, get, post},
    },
};

use super::{
    answer::oauth::{in_oauth_shape, no_store},
    api_keys, email, jwks, me, password, register, session, sign_in, sign_out,
};

/// Returns the router of all account endpoints, for a state that carries [`Auth`](crate::Auth) and
/// [`Accounts`](crate::store::Accounts).
pub fn routes<S>() -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    GuardedRouter::new()
        .route("/auth/register", post(register::register))
        .route("/auth/login", post(sign_in::login::login))
        .route("/auth/session", post(sign_in::cookie_login::cookie_login))
        .route("/auth/token", post(sign_in::token_endpoint::token).layer(map_response(in_oauth_shape)))
        .route("/auth/refresh", post(session::refresh::refresh))
        .route("/auth/revoke", post(session::revoke::revoke).layer(map_response(in_oauth_shape)))
        .route("/auth/introspect", post(session::introspect::introspect).layer(map_response(in_oauth_shape)))
        .route("/auth/reauthenticate", post(sign_in::reauthenticate::reauthenticate))
        .route("/auth/logout", post(sign_out::logout).layer(map_response(sign_out::forget_dead_cookie)))
        .route("/auth/logout/all", post(sign_out::logout_everywhere))
        .route("/auth/sessions", get(session::sessions::sessions).delete(session::sessions::end_other_sessions))
        .route("/auth/sessions/{id}", delete(session::sessions::end_session))
        .route("/auth/password", post(password::change::change_password))
        .route("/auth/password/forgot", post(password::forgot::forgot_password))
        .route("/auth/password/reset", post(password::reset::reset_password))
        .route("/auth/email/verify", post(email::verification::verify_email))
        .route("/auth/email/send-verification", post(email::verification::send_verification))
        .route("/auth/me", get(me::me))
        .route("/auth/api-keys", get(api_keys::list_api_keys).post(api_keys::create_api_key))
        .route("/auth/api-keys/{id}/rotate", post(api_keys::rotate_api_key))
        .route("/auth/api-keys/{id}", delete(api_keys::revoke_api_key))
        .route_layer(map_response(no_store))
        .route("/.well-known/jwks.json", get(jwks::jwks))
}
