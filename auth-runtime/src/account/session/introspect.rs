use axum::{
    Json,
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::{
    account::{answer::oauth::OAuthError, context::AccountContext, policies, request::form::Form},
    guard::Guard,
    identity::Identity,
    token::claims_of_verified,
};

use super::access_token::caller_of;

/// `POST /auth/introspect`: RFC 7662, for callers with the scope `auth:introspect`.
///
/// Tells whether an access token is active. The token needs a valid signature, must be valid at this time and not be
/// revoked, and its account must be active. Every other credential counts as inactive, refresh tokens and API keys
/// included: a resource server must not accept them.
pub(crate) async fn introspect(_: Guard<policies::Introspect>, context: AccountContext, form: Form) -> Response {
    match answer(&context, form).await {
        Ok(Some((caller, said))) => Json(Active::of(&caller, said)).into_response(),
        Ok(None) => Json(Inactive { active: false }).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn answer(context: &AccountContext, mut form: Form) -> Result<Option<(Identity, Said)>, OAuthError> {
    let Some(token) = form.take("token").map(SecretString::from) else {
        return Err(OAuthError::InvalidRequest("The token is missing."));
    };
    let Some(caller) = caller_of(context, &token).await? else { return Ok(None) };
    let is_active = context.active_account(caller.subject()).await?.is_some();
    Ok(claims_of_verified(token.expose_secret()).filter(|_| is_active).map(|said| (caller, said)))
}

#[derive(Serialize)]
struct Inactive {
    active: bool,
}

/// Claims that are copied from the token as they are, for the resource server.
#[derive(Deserialize, Serialize)]
struct Said {
    aud: Audience,
    iat: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
}

/// The audience as the token states it. The resource server must know for which service the token was issued, not which
/// tokens this service accepts.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    token_type: &'static str,
    iss: &'a str,
    sub: &'a str,
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
    #[serde(flatten)]
    said: Said,
}

impl<'a> Active<'a> {
    fn of(caller: &'a Identity, said: Said) -> Self {
        Self {
            active: true,
            token_type: "Bearer",
            iss: caller.issuer(),
            sub: caller.subject(),
            exp: caller.expires_at().map(crate::clock::UnixTime::as_seconds),
            jti: caller.token_id(),
            client_id: caller.client(),
            sid: caller.session(),
            scope: caller.scopes().collect::<Vec<_>>().join(" "),
            roles: caller.roles().collect(),
            said,
        }
    }
}
