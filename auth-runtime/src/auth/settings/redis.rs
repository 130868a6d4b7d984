//! The settings of counters on Redis.

#[cfg(feature = "redis")]
use aws_lc_rs::digest::{SHA256, digest};
#[cfg(feature = "redis")]
use secrecy::ExposeSecret as _;

use super::Settings;
#[cfg(feature = "redis")]
use super::Tokens;
use crate::auth::fault::Collector;
#[cfg(feature = "redis")]
use crate::limit::{RedisLimits, RedisUrlError};

impl Settings {
    /// Returns the counters on Redis, if the settings name a server.
    #[cfg(feature = "redis")]
    pub(in crate::auth) fn redis_limits(&self, faults: &mut Collector) -> Option<RedisLimits> {
        let url = self.redis_url.as_ref()?;
        if matches!(self.tokens, Tokens::OfOthersAlone) && self.redis_prefix.is_none() {
            let message = "is missing beside `REDIS_URL`; a service without `AUDIENCE` names its counters by it";
            faults.missing("REDIS_PREFIX", message);
            return None;
        }
        let prefix = self.redis_prefix.clone().unwrap_or_else(|| prefix_of(&self.audience));
        let limits = RedisLimits::new(url.expose_secret(), &prefix);
        limits.map_err(|error| faults.push(faulty(error), error.to_string())).ok()
    }

    /// Refuses to count in memory where the settings name a server: several processes would each admit the whole limit.
    #[cfg(not(feature = "redis"))]
    pub(in crate::auth) fn refuse_redis(&self, faults: &mut Collector) {
        if self.redis_url.is_some() {
            faults
                .push("REDIS_URL", "is set, but this program was built without the feature `redis` of `auth-runtime`");
        }
    }
}

#[cfg(feature = "redis")]
fn faulty(error: RedisUrlError) -> &'static str {
    if error == RedisUrlError::Prefix { "REDIS_PREFIX" } else { "REDIS_URL" }
}

/// Returns the default prefix: the same for all processes of a service, and another one for another service.
#[cfg(feature = "redis")]
fn prefix_of(audience: &str) -> String {
    let hash = digest(&SHA256, audience.as_bytes());
    let digits = hash.as_ref().iter().take(4).map(|byte| format!("{byte:02x}"));
    digits.fold("auth-".to_owned(), |prefix, digits| prefix + &digits)
}
