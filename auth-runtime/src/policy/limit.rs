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
    /// A limit that counts per `key`, one unit a request, for this handler alone.
    pub const fn new(quota: Quota, key: LimitKey) -> Self {
        Self { name: None, quota, cost: NonZeroU32::MIN, key, counts: None, on_outage: OnOutage::Local, shadow: false }
    }

    /// `count` requests in `window_seconds` per `key`: the usual limit, in one call, since each costs time to compile.
    ///
    /// # Panics
    /// On zero; in a constant that is a compile error.
    pub const fn per(count: u32, window_seconds: u32, key: LimitKey) -> Self {
        Self::new(Quota::new(count, window_seconds), key)
    }

    /// Share the counter with every limit of the same name.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// How many units one request takes.
    ///
    /// # Panics
    /// On zero and on more than the burst; in a constant that is a compile error.
    #[must_use]
    pub const fn cost(mut self, cost: u32) -> Self {
        assert!(cost <= self.quota.burst.get(), "a cost above the burst is never admitted");
        self.cost = non_zero(cost);
        self
    }

    /// Says which requests count beside a check: a limit by header, path, a function or for all has to say it where the
    /// handler's rule has a check, and no other limit may.
    #[must_use]
    pub const fn counts(mut self, counts: Counts) -> Self {
        self.counts = Some(counts);
        self
    }

    /// What happens while the store of counters fails.
    #[must_use]
    pub const fn on_outage(mut self, on_outage: OnOutage) -> Self {
        self.on_outage = on_outage;
        self
    }

    /// Count and report, never refuse.
    #[must_use]
    pub const fn shadow(mut self) -> Self {
        self.shadow = true;
        self
    }

    /// The name that shares the counter, if any.
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// How much in which time.
    pub const fn quota(&self) -> Quota {
        self.quota
    }

    /// The units that one request takes.
    pub const fn units(&self) -> NonZeroU32 {
        self.cost
    }

    /// What is counted apart.
    pub const fn key(&self) -> LimitKey {
        self.key
    }

    /// Which requests count beside a check, where that is said.
    pub const fn counted(&self) -> Option<Counts> {
        self.counts
    }

    /// What happens while the store of counters fails.
    pub const fn outage(&self) -> OnOutage {
        self.on_outage
    }

    /// Whether the limit only reports.
    pub const fn is_shadow(&self) -> bool {
        self.shadow
    }
}

/// `count` units in `window` seconds, refilled evenly, of which `burst` may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    count: NonZeroU32,
    window: NonZeroU32,
    burst: NonZeroU32,
}

impl Quota {
    /// `count` units in `window_seconds`; as many may come at once.
    ///
    /// ```
    /// use auth_runtime::policy::Quota;
    /// const TEN_A_MINUTE: Quota = Quota::new(10, 60).burst(3);
    /// assert_eq!(TEN_A_MINUTE.count().get(), 10);
    /// ```
    ///
    /// # Panics
    /// On zero; in a constant that is a compile error.
    pub const fn new(count: u32, window_seconds: u32) -> Self {
        let count = non_zero(count);
        Self { count, window: non_zero(window_seconds), burst: count }
    }

    /// How many units may come at once.
    ///
    /// # Panics
    /// On zero; in a constant that is a compile error.
    #[must_use]
    pub const fn burst(mut self, burst: u32) -> Self {
        self.burst = non_zero(burst);
        self
    }

    /// Units per window.
    pub const fn count(&self) -> NonZeroU32 {
        self.count
    }

    /// The window in seconds.
    pub const fn window_seconds(&self) -> NonZeroU32 {
        self.window
    }

    /// Units that may come at once.
    pub const fn burst_size(&self) -> NonZeroU32 {
        self.burst
    }
}

/// What a limit counts apart.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum LimitKey {
    /// The authenticated caller.
    User,
    /// The client's address; IPv6 by its /64.
    Address,
    /// The API key; a caller without one is counted as a user.
    ApiKey,
    /// Nothing: one counter for all.
    Global,
    /// A header's value. Without the header, the client's address.
    Header(&'static str),
    /// A path parameter's value. Without it, the client's address.
    Path(&'static str),
    /// What a function of the application returns. On `None`, the client's address.
    Custom {
        /// The function's path as the attribute spells it.
        name: &'static str,
        /// The function.
        key: KeyFn,
    },
}

/// A function that names the counter for a request. On a protected handler
/// [`Identity::of`](crate::identity::Identity::of) the request's extensions is the caller.
pub type KeyFn = fn(&Parts) -> Option<String>;

/// Which requests a limit counts that several callers share, where the handler's rule has a check.
///
/// Roles and scopes are decided before either: a caller whom they refuse is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counts {
    /// Every request that gets to the checks, before the first of them runs. Guards a check that is expensive or that can
    /// be guessed, such as a PIN.
    BeforeChecks,
    /// The requests that the checks admit. Guards a budget that callers share, such as that of a clinic.
    AfterChecks,
}

/// What happens while the store of counters fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnOutage {
    /// This process counts by itself until the store is back.
    Local,
    /// Refuse with 503.
    Deny,
    /// Let it pass, with an event.
    Allow,
}

const fn non_zero(value: u32) -> NonZeroU32 {
    match NonZeroU32::new(value) {
        Some(value) => value,
        #[expect(clippy::panic, reason = "evaluated when the policy constant is compiled")]
        None => panic!("zero admits nothing"),
    }
}
