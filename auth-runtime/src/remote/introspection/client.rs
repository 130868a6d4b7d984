use std::sync::Arc;

use axum::http::{
    HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use form_urlencoded::{ByteSerialize, byte_serialize};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use crate::{
    clock::{Clock, UnixTime},
    remote::{
        fetch::{Call, Client, Endpoint, FetchError, introspection_endpoint},
        issuer::{AskedAt, IntrospectionSource, Proof, Source},
        lookup::{Answer, Failure, Kind, LIVE_SECONDS, Upstream},
        token::{Introspected, read_answer},
    },
    secret::Entropy,
    store::BoxFuture,
    token::SigningKey,
};

/// For how many seconds an assertion proves this service.
const ASSERTION_SECONDS: i64 = 60;

/// Asks one issuer about opaque tokens.
pub(in crate::remote) struct IntrospectionClient {
    pub(in crate::remote) source: Arc<Source>,
    pub(in crate::remote) introspection: IntrospectionSource,
    pub(in crate::remote) client: Arc<Client>,
    pub(in crate::remote) clock: Arc<dyn Clock>,
    pub(in crate::remote) entropy: Arc<dyn Entropy>,
    /// The URL that the metadata name, once it is known.
    pub(in crate::remote) endpoint: OnceCell<Endpoint>,
}

impl Upstream for IntrospectionClient {
    fn issuer(&self) -> &str {
        &self.source.iss
    }

    fn ask<'a>(&'a self, _: Kind, token: &'a str) -> BoxFuture<'a, Result<Answer, Failure>> {
        Box::pin(self.introspect(token))
    }
}

impl IntrospectionClient {
    async fn introspect(&self, token: &str) -> Result<Answer, Failure> {
        let url = self.url().await?;
        let reply = self.client.send(self.call(url, token)?, &self.source.internal).await?;
        match reply.status {
            StatusCode::OK => self.read(reply.body.to_vec()),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(FetchError::ClientRefused.into()),
            status => Err(Failure::of_status(status, reply.retry_after)),
        }
    }

    async fn url(&self) -> Result<&Endpoint, FetchError> {
        let metadata = match &self.introspection.at {
            AskedAt::Url(url) => return Ok(url),
            AskedAt::NamedBy(metadata) => metadata,
        };
        let Source { iss, hosts, internal, .. } = &*self.source;
        self.endpoint.get_or_try_init(|| introspection_endpoint(&self.client, metadata, iss, hosts, internal)).await
    }

    fn call<'u>(&self, url: &'u Endpoint, token: &str) -> Result<Call<'u>, FetchError> {
        let mut body = Zeroizing::new("token_type_hint=access_token&token=".to_owned());
        body.extend(encoded(token));
        let field = HeaderValue::from_static("application/x-www-form-urlencoded");
        let client = &*self.introspection.client;
        let authorization = match &self.introspection.proof {
            Proof::Secret(secret) => Some(basic(client, secret).ok_or(FetchError::NotSigned)?),
            Proof::Key(key) => {
                body.push_str(
                    "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
                );
                body.push_str("&client_id=");
                body.extend(encoded(client));
                body.push_str("&client_assertion=");
                body.push_str(&self.assertion(key, self.clock.unix()).ok_or(FetchError::NotSigned)?);
                None
            }
        };
        let call = Call::post(url, body.as_bytes().to_vec()).with(CONTENT_TYPE, field);
        Ok(match authorization {
            Some(authorization) => call.with(AUTHORIZATION, authorization),
            None => call,
        })
    }

    /// Returns a JWT that proves this service (RFC 7523, section 3). Its audience is the issuer, and no URL of it, so
    /// that no other server can use it.
    fn assertion(&self, key: &SigningKey, now: UnixTime) -> Option<String> {
        let mut id = [0; 16];
        self.entropy.fill(&mut id).ok()?;
        let client = &*self.introspection.client;
        key.sign_jwt(&json!({
            "iss": client, "sub": client, "aud": &*self.source.iss, "jti": URL_SAFE_NO_PAD.encode(id),
            "iat": now.as_seconds(), "exp": now.plus_seconds(ASSERTION_SECONDS).as_seconds(),
        }))
    }

    fn read(&self, mut document: Vec<u8>) -> Result<Answer, Failure> {
        let now = self.clock.unix();
        let answer = read_answer(&self.source, self.introspection.needs_audience, &mut document, now);
        Ok(match answer.map_err(|_| FetchError::Malformed)? {
            Introspected::Active(identity) => {
                let left = identity.expires_at().map_or(LIVE_SECONDS, |end| {
                    u64::try_from(end.seconds_since(now)).unwrap_or_default().min(LIVE_SECONDS)
                });
                Answer::caller(identity, left)
            }
            Introspected::Refused(reason) => Answer::refused(reason),
        })
    }
}

/// Returns the field of HTTP Basic. Both parts are encoded as in a form (RFC 6749, section 2.3.1).
fn basic(client: &str, secret: &SecretString) -> Option<HeaderValue> {
    let mut pair = Zeroizing::new(String::new());
    pair.extend(encoded(client));
    pair.push(':');
    pair.extend(encoded(secret.expose_secret()));
    let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    let mut field = HeaderValue::from_str(&text).ok()?;
    field.set_sensitive(true);
    Some(field)
}

/// Returns the parts of a value in a form's encoding.
fn encoded(value: &str) -> ByteSerialize<'_> {
    byte_serialize(value.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_encoded() {
        let form: String = encoded("a b&c=d+e/\u{e9}%~*-._Z9").collect();
        assert_eq!(form, "a+b%26c%3Dd%2Be%2F%C3%A9%25%7E*-._Z9");
    }
}
