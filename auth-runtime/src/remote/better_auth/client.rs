use std::sync::Arc;

use axum::http::{
    HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE},
};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::{api_key, bearer_token, cookie_token, session};
use crate::{
    clock::Clock,
    policy::Via,
    remote::{
        fetch::{Call, Client, FetchError, Reply},
        issuer::{BetterAuthSource, Source},
        lookup::{Answer, Failure, Kind, Upstream},
    },
    store::BoxFuture,
};

/// Asks one better-auth server about sessions and API keys. It sends one credential, and nothing else of the request.
pub(in crate::remote) struct BetterAuthClient {
    pub(in crate::remote) source: Arc<Source>,
    pub(in crate::remote) settings: BetterAuthSource,
    pub(in crate::remote) client: Arc<Client>,
    pub(in crate::remote) clock: Arc<dyn Clock>,
}

impl Upstream for BetterAuthClient {
    fn issuer(&self) -> &str {
        &self.source.iss
    }

    fn ask<'a>(&'a self, kind: Kind, credential: &'a str) -> BoxFuture<'a, Result<Answer, Failure>> {
        Box::pin(async move {
            match kind {
                Kind::Bearer => self.session(Via::BEARER, bearer_token(credential), credential).await,
                Kind::Cookie => {
                    let value = credential.split_once('=').and_then(|(_, value)| cookie_token(value));
                    self.session(Via::SESSION, value, credential).await
                }
                Kind::ApiKey => self.api_key(credential).await,
            }
        })
    }
}

impl BetterAuthClient {
    async fn session(&self, via: Via, token: Option<&str>, credential: &str) -> Result<Answer, Failure> {
        let Some(token) = token else { return Ok(Answer::refused("session_cookie_form")) };
        let call = Call::get(&self.settings.session);
        let call = if via == Via::BEARER {
            call.with(AUTHORIZATION, bearer(credential)?)
        } else {
            call.with(COOKIE, secret(credential)?)
        };
        let Reply { status, retry_after, body } = self.client.send(call, &self.source.internal).await?;
        match status {
            StatusCode::OK => Ok(session::read(&self.source, via, token, &body, self.clock.unix())?),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Ok(Answer::refused("session_refused")),
            status => Err(Failure::of_status(status, retry_after)),
        }
    }

    async fn api_key(&self, key: &str) -> Result<Answer, Failure> {
        let Some(route) = &self.settings.api_keys else { return Ok(Answer::refused("api_key_unknown")) };
        let body = serde_json::json!({ "key": key }).to_string();
        let call = Call::post(&route.url, body)
            .with(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .with(AUTHORIZATION, bearer(route.token.expose_secret())?);
        let Reply { status, retry_after, body } = self.client.send(call, &self.source.internal).await?;
        match status {
            StatusCode::OK => api_key::read(&self.source, key, &body, self.clock.unix()),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(FetchError::ClientRefused.into()),
            status => Err(Failure::of_status(status, retry_after)),
        }
    }
}

fn bearer(token: &str) -> Result<HeaderValue, FetchError> {
    secret(&Zeroizing::new(format!("Bearer {token}")))
}

fn secret(text: &str) -> Result<HeaderValue, FetchError> {
    let mut field = HeaderValue::from_str(text).map_err(|_| FetchError::NotSigned)?;
    field.set_sensitive(true);
    Ok(field)
}
