use axum::{
    Json,
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::{authn::AuthnError, guard::Guard, identity::Identity};

use super::{engine::Engine, failure::Failure, form::Form, oauth::OAuthError, policies};

/// `POST /auth/introspect`: RFC 7662, for callers with the scope `auth:introspect`.
///
/// Says of access tokens whether they are good: signature, times, revocation, and an active account. Everything else,
/// refresh tokens and API keys included, is not active: nothing that a resource server might accept is said of a
/// credential that it must not accept.
pub(super) async fn introspect(_: Guard<policies::Introspect>, engine: Engine, form: Form) -> Response {
    match answer(&engine, form).await {
        Ok(Some(caller)) => Json(Active::of(&engine, &caller)).into_response(),
        Ok(None) => Json(Inactive { active: false }).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn answer(engine: &Engine, mut form: Form) -> Result<Option<Identity>, OAuthError> {
    let Some(token) = form.take("token").map(SecretString::from) else {
        return Err(OAuthError::InvalidRequest("The token is missing."));
    };
    let caller = match engine.auth.access_token(token.expose_secret()).await {
        Ok(caller) => caller,
        Err(AuthnError::Unavailable(error)) => return Err(Failure::store(&error).into()),
        Err(_) => return Ok(None),
    };
    let account = engine.accounts.accounts().find(caller.subject()).await.map_err(|error| Failure::store(&error))?;
    Ok(account.is_some_and(|account| account.active).then_some(caller))
}

#[derive(Serialize)]
struct Inactive {
    active: bool,
}

#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    token_type: &'static str,
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    scope: String,
    roles: Vec<&'a str>,
}

impl<'a> Active<'a> {
    fn of(engine: &'a Engine, caller: &'a Identity) -> Self {
        Self {
            active: true,
            token_type: "Bearer",
            iss: caller.issuer(),
            sub: caller.subject(),
            aud: engine.auth.audience(),
            exp: caller.expires_at().map(crate::clock::UnixTime::as_seconds),
            jti: caller.token_id(),
            client_id: caller.client(),
            sid: caller.session(),
            scope: caller.scopes().collect::<Vec<_>>().join(" "),
            roles: caller.roles().collect(),
        }
    }
}
