use core::{num::NonZeroU32, time::Duration};

use super::{
    LimitKey,
    number::{as_duration, in_seconds, positive},
};

/// One limit on how often a handler may be called.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: Option<&'static str>,
    quota: Quota,
    cost: NonZeroU32,
    key: LimitKey,
    counts: Option<Counts>,
    outage: OnOutage,
    shadow: bool,
}

impl Limit {
    /// Creates a limit that counts per `key`, one unit per request, for this handler alone.
    pub const fn new(quota: Quota, key: LimitKey) -> Self {
        Self { name: None, quota, cost: NonZeroU32::MIN, key, counts: None, outage: OnOutage::Local, shadow: false }
    }

    /// Creates the limit of `count` units in `seconds` per `key`. The attributes call it, because each call and each
    /// `Duration` costs time to compile.
    #[doc(hidden)]
    #[track_caller]
    pub const fn in_seconds(count: u32, seconds: u32, key: LimitKey) -> Self {
        Self::new(Quota::in_seconds(count, seconds), key)
    }

    /// Shares the counters with every limit of the same name, quota and key.
    #[must_use]
    pub const fn with_name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Replaces the quota. The cost of a request may then be above the burst.
    pub(crate) const fn with_quota(mut self, quota: Quota) -> Self {
        self.quota = quota;
        self
    }

    /// Sets how many units one request takes; one by default.
    ///
    /// # Panics
    /// Panics on zero and on more than the burst. In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn with_cost(mut self, units: u32) -> Self {
        assert!(units <= self.quota.burst.get(), "a cost above the burst is never admitted");
        self.cost = positive(units);
        self
    }

    /// Sets which requests count beside a check. A limit by header, path or function, or for all callers, must set it
    /// when the handler's rule has a check. No other limit may set it.
    #[must_use]
    pub const fn with_counts(mut self, counts: Counts) -> Self {
        self.counts = Some(counts);
        self
    }

    /// Sets the behaviour while the store of counters fails; [`OnOutage::Local`] by default.
    #[must_use]
    pub const fn with_outage(mut self, outage: OnOutage) -> Self {
        self.outage = outage;
        self
    }

    /// Sets whether the limit only counts and reports, and never refuses; `false` by default.
    #[must_use]
    pub const fn with_shadow(mut self, shadow: bool) -> Self {
        self.shadow = shadow;
        self
    }

    /// Returns the name that shares the counter, if any.
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// Returns the quota: the number of units, the window and the burst.
    pub const fn quota(&self) -> Quota {
        self.quota
    }

    /// Returns the units that one request takes.
    pub const fn cost(&self) -> NonZeroU32 {
        self.cost
    }

    /// Returns the key. Each distinct value of the key has its own counter.
    pub const fn key(&self) -> LimitKey {
        self.key
    }

    /// Returns which requests count beside a check, if the limit sets it.
    pub const fn counts(&self) -> Option<Counts> {
        self.counts
    }

    /// Returns the behaviour while the store of counters fails.
    pub const fn outage(&self) -> OnOutage {
        self.outage
    }

    /// Returns whether the limit only reports.
    pub const fn is_shadow(&self) -> bool {
        self.shadow
    }
}

/// `count` units in a window of time, refilled evenly. At most `burst` units may be taken at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    count: NonZeroU32,
    /// Seconds.
    window: NonZeroU32,
    burst: NonZeroU32,
}

impl Quota {
    /// Creates a quota of `count` units in `window`; the burst has the same size.
    ///
    /// ```
    /// use auth_runtime::policy::Quota;
    /// use core::time::Duration;
    /// const TEN_IN_FIVE_MINUTES: Quota = Quota::new(10, Duration::from_secs(300)).with_burst(3);
    /// assert_eq!(TEN_IN_FIVE_MINUTES.count().get(), 10);
    /// ```
    ///
    /// # Panics
    /// Panics unless `count` is at least one and `window` is a whole number of seconds, from 1 to `u32::MAX`. In a
    /// constant, the panic is a compile error:
    ///
    /// ```compile_fail,E0080
    /// # use auth_runtime::policy::Quota;
    /// # use core::time::Duration;
    /// const HALF_A_SECOND: Quota = Quota::new(10, Duration::from_millis(500));
    /// # let _ = HALF_A_SECOND;
    /// ```
    #[track_caller]
    pub const fn new(count: u32, window: Duration) -> Self {
        Self::in_seconds(count, in_seconds(window).get())
    }

    /// Creates a quota of `count` units in a second; the burst has the same size.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[track_caller]
    pub const fn per_second(count: u32) -> Self {
        Self::in_seconds(count, 1)
    }

    /// Creates a quota of `count` units in a minute; the burst has the same size.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[track_caller]
    pub const fn per_minute(count: u32) -> Self {
        Self::in_seconds(count, 60)
    }

    /// Creates a quota of `count` units in an hour; the burst has the same size.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[track_caller]
    pub const fn per_hour(count: u32) -> Self {
        Self::in_seconds(count, 60 * 60)
    }

    /// Creates a quota of `count` units in a day of 24 hours; the burst has the same size.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[track_caller]
    pub const fn per_day(count: u32) -> Self {
        Self::in_seconds(count, 24 * 60 * 60)
    }

    /// Does the same as [`new`](Self::new). The attributes call it, because a number costs less time to compile than a
    /// `Duration`.
    #[doc(hidden)]
    #[track_caller]
    pub const fn in_seconds(count: u32, seconds: u32) -> Self {
        let count = positive(count);
        Self { count, window: positive(seconds), burst: count }
    }

    /// Sets how many units may be taken at once.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn with_burst(mut self, units: u32) -> Self {
        self.burst = positive(units);
        self
    }

    /// Returns the units per window.
    pub const fn count(&self) -> NonZeroU32 {
        self.count
    }

    /// Returns the window.
    pub const fn window(&self) -> Duration {
        as_duration(self.window)
    }

    /// Returns the window in seconds.
    pub(crate) const fn window_seconds(&self) -> NonZeroU32 {
        self.window
    }

    /// Returns the units that may be taken at once.
    pub const fn burst(&self) -> NonZeroU32 {
        self.burst
    }
}

/// Which requests a limit counts when several callers share its counter and the handler's rule has a check.
///
/// Roles and scopes are decided first in both cases: a caller whom they refuse is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counts {
    /// Every request that reaches the checks, before the first check runs. Protects a check that is expensive or that a
    /// client could guess at, for example a PIN.
    BeforeChecks,
    /// The requests that the checks admit. Protects a budget that callers share, for example that of a clinic.
    AfterChecks,
}

/// The behaviour while the store of counters fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnOutage {
    /// This process counts on its own until the store is back.
    Local,
    /// Refuses the request with 503.
    Deny,
    /// Admits the request, and writes an event.
    Allow,
}
