//! The rules for claims. They apply after the signature was verified and the claims were read.

use crate::clock::UnixTime;

use super::{AccessClaims, Claim, TokenError, registered::Registered};

/// The settings against which a verifier checks claims.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) issuer: Box<str>,
    pub(super) audiences: Vec<Box<str>>,
    /// By how far `iat` and `nbf` may lie in the future, in seconds, 0 to 60.
    pub(super) clock_skew: i64,
    /// For how long a token is good after its `exp`, in seconds, 0 to 60.
    pub(super) expiry_leeway: i64,
    /// Seconds.
    pub(super) lifetime: i64,
}

impl Rules {
    #[inline]
    pub(super) fn check(
        &self,
        claims: &AccessClaims<'_>,
        registered: &Registered,
        now: UnixTime,
    ) -> Result<(), TokenError> {
        if claims.issuer() != &*self.issuer {
            return Err(TokenError::WrongIssuer);
        }
        match registered.audience {
            None => return Err(TokenError::ClaimMissing(Claim::Audience)),
            Some(false) => return Err(TokenError::WrongAudience),
            Some(true) => {}
        }
        if registered.is_bound {
            return Err(TokenError::BoundToKey);
        }
        self.check_times(claims, registered, now)
    }

    #[inline]
    fn check_times(&self, claims: &AccessClaims<'_>, registered: &Registered, now: UnixTime) -> Result<(), TokenError> {
        let latest_start = now.plus_seconds(self.clock_skew);
        if now >= claims.expires_at().plus_seconds(self.expiry_leeway) {
            return Err(TokenError::Expired);
        }
        if registered.not_before.is_some_and(|begin| UnixTime::from_seconds(begin.ceil()) > latest_start) {
            return Err(TokenError::NotYetValid);
        }
        if claims.issued_at() > latest_start {
            return Err(TokenError::IssuedInFuture);
        }
        if claims.expires_at().seconds_since(claims.issued_at()) > self.lifetime {
            return Err(TokenError::LifetimeTooLong);
        }
        Ok(())
    }
}
