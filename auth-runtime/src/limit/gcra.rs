//! The generic cell rate algorithm (GCRA) in integers: one definition for all stores.
//!
//! The whole state of a key is one number, its theoretical arrival time (TAT): the time in nanoseconds at which its
//! bucket will be full again. The bucket of a new key is full, and so is the bucket of a key after its TAT.

use core::{
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use crate::{clock::Monotonic, policy::Quota};

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// The maximum of a time and of a rate's tolerance, so that their sums stay within 64 bits.
const MAX: u64 = i64::MAX as u64;

/// A [`Quota`] prepared for checking: the price of one unit and the maximum debt, in nanoseconds.
///
/// In any window of `w` seconds at most `burst + floor(w * count / window)` units are admitted. The time of one unit is
/// rounded up to a whole nanosecond, so rounding can only admit fewer units: at most one billionth fewer for each unit
/// per second. No rate admits more than 10^9 units a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    interval: NonZeroU64,
    tolerance: u64,
}

impl Rate {
    /// Prepares a quota.
    ///
    /// ```
    /// use auth_runtime::{limit::Rate, policy::Quota};
    /// const RATE: Rate = Rate::new(Quota::per_minute(10));
    /// assert_eq!(RATE.interval().as_secs(), 6);
    /// ```
    pub const fn new(quota: Quota) -> Self {
        let window = (quota.window_seconds().get() as u64).saturating_mul(NANOS_PER_SECOND);
        let interval = match NonZeroU64::new(window.div_ceil(quota.count().get() as u64)) {
            Some(interval) => interval,
            None => NonZeroU64::MIN,
        };
        Self::of_units(interval, quota.burst().get())
    }

    const fn of_units(interval: NonZeroU64, burst: u32) -> Self {
        let tolerance = interval.get().saturating_mul(burst as u64);
        // This admits fewer units than the quota says, but only for bursts that take centuries to refill.
        let most = MAX.saturating_sub(remainder(MAX, interval));
        let tolerance = if tolerance > most { most } else { tolerance };
        Self { interval, tolerance }
    }

    /// Returns the share of one of `instances` processes that count alone. The shares of all processes together have
    /// exactly this rate. The burst is rounded up, and is at least `cost`, so that each process admits the request at
    /// times.
    pub(super) const fn share(self, burst: NonZeroU32, instances: NonZeroU32, cost: NonZeroU32) -> Self {
        let interval = match NonZeroU64::new(self.interval.get().saturating_mul(instances.get() as u64)) {
            Some(interval) => interval,
            None => self.interval,
        };
        let burst = burst.get().div_ceil(instances.get());
        Self::of_units(interval, if burst > cost.get() { burst } else { cost.get() })
    }

    /// Decides on a request of `cost` units at `now`, for a key in the state `tat`.
    ///
    /// This function stores nothing. The store writes [`Step::tat`] back; a refusal leaves the state unchanged. A cost
    /// above the burst is always refused.
    ///
    /// A `tat` later than this rate can have left it at `now` shows that the clock went back. The bucket then counts as
    /// empty. No units are given away, and the key waits only for the units that it asks for, not until the clock
    /// reaches its old time.
    #[inline]
    pub const fn decide(&self, tat: u64, now: Monotonic, cost: NonZeroU32) -> Step {
        self.decide_for(tat, now, self.price(cost))
    }

    /// Returns the price of `cost` units in nanoseconds.
    pub(super) const fn price(&self, cost: NonZeroU32) -> u64 {
        self.interval.get().saturating_mul(cost.get() as u64)
    }

    #[inline]
    pub(super) const fn decide_for(&self, tat: u64, now: Monotonic, price: u64) -> Step {
        let now = readable(now);
        let start = if tat > now { tat } else { now };
        let full = start.saturating_add(price);
        // A time and a tolerance are below 2^63 each. When this comparison holds, neither side has overflowed.
        if full <= now.saturating_add(self.tolerance) {
            let verdict = Verdict { rate: *self, debt: full.saturating_sub(now), wait: 0 };
            return Step { tat: full, verdict };
        }
        self.refuse(tat, now, price)
    }

    const fn refuse(&self, tat: u64, now: u64, price: u64) -> Step {
        let empty = now.saturating_add(self.tolerance);
        let tat = if tat > empty { empty } else { tat };
        let debt = tat.saturating_sub(now);
        let wait = debt.saturating_add(price).saturating_sub(self.tolerance);
        Step { tat, verdict: Verdict { rate: *self, debt, wait } }
    }

    /// Returns the time in which one unit comes back.
    pub const fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval.get())
    }

    /// Returns the time in which an empty bucket fills.
    pub const fn tolerance(&self) -> Duration {
        Duration::from_nanos(self.tolerance)
    }
}

/// One decision, and the state of the key after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The key's new state.
    pub tat: u64,
    /// The decision.
    pub verdict: Verdict,
}

/// The decision of one limit on one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    rate: Rate,
    debt: u64,
    wait: u64,
}

impl Verdict {
    /// Creates the verdict of a store that decided elsewhere. `debt` is the time until the bucket is full after this
    /// request. `wait` is the time until the same request is admitted, or zero when it was admitted. Both are at most
    /// 584 years; longer times count as that.
    pub const fn new(rate: Rate, debt: Duration, wait: Duration) -> Self {
        Self { rate, debt: nanos(debt), wait: nanos(wait) }
    }

    /// Creates a verdict from its [parts](Self::parts), in nanoseconds.
    #[inline]
    pub(super) const fn from_parts(rate: Rate, (debt, wait): (u64, u64)) -> Self {
        Self { rate, debt, wait }
    }

    /// Returns whether the request is within the limit.
    pub const fn is_allowed(&self) -> bool {
        self.wait == 0
    }

    /// Returns the number of units left, after this request if it was admitted.
    pub const fn remaining(&self) -> u32 {
        let free = self.rate.tolerance.saturating_sub(self.debt);
        match free.checked_div(self.rate.interval.get()) {
            Some(units) if units <= u32::MAX as u64 => units as u32,
            _ => u32::MAX,
        }
    }

    /// Returns the time until the same request is admitted if no other request comes, or zero if it was admitted.
    pub const fn retry_after(&self) -> Duration {
        Duration::from_nanos(self.wait)
    }

    /// Returns the time until one more unit is available, or zero if the bucket is full.
    pub const fn next_unit(&self) -> Duration {
        let partial = remainder(self.debt, self.rate.interval);
        Duration::from_nanos(if partial == 0 && self.debt > 0 { self.rate.interval.get() } else { partial })
    }

    #[inline]
    pub(super) const fn parts(&self) -> (u64, u64) {
        (self.debt, self.wait)
    }

    /// Returns the verdict for a request that another limit refused, so that this limit charged nothing.
    pub(super) const fn uncharged(self, price: u64) -> Self {
        if !self.is_allowed() {
            return self;
        }
        Self { debt: self.debt.saturating_sub(price), ..self }
    }
}

/// Returns the nanoseconds of a duration, or the largest number if there are more.
const fn nanos(duration: Duration) -> u64 {
    let nanos = duration.as_nanos();
    if nanos > u64::MAX as u128 { u64::MAX } else { nanos as u64 }
}

/// Converts a time. After 292 years the clock stands still rather than overflow.
#[inline]
const fn readable(now: Monotonic) -> u64 {
    let now = now.as_nanos();
    if now > MAX { MAX } else { now }
}

const fn remainder(value: u64, divisor: NonZeroU64) -> u64 {
    match value.checked_rem(divisor.get()) {
        Some(remainder) => remainder,
        None => 0,
    }
}

#[cfg(test)]
mod tests;
