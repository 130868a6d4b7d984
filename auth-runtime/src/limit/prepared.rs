use core::num::NonZeroU32;

use super::{Rate, handler_id::Place, scope::Scope};
use crate::policy::{Limit, LimitKey, OnOutage, Quota};

/// A limit of a policy, with all values that can be computed before the first request.
///
/// Meant to be a constant: one for each limit of a handler, or one for a limit that the application charges itself:
///
/// ```
/// use auth_runtime::{limit::PreparedLimit, policy::{Limit, LimitKey, Quota}};
///
/// const TEN: Limit = Limit::new(Quota::per_minute(10), LimitKey::Address).with_name("login");
/// const LOGIN: PreparedLimit = PreparedLimit::new(TEN, "account::login", 0);
/// assert_eq!(LOGIN.label(), "login");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PreparedLimit {
    limit: Limit,
    rate: Rate,
    price: u64,
    scope: Scope,
    fingerprint: u64,
}

impl PreparedLimit {
    /// Prepares the limit at position `index` among the limits of `handler`.
    ///
    /// Handler and index separate its counters from those of every other limit. If the limit has a name, all limits
    /// with the same name, quota and key share their counters. Limits with the same name and different quotas or keys
    /// have separate counters. One counter cannot hold two quotas, and values of different kinds never collide.
    ///
    /// # Panics
    /// Panics on a name that no header can carry: an empty name, or a name with characters other than printable ASCII
    /// (RFC 9651, section 3.3.3). In a constant, the panic is a compile error.
    pub const fn new(limit: Limit, handler: &'static str, index: u32) -> Self {
        let scope = match limit.name() {
            Some(name) => {
                assert!(is_header_text(name), "a limit's name is printable ASCII, since it is sent in a header");
                Scope::Named(name)
            }
            None => Scope::Handler { handler, index, place: None },
        };
        let rate = Rate::new(limit.quota());
        let (interval, tolerance) = (rate.interval().as_nanos() as u64, rate.tolerance().as_nanos() as u64);
        let fingerprint = scope.fingerprint(interval, tolerance);
        Self { limit, rate, price: rate.price(limit.cost()), scope, fingerprint }
    }

    /// Assigns the limit to the handler that the type `P` represents. Several bodies of a module may contain functions
    /// with the same name. Their types differ, and therefore so do their counters.
    #[must_use]
    pub(crate) const fn of<P: 'static>(mut self) -> Self {
        if let Scope::Handler { place, .. } = &mut self.scope {
            *place = Some(Place::of::<P>());
        }
        self
    }

    /// Returns the limit, as the policy states it.
    pub const fn limit(&self) -> &Limit {
        &self.limit
    }

    /// Returns the quota.
    pub const fn quota(&self) -> Quota {
        self.limit.quota()
    }

    /// Returns the quota in the form that is checked.
    pub const fn rate(&self) -> &Rate {
        &self.rate
    }

    /// Returns the units that one request takes.
    pub const fn cost(&self) -> NonZeroU32 {
        self.limit.cost()
    }

    /// Returns the limit that one of `instances` processes applies while it counts alone. Its label and quota stay
    /// those of the whole limit.
    pub(super) const fn share(&self, instances: NonZeroU32) -> Self {
        let rate = self.share_of_rate(instances);
        // Limits of one name with different costs can have shares with different bursts. Then they count apart.
        let (interval, tolerance) = (rate.interval().as_nanos() as u64, rate.tolerance().as_nanos() as u64);
        let fingerprint = self.scope.fingerprint(interval, tolerance);
        Self { rate, price: rate.price(self.limit.cost()), fingerprint, ..*self }
    }

    pub(super) const fn share_of_rate(&self, instances: NonZeroU32) -> Rate {
        let (burst, cost) = (self.quota().burst(), self.cost());
        // A quota that the application sets may be below the cost. The limit then refuses every request, also here.
        self.rate.share(burst, instances, if cost.get() < burst.get() { cost } else { burst })
    }

    /// Returns the limit with the quota that the application sets for its name. `rate` and `fingerprint` are those of
    /// this name and quota, so the counters are those of all limits with this name, quota and key.
    pub(super) const fn with(&self, quota: Quota, rate: Rate, fingerprint: u64) -> Self {
        Self { limit: self.limit.with_quota(quota), rate, price: rate.price(self.limit.cost()), fingerprint, ..*self }
    }

    /// Returns the price of one request at this rate, in nanoseconds.
    pub(super) const fn price(&self) -> u64 {
        self.price
    }

    /// Returns the behaviour while the store of counters fails.
    pub const fn outage(&self) -> OnOutage {
        self.limit.outage()
    }

    /// Returns whether the limit only reports.
    pub const fn is_shadow(&self) -> bool {
        self.limit.is_shadow()
    }

    /// Returns the limit's label in headers and events: its name, or otherwise the value by which it counts.
    pub const fn label(&self) -> &'static str {
        match self.limit.name() {
            Some(name) => name,
            None => kind(self.limit.key()),
        }
    }

    pub(super) const fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

const fn kind(key: LimitKey) -> &'static str {
    match key {
        LimitKey::User => "user",
        LimitKey::Address => "ip",
        LimitKey::ApiKey => "api_key",
        LimitKey::Global => "global",
        LimitKey::Header(_) => "header",
        LimitKey::Path(_) => "path",
        LimitKey::Custom { .. } => "custom",
    }
}

const fn is_header_text(name: &str) -> bool {
    let mut bytes = name.as_bytes();
    if bytes.is_empty() {
        return false;
    }
    while let [byte, rest @ ..] = bytes {
        if !matches!(byte, b' '..=b'~') {
            return false;
        }
        bytes = rest;
    }
    true
}
