use core::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::{
    access::MAX_ITEMS,
    jose::MAX_TOKEN,
    key::KeyRing,
    lifetime::{DEFAULT_LIFETIME, is_lifetime},
    new_access_token::NewAccessToken,
    settings::{SettingFault, SettingsError},
};
use crate::{
    clock::{UnixTime, seconds},
    secret::{Entropy, EntropyError},
};

/// Issues access tokens (RFC 9068, section 2) and signs them with the signing key of the key ring.
#[derive(Clone, Debug)]
pub struct TokenIssuer {
    keys: KeyRing,
    issuer: Box<str>,
    audience: Box<str>,
    lifetime: Duration,
}

impl TokenIssuer {
    /// Starts the settings of an issuer named `issuer`, for tokens that the service named `audience` accepts.
    pub fn builder(keys: KeyRing, issuer: &str, audience: &str) -> TokenIssuerBuilder {
        let issuer = Self { keys, issuer: issuer.into(), audience: audience.into(), lifetime: DEFAULT_LIFETIME };
        TokenIssuerBuilder { issuer }
    }

    /// Creates an issuer that cannot sign, for a service that issues no tokens.
    #[cfg(feature = "remote")]
    pub(crate) fn of_no_issuer() -> Self {
        Self { keys: KeyRing::empty(), issuer: "".into(), audience: "".into(), lifetime: DEFAULT_LIFETIME }
    }

    /// Issues a token at the time `now`, with a fresh random id.
    ///
    /// # Errors
    /// - [`IssueError::Empty`] when the subject or the client is empty.
    /// - [`IssueError::TooManyRoles`] and [`IssueError::TooLong`] when the token would exceed a limit of the verifiers.
    /// - [`IssueError::Entropy`] when the source of randomness fails.
    /// - [`IssueError::Signing`] when the token cannot be signed.
    pub fn issue(
        &self,
        token: &NewAccessToken<'_>,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> Result<AccessToken, IssueError> {
        if token.subject.is_empty() || token.client.is_empty() {
            return Err(IssueError::Empty);
        }
        if token.roles.len().saturating_add(token.amr.len()) > MAX_ITEMS {
            return Err(IssueError::TooManyRoles);
        }
        let (compact, expires_at) = self.mint(token, now, entropy)?;
        if compact.expose_secret().len() > MAX_TOKEN {
            return Err(IssueError::TooLong);
        }
        let expires_in = u64::try_from(expires_at.seconds_since(now)).unwrap_or(0);
        Ok(AccessToken { compact, expires_in: Duration::from_secs(expires_in) })
    }

    /// Returns the length of the token in bytes, whether or not a verifier would accept that length.
    pub(crate) fn bytes(
        &self,
        token: &NewAccessToken<'_>,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> Result<usize, IssueError> {
        self.mint(token, now, entropy).map(|(compact, _)| compact.expose_secret().len())
    }

    fn mint(
        &self,
        token: &NewAccessToken<'_>,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> Result<(SecretString, UnixTime), IssueError> {
        let expires_at = now.plus_seconds(seconds(self.lifetime));
        let expires_at = token.expires_by.map_or(expires_at, |latest| expires_at.min(latest));
        let mut id = [0; 16];
        entropy.fill(&mut id)?;
        let claims = Claims {
            iss: &self.issuer,
            sub: token.subject,
            aud: &self.audience,
            exp: expires_at.as_seconds(),
            iat: now.as_seconds(),
            jti: &URL_SAFE_NO_PAD.encode(id),
            client_id: token.client,
            scope: token.scope,
            roles: token.roles,
            sid: token.session,
            generation: token.generation,
            auth_time: token.auth_time.map(UnixTime::as_seconds),
            acr: token.acr,
            amr: token.amr,
        };
        let payload = serde_json::to_vec(&claims).map_err(|_| IssueError::Signing)?;
        let compact = self.keys.sign(&payload).ok_or(IssueError::Signing)?;
        Ok((compact.into(), expires_at))
    }
}

/// The settings of a [`TokenIssuer`].
#[derive(Clone, Debug)]
#[must_use]
pub struct TokenIssuerBuilder {
    issuer: TokenIssuer,
}

impl TokenIssuerBuilder {
    /// Sets the lifetime of a token: a whole number of seconds, at most 24 hours; 15 minutes by default.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.issuer.lifetime = lifetime;
        self
    }

    /// Builds the issuer.
    ///
    /// # Errors
    /// Returns a [`SettingsError`] with every unusable setting. A key ring without a signing key is one of them.
    pub fn build(self) -> Result<TokenIssuer, SettingsError> {
        let issuer = self.issuer;
        SettingsError::check(&[
            (issuer.issuer.is_empty(), SettingFault::EmptyIssuer),
            (issuer.audience.is_empty(), SettingFault::EmptyAudience),
            (!is_lifetime(issuer.lifetime), SettingFault::Lifetime),
            (!issuer.keys.signs(), SettingFault::NoSigningKey),
        ])?;
        Ok(issuer)
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    iat: i64,
    jti: &'a str,
    client_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    roles: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(rename = "session_generation", skip_serializing_if = "is_first")]
    generation: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    amr: &'a [&'a str],
}

fn is_first(generation: &u32) -> bool {
    *generation == 0
}

/// A signed access token: a bearer secret. `Debug` does not show it, and it is wiped when dropped.
pub struct AccessToken {
    compact: SecretString,
    expires_in: Duration,
}

impl AccessToken {
    /// Returns the token itself. Give it to the client only.
    pub fn expose(&self) -> &str {
        self.compact.expose_secret()
    }

    /// Returns the token's lifetime, counted from its issue: a whole number of seconds.
    pub fn expires_in(&self) -> Duration {
        self.expires_in
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The reason why the issuer refused to issue an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueError {
    /// The subject or the client is empty.
    Empty,
    /// There are more than 96 roles and authentication methods together. Verifiers reject a token with more.
    TooManyRoles,
    /// The token would be longer than 16 KiB.
    TooLong,
    /// The source of randomness failed, so the token could not get an id.
    Entropy(EntropyError),
    /// Signing failed.
    Signing,
}

impl From<EntropyError> for IssueError {
    fn from(error: EntropyError) -> Self {
        Self::Entropy(error)
    }
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the subject or the client is empty"),
            Self::TooManyRoles => f.write_str("there are more than 96 roles and authentication methods"),
            Self::TooLong => f.write_str("the token would be longer than 16 KiB"),
            Self::Entropy(error) => error.fmt(f),
            Self::Signing => f.write_str("the token could not be signed"),
        }
    }
}

impl core::error::Error for IssueError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Entropy(error) => Some(error),
            _ => None,
        }
    }
}
