use std::collections::HashSet;

use axum::response::{IntoResponse, Response};
use secrecy::SecretString;

use crate::{error::Problem, extract::Form, guard::Guard};

use super::{
    client::Client,
    engine::Engine,
    oauth::OAuthError,
    policies,
    refresh::exchange,
    sign_in::sign_in,
    tokens::{FIRST_PARTY, Grant, TokenResponse, grant},
};

/// `POST /auth/token`: the token endpoint of RFC 6749, for the `password` and `refresh_token` grants.
pub(super) async fn token(
    _: Guard<policies::Token>,
    client: Client,
    engine: Engine,
    form: Result<Form<Vec<(String, String)>>, Problem>,
) -> Response {
    let Ok(Form(pairs)) = form else {
        return OAuthError::InvalidRequest("The body must be application/x-www-form-urlencoded.").into_response();
    };
    match Parameters::read(pairs) {
        Ok(parameters) => answer(&engine, &client, parameters).await.into_response(),
        Err(error) => error.into_response(),
    }
}

async fn answer(engine: &Engine, from: &Client, parameters: Parameters) -> Result<TokenResponse, OAuthError> {
    let client = parameters.client_id.as_deref().unwrap_or(FIRST_PARTY);
    let scope = parameters.scope.as_deref();
    match parameters.grant_type.as_deref() {
        Some("password") if !engine.auth.allows_password_grant() => {
            Err(OAuthError::UnauthorizedClient("The password grant is turned off."))
        }
        Some("password") => {
            let (Some(username), Some(password)) = (&parameters.username, &parameters.password) else {
                return Err(OAuthError::InvalidRequest("The username or the password is missing."));
            };
            let account = sign_in(engine, from, username, password).await?;
            Ok(grant(engine, &account, Grant::new_session(engine, client, scope)?).await?)
        }
        Some("refresh_token") => {
            let Some(token) = &parameters.refresh_token else {
                return Err(OAuthError::InvalidRequest("The refresh_token is missing."));
            };
            Ok(exchange(engine, token, client, scope).await?)
        }
        Some(_) => Err(OAuthError::UnsupportedGrantType),
        None => Err(OAuthError::InvalidRequest("The grant_type is missing.")),
    }
}

/// The parameters that are looked at. An empty one counts as absent, one given twice is refused (RFC 6749, section 3.2).
#[derive(Default)]
struct Parameters {
    grant_type: Option<String>,
    username: Option<String>,
    password: Option<SecretString>,
    refresh_token: Option<SecretString>,
    scope: Option<String>,
    client_id: Option<String>,
}

impl Parameters {
    fn read(pairs: Vec<(String, String)>) -> Result<Self, OAuthError> {
        let mut seen = HashSet::with_capacity(pairs.len());
        if !pairs.iter().all(|(name, _)| seen.insert(name)) {
            return Err(OAuthError::InvalidRequest("A parameter is given twice."));
        }
        let mut parameters = Self::default();
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "grant_type" => parameters.grant_type = Some(value),
                "username" => parameters.username = Some(value),
                "password" => parameters.password = Some(value.into()),
                "refresh_token" => parameters.refresh_token = Some(value.into()),
                "scope" => parameters.scope = Some(value),
                "client_id" => parameters.client_id = Some(value),
                // Unknown parameters are ignored, as the RFC wants.
                _ => {}
            }
        }
        Ok(parameters)
    }
}
