//! The generic cell rate algorithm in integers: one definition for every store.
//!
//! A key's whole state is one number, its theoretical arrival time (TAT): the time in nanoseconds at which its
//! bucket will be full again. A key that was never seen, and one whose TAT has passed, have a full bucket.

use core::{
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use crate::{clock::Monotonic, policy::Quota};

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// No time is later and no rate owes more, so that their sums stay within 64 bits.
const MAX: u64 = i64::MAX as u64;

/// A [`Quota`] prepared for checking: what one unit costs and how much may be owed, in nanoseconds.
///
/// In any window of `w` seconds at most `burst + floor(w * count / window)` units are admitted. The time of one unit
/// is rounded up to a whole nanosecond, so that rounding can only admit less: at most one billionth less for each
/// unit per second, and never more than 10^9 units a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    interval: NonZeroU64,
    tolerance: u64,
}

impl Rate {
    /// The rate of a quota.
    ///
    /// ```
    /// use auth_runtime::{limit::Rate, policy::Quota};
    /// const RATE: Rate = Rate::new(Quota::new(10, 60));
    /// assert_eq!(RATE.interval().as_secs(), 6);
    /// ```
    pub const fn new(quota: Quota) -> Self {
        let window = (quota.window_seconds().get() as u64).saturating_mul(NANOS_PER_SECOND);
        let interval = match NonZeroU64::new(window.div_ceil(quota.count().get() as u64)) {
            Some(interval) => interval,
            None => NonZeroU64::MIN,
        };
        let tolerance = interval.get().saturating_mul(quota.burst_size().get() as u64);
        // Fewer units than the quota says, and only for bursts that take centuries to refill.
        let most = MAX.saturating_sub(remainder(MAX, interval));
        let tolerance = if tolerance > most { most } else { tolerance };
        Self { interval, tolerance }
    }

    /// Decide on a request of `cost` units at `now`, for a key whose state is `tat`.
    ///
    /// Nothing is kept: the store writes [`Step::tat`] back, which a refusal leaves as it was. A cost above the
    /// burst is always refused.
    ///
    /// A state that this rate cannot have left at `now` shows that the clock went back. The bucket is taken as empty
    /// then: nothing is given away, and the key waits for what it asks, not for the old time to come round again.
    #[inline]
    pub const fn decide(&self, tat: u64, now: Monotonic, cost: NonZeroU32) -> Step {
        self.decide_for(tat, now, self.price(cost))
    }

    /// What so many units cost in nanoseconds.
    pub(super) const fn price(&self, cost: NonZeroU32) -> u64 {
        self.interval.get().saturating_mul(cost.get() as u64)
    }

    #[inline]
    pub(super) const fn decide_for(&self, tat: u64, now: Monotonic, price: u64) -> Step {
        let now = readable(now);
        let start = if tat > now { tat } else { now };
        let full = start.saturating_add(price);
        // Neither side can have overflowed when this holds: a time and a tolerance are below 2^63 each.
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

    /// What one unit takes to come back.
    pub const fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval.get())
    }

    /// What an empty bucket takes to fill.
    pub const fn tolerance(&self) -> Duration {
        Duration::from_nanos(self.tolerance)
    }
}

/// One decision and the state that it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The key's new state.
    pub tat: u64,
    /// What was decided.
    pub verdict: Verdict,
}

/// What one limit says of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    rate: Rate,
    debt: u64,
    wait: u64,
}

impl Verdict {
    /// The verdict of a store that decided elsewhere: what the bucket lacks to be full after the request, and how
    /// long until the same request is admitted, zero if it is. Both in nanoseconds.
    pub const fn new(rate: Rate, debt: u64, wait: u64) -> Self {
        Self { rate, debt, wait }
    }

    /// Whether the request is within the limit.
    pub const fn is_allowed(&self) -> bool {
        self.wait == 0
    }

    /// The units left, after this request if it is allowed.
    pub const fn remaining(&self) -> u32 {
        let free = self.rate.tolerance.saturating_sub(self.debt);
        match free.checked_div(self.rate.interval.get()) {
            Some(units) if units <= u32::MAX as u64 => units as u32,
            _ => u32::MAX,
        }
    }

    /// How long until the same request is admitted if no other comes; zero if it is allowed.
    pub const fn retry_after(&self) -> Duration {
        Duration::from_nanos(self.wait)
    }

    /// How long until one more unit is there; zero if the bucket is full.
    pub const fn next_unit(&self) -> Duration {
        let partial = remainder(self.debt, self.rate.interval);
        Duration::from_nanos(if partial == 0 && self.debt > 0 { self.rate.interval.get() } else { partial })
    }

    /// How long until the bucket is full again.
    pub const fn reset(&self) -> Duration {
        Duration::from_nanos(self.debt)
    }

    #[inline]
    pub(super) const fn parts(&self) -> (u64, u64) {
        (self.debt, self.wait)
    }

    /// The verdict as it stands when the request is refused by another limit, so that nothing was charged to this.
    pub(super) const fn uncharged(self, price: u64) -> Self {
        if !self.is_allowed() {
            return self;
        }
        Self { debt: self.debt.saturating_sub(price), ..self }
    }
}

/// A clock stands still after 292 years rather than overflow.
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
