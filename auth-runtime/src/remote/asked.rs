use core::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, header::COOKIE, request::Parts};
use tokio::sync::OnceCell;

use super::{
    better_auth::{BetterAuthClient, bearer_token, cookie_token},
    fetch::Client,
    introspection::IntrospectionClient,
    issuer::{self, Source},
    lookup::{Found, Kind, Lookups, NotAsked},
};
use crate::{
    clock::Clock,
    limit::{AddressFinder, AddressKey},
    secret::Entropy,
};

/// The credentials of one issuer that only the issuer can verify. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Asked {
    source: Arc<Source>,
    lookups: Lookups,
    addresses: AddressFinder,
}

/// The reason why no cookie can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CookieFault {
    /// There are two of one name. The server cannot know which of them the browser means.
    Several,
    /// The value is no token with a signature.
    Form,
}

/// The lengths of opaque tokens.
const LENGTHS: core::ops::RangeInclusive<usize> = 8..=4096;
/// The lengths of API keys.
const KEY_LENGTHS: core::ops::RangeInclusive<usize> = 16..=512;

impl Asked {
    /// Returns the credentials that the issuer is asked about, if there are any.
    pub(crate) fn of(
        source: &Arc<Source>,
        client: &Arc<Client>,
        clock: &Arc<dyn Clock>,
        entropy: &Arc<dyn Entropy>,
        addresses: AddressFinder,
    ) -> Option<Self> {
        let (source, client) = (Arc::clone(source), Arc::clone(client));
        let lookups = match &source.asked {
            issuer::Asked::Nothing => return None,
            issuer::Asked::BetterAuth(settings) => Lookups::new(
                BetterAuthClient {
                    source: Arc::clone(&source),
                    settings: settings.clone(),
                    client,
                    clock: Arc::clone(clock),
                },
                clock,
            ),
            issuer::Asked::Introspection(introspection) => Lookups::new(
                IntrospectionClient {
                    source: Arc::clone(&source),
                    introspection: introspection.clone(),
                    client,
                    clock: Arc::clone(clock),
                    entropy: Arc::clone(entropy),
                    endpoint: OnceCell::new(),
                },
                clock,
            ),
        };
        Some(Self { source, lookups, addresses })
    }

    pub(crate) fn takes_opaque_tokens(&self) -> bool {
        self.source.takes_opaque_tokens()
    }

    pub(crate) fn takes_cookies(&self) -> bool {
        !self.source.session_names().is_empty()
    }

    pub(crate) fn takes_api_keys(&self) -> bool {
        self.source.takes_api_keys()
    }

    /// Returns whether a bearer token is of this issuer, by its form. A JWT never is.
    pub(crate) fn takes_bearer(&self, token: &str) -> bool {
        match &self.source.asked {
            issuer::Asked::Nothing => false,
            issuer::Asked::BetterAuth(settings) => settings.has_sessions && bearer_token(token).is_some(),
            issuer::Asked::Introspection(_) => {
                LENGTHS.contains(&token.len())
                    && token.bytes().filter(|byte| *byte == b'.').count() != 2
                    && token.bytes().all(|byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
                    })
            }
        }
    }

    /// Returns the cookie of a session, as `name=value`.
    pub(crate) fn cookie<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, CookieFault> {
        let issuer::Asked::BetterAuth(settings) = &self.source.asked else { return Ok(None) };
        for beginning in settings.cookies.iter().filter(|_| settings.has_sessions) {
            let pairs = headers.get_all(COOKIE).iter().flat_map(|field| field.as_bytes().split(|byte| *byte == b';'));
            let mut found = pairs.map(<[u8]>::trim_ascii).filter(|pair| pair.starts_with(beginning.as_bytes()));
            let Some(pair) = found.next() else { continue };
            if found.next().is_some() {
                return Err(CookieFault::Several);
            }
            let pair = core::str::from_utf8(pair).map_err(|_| CookieFault::Form)?;
            let value = pair.get(beginning.len()..).unwrap_or_default();
            return cookie_token(value).map(|_| Some(pair)).ok_or(CookieFault::Form);
        }
        Ok(None)
    }

    /// Returns whom a bearer token proves. The client of the request bears the question.
    pub(crate) async fn find_bearer(&self, token: &str, request: Option<&Parts>) -> Result<Found, NotAsked> {
        self.find(Kind::Bearer, token, request).await
    }

    pub(crate) async fn find_cookie(&self, pair: &str, request: Option<&Parts>) -> Result<Found, NotAsked> {
        self.find(Kind::Cookie, pair, request).await
    }

    pub(crate) async fn find_api_key(&self, key: &str, request: Option<&Parts>) -> Result<Found, NotAsked> {
        if !KEY_LENGTHS.contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Found::Refused("api_key_form"));
        }
        self.find(Kind::ApiKey, key, request).await
    }

    async fn find(&self, kind: Kind, credential: &str, request: Option<&Parts>) -> Result<Found, NotAsked> {
        let address = || request.and_then(|request| self.addresses.find(request).ok()).map(AddressKey::of);
        self.lookups.find(kind, credential, address).await
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("issuer", &self.source.iss).finish_non_exhaustive()
    }
}
