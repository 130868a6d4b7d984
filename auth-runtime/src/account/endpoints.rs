use axum::middleware::map_response;

use crate::{
    auth::{HasAccounts, HasAuth},
    router::{
        GuardedRouter, MethodRouter,
        routing::{delete, get, post},
    },
};

use super::{
    Registration,
    answer::oauth::{in_oauth_shape, no_store},
    api_keys, delete_me, email, jwks, me,
    part::{Part, Parts},
    password, registration, session, sign_in, sign_out,
};

/// Routes the endpoints of these parts.
pub(super) fn endpoints<S>(parts: Parts, prefix: &str, registration: Registration) -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    use Part::{
        AccountDeletion, ApiKeys, BrowserSession, EmailChange, EmailVerification, Introspection, Jwks, Me,
        PasswordChange, PasswordReset, Sessions, Tokens,
    };

    // Everyone who signs in can sign out, too.
    const SIGN_IN: &[Part] = &[Tokens, BrowserSession];

    Endpoints { parts, prefix, router: None }
        .add_registration("/register", registration)
        .add(&[Tokens], "/login", post(sign_in::login::login))
        .add(&[BrowserSession], "/session", post(sign_in::cookie_login::cookie_login))
        .add(&[Tokens], "/token", post(sign_in::token_endpoint::token).layer(map_response(in_oauth_shape)))
        .add(&[Tokens], "/refresh", post(session::refresh::refresh))
        .add(&[Tokens], "/revoke", post(session::revoke::revoke).layer(map_response(in_oauth_shape)))
        .add(&[Introspection], "/introspect", post(session::introspect::introspect).layer(map_response(in_oauth_shape)))
        .add(SIGN_IN, "/reauthenticate", post(sign_in::reauthenticate::reauthenticate))
        .add(SIGN_IN, "/logout", post(sign_out::logout).layer(map_response(sign_out::forget_dead_cookie)))
        .add(SIGN_IN, "/logout/all", post(sign_out::logout_everywhere))
        .add(&[Sessions], "/sessions", get(session::sessions::sessions).delete(session::sessions::end_other_sessions))
        .add(&[Sessions], "/sessions/{id}", delete(session::sessions::end_session))
        .add(&[PasswordChange], "/password", post(password::change::change_password))
        .add(&[PasswordReset], "/password/forgot", post(password::forgot::forgot_password))
        .add(&[PasswordReset], "/password/reset", post(password::reset::reset_password))
        .add(&[EmailVerification], "/email/verify", post(email::verification::verify_email))
        .add(&[EmailVerification], "/email/send-verification", post(email::verification::send_verification))
        .add(&[EmailChange], "/email", post(email::change::request_email_change))
        .add(&[EmailChange], "/email/change", post(email::change::change_email))
        .add(&[Me], "/me", get(me::me))
        .add(&[AccountDeletion], "/me", delete(delete_me::delete_me))
        .add(&[ApiKeys], "/api-keys", get(api_keys::list_api_keys).post(api_keys::create_api_key))
        .add(&[ApiKeys], "/api-keys/{id}/rotate", post(api_keys::rotate_api_key))
        .add(&[ApiKeys], "/api-keys/{id}", delete(api_keys::revoke_api_key))
        .finish(parts.has(Jwks).then(|| get(jwks::jwks)))
}

/// The router while the endpoints are added.
struct Endpoints<'p, S> {
    parts: Parts,
    prefix: &'p str,
    /// The router, once it has an endpoint.
    router: Option<GuardedRouter<S>>,
}

impl<S> Endpoints<'_, S>
where
    S: HasAuth + Clone + Send + Sync + 'static,
{
    /// Adds an endpoint below the prefix if one of these parts is on.
    fn add(mut self, parts: &[Part], path: &str, handlers: MethodRouter<S>) -> Self {
        if self.parts.has_any(parts) {
            let router = self.router.unwrap_or_default();
            self.router = Some(router.route(&format!("{}{path}", self.prefix), handlers));
        }
        self
    }

    /// Adds the endpoint of registration if its part is on.
    fn add_registration(mut self, path: &str, registration: Registration) -> Self
    where
        S: HasAccounts,
    {
        if self.parts.has(Part::Registration) {
            let own = registration::routes(&format!("{}{path}", self.prefix), registration);
            self.router = Some(self.router.unwrap_or_default().merge(own));
        }
        self
    }

    /// Forbids caches to keep the answers of all endpoints but the public keys.
    fn finish(self, jwks: Option<MethodRouter<S>>) -> GuardedRouter<S> {
        let router = self.router.map(|router| router.route_layer(map_response(no_store))).unwrap_or_default();
        match jwks {
            Some(jwks) => router.route("/.well-known/jwks.json", jwks),
            None => router,
        }
    }
}
