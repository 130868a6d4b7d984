//! The options of limits.

use core::num::NonZeroU32;
use std::sync::Arc;

use super::AuthBuilder;
use crate::limit::LimitStore;

impl AuthBuilder {
    /// Sets the store that counts limits. By default that is the Redis of the setting `REDIS_URL`, or else the store of
    /// limits that came with the [accounts](Self::accounts), or else this process's memory.
    pub fn limit_store(mut self, store: impl LimitStore) -> Self {
        self.limits.store.set(Arc::new(store));
        self
    }

    /// Sets how many processes share the store of limits, 1 to 10,000; one by default, or the setting `INSTANCES`.
    ///
    /// While the store fails, each process admits its share: see
    /// [`Limiter::with_instances`](crate::limit::Limiter::with_instances). With too small a number the processes admit
    /// too much during an outage; with too large a number, too little.
    pub fn instances(mut self, count: NonZeroU32) -> Self {
        self.limits.instances.set(count);
        self
    }

    /// Sets whether responses of limited handlers carry `X-RateLimit-Limit`, `-Remaining` and `-Reset` beside
    /// `RateLimit`; `false` by default. For clients that know only these fields, which no standard defines.
    pub fn legacy_limit_headers(mut self, on: bool) -> Self {
        self.limits.legacy_headers = on;
        self
    }
}
