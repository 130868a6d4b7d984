use core::num::NonZeroU32;

use axum::http::request::Parts;

/// One limit on how often a handler may be called.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: Option<&'static str>,
    quota: Quota,
    cost: NonZeroU32,
    key: LimitKey,
    counts: Option<Counts>,
    on_outage: OnOutage,
    shadow: bool,
}

impl Limit {
    /// Creates a limit that counts per `key`, one unit per request, for this handler alone.
    pub const fn new(quota: Quota, key: LimitKey) -> Self {
        Self { name: None, quota, cost: NonZeroU32::MIN, key, counts: None, on_outage: OnOutage::Local, shadow: false }
    }

    /// Creates the usual limit in one call, because each call costs time to compile: `count` requests in
    /// `window_seconds` per `key`.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    pub const fn per(count: u32, window_seconds: u32, key: LimitKey) -> Self {
        Self::new(Quota::new(count, window_seconds), key)
    }

    /// Shares the counter with every limit of the same name.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets how many units one request takes.
    ///
    /// # Panics
    /// Panics on zero and on more than the burst. In a constant, the panic is a compile error.
    #[must_use]
    pub const fn cost(mut self, cost: u32) -> Self {
        assert!(cost <= self.quota.burst.get(), "a cost above the burst is never admitted");
        self.cost = non_zero(cost);
        self
    }

    /// Sets which requests count beside a check. A limit by header, path or function, or for all callers, must set it
    /// when the handler's rule has a check. No other limit may set it.
    #[must_use]
    pub const fn counts(mut self, counts: Counts) -> Self {
        self.counts = Some(counts);
        self
    }

    /// Sets the behaviour while the store of counters fails.
    #[must_use]
    pub const fn on_outage(mut self, on_outage: OnOutage) -> Self {
        self.on_outage = on_outage;
        self
    }

    /// Makes the limit count and report, but never refuse.
    #[must_use]
    pub const fn shadow(mut self) -> Self {
        self.shadow = true;
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
    pub const fn units(&self) -> NonZeroU32 {
        self.cost
    }

    /// Returns the key. Each distinct value of the key has its own counter.
    pub const fn key(&self) -> LimitKey {
        self.key
    }

    /// Returns which requests count beside a check, if the limit sets it.
    pub const fn counted(&self) -> Option<Counts> {
        self.counts
    }

    /// Returns the behaviour while the store of counters fails.
    pub const fn outage(&self) -> OnOutage {
        self.on_outage
    }

    /// Returns whether the limit only reports.
    pub const fn is_shadow(&self) -> bool {
        self.shadow
    }
}

/// `count` units in `window` seconds, refilled evenly. At most `burst` units may be taken at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    count: NonZeroU32,
    window: NonZeroU32,
    burst: NonZeroU32,
}

impl Quota {
    /// Creates a quota of `count` units in `window_seconds`; the burst has the same size.
    ///
    /// ```
    /// use auth_runtime::policy::Quota;
    /// const TEN_A_MINUTE: Quota = Quota::new(10, 60).burst(3);
    /// assert_eq!(TEN_A_MINUTE.count().get(), 10);
    /// ```
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    pub const fn new(count: u32, window_seconds: u32) -> Self {
        let count = non_zero(count);
        Self { count, window: non_zero(window_seconds), burst: count }
    }

    /// Sets how many units may be taken at once.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[must_use]
    pub const fn burst(mut self, burst: u32) -> Self {
        self.burst = non_zero(burst);
        self
    }

    /// Returns the units per window.
    pub const fn count(&self) -> NonZeroU32 {
        self.count
    }

    /// Returns the window in seconds.
    pub const fn window_seconds(&self) -> NonZeroU32 {
        self.window
    }

    /// Returns the units that may be taken at once.
    pub const fn burst_size(&self) -> NonZeroU32 {
        self.burst
    }
}

/// The value by which requests are counted. Each distinct value has its own counter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum LimitKey {
    /// The authenticated caller.
    User,
    /// The client's address; an IPv6 address counts by its /64.
    Address,
    /// The API key. A caller without an API key is counted as a user.
    ApiKey,
    /// No value: one counter for all requests.
    Global,
    /// A header's value. Without the header, the client's address.
    Header(&'static str),
    /// A path parameter's value. Without it, the client's address.
    Path(&'static str),
    /// The result of a function of the application. On `None`, the client's address.
    Custom {
        /// The function's path as the attribute spells it.
        name: &'static str,
        /// The function.
        key: KeyFn,
    },
}

/// A function that names the counter for a request. On a protected handler,
/// [`Identity::of`](crate::identity::Identity::of) returns the caller from the request's extensions.
pub type KeyFn = fn(&Parts) -> Option<String>;

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

const fn non_zero(value: u32) -> NonZeroU32 {
    match NonZeroU32::new(value) {
        Some(value) => value,
        #[expect(clippy::panic, reason = "evaluated when the policy constant is compiled")]
        None => panic!("zero admits nothing"),
    }
}
