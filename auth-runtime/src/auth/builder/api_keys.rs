//! The methods for API keys.

use core::time::Duration;

use super::AuthBuilder;

impl AuthBuilder {
    /// Sets the prefix of this service's API keys: a lower-case letter, then 1 to 15 lower-case letters or digits; `ak`
    /// by default. The prefix names this service, so a leaked key can be traced to it.
    ///
    /// The prefix is followed by `live`, or by `test` where the [environment](Self::environment) is not production. The
    /// guard refuses keys with another prefix or for another environment, so a change of the prefix ends all keys.
    pub fn api_key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.api_keys.prefix = prefix.into();
        self
    }

    /// Sets the life of an API key, unless its owner asks for another one, and the longest life that the owner may ask
    /// for. The defaults are 90 and 365 days. Both are whole days of 24 hours, 1 to 3650, since owners ask in days.
    pub fn api_key_lifetimes(mut self, default: Duration, longest: Duration) -> Self {
        self.api_keys.default = default;
        self.api_keys.longest = longest;
        self
    }

    /// Sets how many API keys a user may have, 1 to 10 000; 50 by default. Ended keys count while they are still
    /// listed.
    pub fn api_keys_per_user(mut self, max: u32) -> Self {
        self.api_keys.most_per_user = max;
        self
    }
}
