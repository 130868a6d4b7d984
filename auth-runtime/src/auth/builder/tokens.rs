//! The methods for access tokens.

use core::time::Duration;

use super::AuthBuilder;
use crate::token::KeyRing;

impl AuthBuilder {
    /// Sets the keys of access tokens.
    pub fn keys(mut self, keys: KeyRing) -> Self {
        self.tokens.keys.set(keys);
        self
    }

    /// Sets the issuer of access tokens, exactly as in `iss`: this service's URL.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.tokens.issuer.set(issuer.into());
        self
    }

    /// Adds an audience of access tokens. All given audiences are accepted, and new tokens name the first one. If the
    /// settings have an audience, that is the first.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.tokens.audiences.push(audience.into());
        self
    }

    /// Sets how far the `iat` or `nbf` of an access token may lie in the future: 0 to 60 whole seconds, 60 by default.
    /// This tolerates an issuing process with a fast clock.
    ///
    /// The same holds for the time of a login, where a handler limits its age.
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.tokens.clock_skew.set(skew);
        self
    }

    /// Sets how long after its `exp` an access token is accepted: 0 to 60 whole seconds, 0 by default.
    ///
    /// A revoked token stays refused during this time, too.
    pub fn expiry_leeway(mut self, leeway: Duration) -> Self {
        self.tokens.expiry_leeway.set(leeway);
        self
    }

    /// Sets the life of an access token: a whole number of seconds, at most a day; 15 minutes by default.
    ///
    /// With accounts, a shorter life takes effect at once. A token that is older than the present life is refused, even
    /// before its `exp`, since revocations are remembered for no longer. Processes that share a store should share this
    /// setting.
    pub fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.tokens.lifetime.set(lifetime);
        self
    }

    /// Sets how many bytes the access tokens of an account may have, 2,048 to 8,192; 4,096 by default.
    ///
    /// [`Administration`](crate::account::Administration) refuses roles and scopes that make a longer token. Every
    /// request carries the token in a header, and proxies limit headers: many take 8 KiB for a line, some 4 KiB for
    /// all.
    pub fn access_token_bytes(mut self, bytes: u32) -> Self {
        self.tokens.most_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        self
    }
}
