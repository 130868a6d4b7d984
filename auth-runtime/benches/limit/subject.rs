use std::{num::NonZeroU32, sync::Arc};

use auth_runtime::{
    clock::{Clock, SystemClock},
    limit::{AddressKey, Charge, KeyValue, Limiter, MemoryLimits, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
};
use governor::DefaultKeyedRateLimiter;

/// A limit that is so large that it refuses nothing, and so slow that nothing expires.
pub(crate) const STEADY: PreparedLimit = prepared(Quota::per_second(1).with_burst(u32::MAX));

/// A limit of one request per 20 ms.
pub(crate) const SWEEP: PreparedLimit = prepared(Quota::per_second(50).with_burst(1));

/// More keys than any case has.
const MAX_KEYS: usize = 1 << 24;

const fn prepared(quota: Quota) -> PreparedLimit {
    PreparedLimit::new(Limit::new(quota, LimitKey::Address), "bench", 0)
}

pub(crate) trait Subject: Sync {
    fn check(&self, key: u64) -> bool;
}

pub(crate) struct Governor(DefaultKeyedRateLimiter<u64>);

impl Governor {
    pub(crate) fn new(limit: PreparedLimit) -> Self {
        let count = NonZeroU32::new(limit.quota().count().get()).expect("not zero");
        let quota = governor::Quota::per_second(count).allow_burst(limit.quota().burst());
        Self(DefaultKeyedRateLimiter::keyed(quota))
    }

    pub(crate) fn retain_recent(&self) {
        self.0.retain_recent();
    }
}

impl Subject for Governor {
    #[inline(always)]
    fn check(&self, key: u64) -> bool {
        self.0.check_key(&key).is_ok()
    }
}

/// Calls the store and the clock by their concrete types.
pub(crate) struct Direct {
    limit: &'static PreparedLimit,
    clock: SystemClock,
    limits: MemoryLimits,
}

impl Direct {
    pub(crate) fn new(limit: &'static PreparedLimit) -> Self {
        Self { limit, clock: SystemClock::new(), limits: MemoryLimits::for_keys(MAX_KEYS) }
    }
}

impl Subject for Direct {
    #[inline(always)]
    fn check(&self, key: u64) -> bool {
        let mut charges = [Charge::new(self.limit, KeyValue::address(AddressKey::V6(key)))];
        self.limits.check(&mut charges, &self.clock).is_ok() && !charges.iter().any(Charge::refuses)
    }
}

/// Calls the limiter as the guard does: the limiter in front of the store, and a clock behind `dyn`.
pub(crate) struct Guarded {
    limit: &'static PreparedLimit,
    clock: Arc<dyn Clock>,
    limiter: Limiter,
}

impl Guarded {
    pub(crate) fn new(limit: &'static PreparedLimit) -> Self {
        Self { limit, clock: Arc::new(SystemClock::new()), limiter: Limiter::in_memory() }
    }
}

impl Subject for Guarded {
    #[inline(always)]
    fn check(&self, key: u64) -> bool {
        let mut charges = [Charge::new(self.limit, KeyValue::address(AddressKey::V6(key)))];
        let answered = self.limiter.memory().is_some_and(|memory| memory.charge(&mut charges, &*self.clock).is_ok());
        answered && !charges.iter().any(Charge::refuses)
    }
}

/// Returns a number that looks random and differs for each input, like the keys of identifiers or addresses.
pub(crate) fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
