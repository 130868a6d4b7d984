use core::time::Duration;

use super::{AccessClaims, TokenError, raw, rules::Rules};
use crate::{
    clock::{UnixTime, seconds},
    token::{
        ACCESS_TOKEN_TYPE,
        jose::{Compact, Header, JoseError, MAX_TOKEN, decode_payload},
        key::{KeyRing, RingKey},
        lifetime::{MAX_LIFETIME, is_lifetime},
        settings::{CLOCK_SKEW_SECONDS, SettingFault, SettingsError, is_leeway},
    },
};

/// The length up to which encoded claims use a smaller stack buffer. Almost all claims are shorter.
const SHORT: usize = 1024;

/// Verifies access tokens of one issuer for one service (RFC 9068, section 4).
#[derive(Clone, Debug)]
pub struct AccessVerifier {
    keys: KeyRing,
    rules: Rules,
}

impl AccessVerifier {
    /// Starts the settings of a verifier. It accepts tokens if `iss` is exactly `issuer` and `aud` contains `audience`.
    pub fn builder(keys: KeyRing, issuer: &str, audience: &str) -> AccessVerifierBuilder {
        AccessVerifierBuilder {
            keys,
            issuer: issuer.into(),
            audiences: vec![audience.into()],
            clock_skew: Duration::from_secs(CLOCK_SKEW_SECONDS.into()),
            expiry_leeway: Duration::ZERO,
            max_lifetime: MAX_LIFETIME,
        }
    }

    /// Creates a verifier that refuses all tokens, for a service that issues no tokens.
    #[cfg(feature = "remote")]
    pub(crate) fn of_no_issuer(clock_skew: i64) -> Self {
        let rules = Rules { issuer: "".into(), audiences: Vec::new(), clock_skew, expiry_leeway: 0, lifetime: 0 };
        Self { keys: KeyRing::empty(), rules }
    }

    /// Verifies a token at the time `now` and passes its claims to `keep`, which copies the values that the caller
    /// needs.
    ///
    /// The verifier itself allocates nothing; only `keep` may allocate.
    ///
    /// # Errors
    /// Returns a [`TokenError`] for the first rule that the token breaks; [the module](crate::token) lists the rules.
    /// Tell the client only that the token is invalid, whichever rule it was.
    #[inline]
    pub fn verify<T>(
        &self,
        token: &str,
        now: UnixTime,
        keep: impl FnOnce(&AccessClaims<'_>) -> T,
    ) -> Result<T, TokenError> {
        let (key, compact) = self.select(token)?;
        if compact.payload.len() <= SHORT {
            self.finish(key, compact, &mut [0; SHORT / 4 * 3], now, keep)
        } else {
            self.finish_long(key, compact, now, keep)
        }
    }

    /// Returns by how many seconds a token may lie in the future.
    pub(crate) fn clock_skew(&self) -> i64 {
        self.rules.clock_skew
    }

    /// Returns the `iss` of the tokens that it accepts.
    #[cfg(feature = "remote")]
    pub(crate) fn issuer(&self) -> &str {
        &self.rules.issuer
    }

    /// Returns whether the header of a token is exactly one of this issuer's own.
    #[cfg(feature = "remote")]
    #[inline]
    pub(crate) fn has_key_for(&self, token: &str) -> bool {
        Compact::split(token).is_ok_and(|compact| self.keys.by_encoded(compact.header).is_some())
    }

    /// Checks the size and the shape, reads the header and finds the key.
    #[inline]
    fn select<'t>(&self, token: &'t str) -> Result<(&RingKey, Compact<'t>), TokenError> {
        let compact = Compact::split(token)?;
        let key = match self.keys.by_encoded(compact.header) {
            Some(key) => key,
            None if self.keys.is_of_other_algorithm(compact.header) => return Err(JoseError::WrongAlgorithm.into()),
            None => Header::read(compact.header, |header| self.by_header(header))?,
        };
        Ok((key, compact))
    }

    fn by_header(&self, header: &Header<'_>) -> Result<&RingKey, TokenError> {
        let key = self.keys.by_header(header)?;
        match header.typ.map(|typ| typ.strip_prefix("application/").unwrap_or(typ)) {
            Some(ACCESS_TOKEN_TYPE) => Ok(key),
            _ => Err(TokenError::WrongType),
        }
    }

    #[cold]
    #[inline(never)]
    fn finish_long<T>(
        &self,
        key: &RingKey,
        compact: Compact<'_>,
        now: UnixTime,
        keep: impl FnOnce(&AccessClaims<'_>) -> T,
    ) -> Result<T, TokenError> {
        self.finish(key, compact, &mut [0; MAX_TOKEN / 4 * 3], now, keep)
    }

    /// Decodes the payload and checks the signature, and only then reads the claims.
    #[inline]
    fn finish<T>(
        &self,
        key: &RingKey,
        compact: Compact<'_>,
        buffer: &mut [u8],
        now: UnixTime,
        keep: impl FnOnce(&AccessClaims<'_>) -> T,
    ) -> Result<T, TokenError> {
        let payload = decode_payload(compact.payload, buffer)?;
        key.verify(compact.signed, compact.signature)?;
        let raw = raw::read(payload, &self.rules.audiences)?;
        let text = core::str::from_utf8(payload).map_err(|_| TokenError::ClaimsMalformed)?;
        let claims = AccessClaims::new(text, &raw)?;
        self.rules.check(&claims, &raw.registered, now)?;
        Ok(keep(&claims))
    }
}

/// The settings of an [`AccessVerifier`].
#[derive(Clone, Debug)]
#[must_use]
pub struct AccessVerifierBuilder {
    keys: KeyRing,
    issuer: Box<str>,
    audiences: Vec<Box<str>>,
    clock_skew: Duration,
    expiry_leeway: Duration,
    max_lifetime: Duration,
}

impl AccessVerifierBuilder {
    /// Adds a further name of this service. A token has to name at least one of them.
    pub fn audience(mut self, audience: &str) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets how far the `iat` or `nbf` of a token may lie in the future, for issuers with a clock that is ahead. It is
    /// 0 to 60 whole seconds, 60 by default.
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.clock_skew = skew;
        self
    }

    /// Sets how long after its `exp` a token is accepted: 0 to 60 whole seconds, 0 by default.
    pub fn expiry_leeway(mut self, leeway: Duration) -> Self {
        self.expiry_leeway = leeway;
        self
    }

    /// Sets the maximum lifetime of a token, from `iat` to `exp`: a whole number of seconds, at most 24 hours, which is
    /// the default.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.max_lifetime = lifetime;
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// Returns a [`SettingsError`] with every unusable setting.
    pub fn build(self) -> Result<AccessVerifier, SettingsError> {
        let Self { keys, issuer, audiences, clock_skew, expiry_leeway, max_lifetime } = self;
        SettingsError::check(&[
            (issuer.is_empty(), SettingFault::EmptyIssuer),
            (audiences.iter().any(|audience| audience.is_empty()), SettingFault::EmptyAudience),
            (!is_leeway(clock_skew), SettingFault::ClockSkew),
            (!is_leeway(expiry_leeway), SettingFault::ExpiryLeeway),
            (!is_lifetime(max_lifetime), SettingFault::Lifetime),
        ])?;
        let rules = Rules {
            issuer,
            audiences,
            clock_skew: seconds(clock_skew),
            expiry_leeway: seconds(expiry_leeway),
            lifetime: seconds(max_lifetime),
        };
        Ok(AccessVerifier { keys, rules })
    }
}
