//! Authenticators for credentials that only their issuer can verify.

use axum::http::{HeaderMap, request::Parts};

use crate::{
    clock::UnixTime,
    error::StoreError,
    identity::Identity,
    limit::LimitRejection,
    policy::Via,
    remote::{Asked, CookieFault, Found, NotAsked},
    store::BoxFuture,
};

use super::{Authenticator, AuthnError, credential};

/// Bearer tokens that are no JWTs.
pub(crate) struct OpaqueTokens(pub(crate) Asked);

/// The cookies of another server's sessions.
pub(crate) struct ForeignCookies(pub(crate) Asked);

/// Another server's API keys, in `X-API-Key`.
pub(crate) struct ForeignKeys(pub(crate) Asked);

impl Authenticator for OpaqueTokens {
    fn via(&self) -> Via {
        Via::BEARER
    }

    fn takes_bearer(&self, token: &str) -> bool {
        self.0.takes_bearer(token)
    }

    fn authenticate<'a>(&'a self, token: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.ask(token, None))
    }

    fn authenticate_of<'a>(
        &'a self,
        token: &'a str,
        request: &'a Parts,
        _: UnixTime,
    ) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.ask(token, Some(request)))
    }
}

impl OpaqueTokens {
    /// Returns the caller, on the account of the request's client address.
    async fn ask(&self, token: &str, request: Option<&Parts>) -> Result<Identity, AuthnError> {
        caller(self.0.find_bearer(token, request).await, |reason| credential::refused(token, reason))
    }
}

impl Authenticator for ForeignCookies {
    fn via(&self) -> Via {
        Via::SESSION
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        self.0.cookie(headers).map_err(|fault| match fault {
            CookieFault::Several => AuthnError::Malformed("two_session_cookies"),
            CookieFault::Form => AuthnError::Invalid("session_cookie_form"),
        })
    }

    fn authenticate<'a>(&'a self, pair: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.ask(pair, None))
    }

    fn authenticate_of<'a>(
        &'a self,
        pair: &'a str,
        request: &'a Parts,
        _: UnixTime,
    ) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.ask(pair, Some(request)))
    }
}

impl ForeignCookies {
    /// Returns the caller, on the account of the request's client address.
    async fn ask(&self, pair: &str, request: Option<&Parts>) -> Result<Identity, AuthnError> {
        caller(self.0.find_cookie(pair, request).await, AuthnError::Invalid)
    }
}

impl Authenticator for ForeignKeys {
    fn via(&self) -> Via {
        Via::API_KEY
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        credential::api_key(headers)
    }

    fn authenticate<'a>(&'a self, key: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.ask(key, None))
    }

    fn authenticate_of<'a>(
        &'a self,
        key: &'a str,
        request: &'a Parts,
        _: UnixTime,
    ) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.ask(key, Some(request)))
    }
}

impl ForeignKeys {
    /// Returns the caller, on the account of the request's client address.
    async fn ask(&self, key: &str, request: Option<&Parts>) -> Result<Identity, AuthnError> {
        caller(self.0.find_api_key(key, request).await, |reason| credential::refused(key, reason))
    }
}

fn caller(
    verdict: Result<Found, NotAsked>,
    refused: impl FnOnce(&'static str) -> AuthnError,
) -> Result<Identity, AuthnError> {
    match verdict {
        Ok(Found::Caller(identity)) => Ok(identity),
        Ok(Found::Refused(reason)) => Err(refused(reason)),
        Err(NotAsked::Limited(wait)) => Err(AuthnError::Limited(LimitRejection::after(wait))),
        Err(NotAsked::Unavailable { retry_after }) => {
            let error = StoreError::unanswered();
            Err(AuthnError::Unavailable(match retry_after {
                Some(seconds) => error.with_retry_after(seconds),
                None => error,
            }))
        }
    }
}
