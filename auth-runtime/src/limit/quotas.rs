use core::sync::atomic::{AtomicBool, Ordering};

use smallvec::SmallVec;

use super::{PreparedLimit, Rate, scope};
use crate::policy::{Limit, Quota};

/// The quotas that the application sets for named limits, in place of those of their policies.
#[derive(Debug)]
pub(crate) struct Quotas(Box<[SetQuota]>);

/// The quota of all limits of one name, with all values that can be computed before the first request.
#[derive(Debug)]
struct SetQuota {
    name: Box<str>,
    quota: Quota,
    rate: Rate,
    fingerprint: u64,
    /// Whether a router has a limit of this name.
    is_known: AtomicBool,
}

impl Quotas {
    /// Prepares the quotas of these names. Returns `None` for an empty list, so that a request under the limits of its
    /// policies takes no other way.
    pub(crate) fn of(set: &[(String, Quota)]) -> Option<Self> {
        let quotas: Box<[SetQuota]> = set.iter().map(|(name, quota)| SetQuota::new(name, *quota)).collect();
        (!quotas.is_empty()).then_some(Self(quotas))
    }

    /// Returns these limits, with the quotas that are in force.
    pub(crate) fn applied(&self, limits: &[PreparedLimit]) -> SmallVec<[PreparedLimit; 4]> {
        limits.iter().map(|limit| self.applied_to(limit)).collect()
    }

    pub(super) fn applied_to(&self, limit: &PreparedLimit) -> PreparedLimit {
        self.set(limit.limit()).map_or(*limit, |set| limit.with(set.quota, set.rate, set.fingerprint))
    }

    /// Returns the quota that is set for this limit, if any is.
    pub(crate) fn quota(&self, limit: &Limit) -> Option<Quota> {
        self.set(limit).map(|set| set.quota)
    }

    /// Returns the names that no limit has, neither by `has_limit` nor on an earlier router. Remembers those that
    /// `has_limit` knows.
    pub(crate) fn without_limit(&self, has_limit: impl Fn(&str) -> bool) -> Vec<&str> {
        let unknown = self.0.iter().filter(|set| {
            let has_limit = has_limit(&set.name);
            !(set.is_known.fetch_or(has_limit, Ordering::Relaxed) || has_limit)
        });
        unknown.map(|set| &*set.name).collect()
    }

    fn set(&self, limit: &Limit) -> Option<&SetQuota> {
        let name = limit.name()?;
        self.0.iter().find(|set| *set.name == *name)
    }
}

impl SetQuota {
    fn new(name: &str, quota: Quota) -> Self {
        let rate = Rate::new(quota);
        let fingerprint = scope::fingerprint_of_name(name, rate);
        Self { name: name.into(), quota, rate, fingerprint, is_known: AtomicBool::new(false) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{limit::KeyValue, policy::LimitKey};

    const LOGIN: Limit = Limit::new(Quota::per_minute(20), LimitKey::Address).with_name("login");

    fn quotas(quota: Quota) -> Quotas {
        Quotas::of(&[("login".to_owned(), quota)]).unwrap()
    }

    fn stored_key(limit: &PreparedLimit) -> Vec<u8> {
        let mut key = Vec::new();
        crate::limit::Charge::new(limit, KeyValue::GLOBAL).write_key(&mut key);
        key
    }

    #[test]
    fn no_quotas_are_no_list() {
        assert!(Quotas::of(&[]).is_none());
    }

    /// Memory counts by the fingerprint, the other stores by the written key.
    #[test]
    fn a_limit_with_a_set_quota_is_the_limit_of_a_policy_with_this_quota() {
        let quota = Quota::per_hour(50).with_burst(7);
        let in_policy = PreparedLimit::new(Limit::new(quota, LimitKey::Address).with_name("login"), "b", 3);
        let set = quotas(quota).applied_to(&PreparedLimit::new(LOGIN, "a", 0));
        assert_eq!((set.quota(), set.rate(), set.price()), (quota, in_policy.rate(), in_policy.price()));
        assert_eq!(set.fingerprint(), in_policy.fingerprint());
        assert_eq!(stored_key(&set), stored_key(&in_policy));
        assert_ne!(stored_key(&set), stored_key(&PreparedLimit::new(LOGIN, "a", 0)));
    }

    #[test]
    fn everything_but_the_quota_stays_and_so_do_other_limits() {
        let quotas = quotas(Quota::per_minute(200));
        let limit = PreparedLimit::new(LOGIN.with_cost(4).with_shadow(true), "a", 0);
        let set = quotas.applied_to(&limit);
        assert_eq!((set.cost(), set.is_shadow(), set.label()), (limit.cost(), true, "login"));
        assert_eq!(set.price(), set.rate().price(set.cost()));
        let others = [LOGIN.with_name("logins"), Limit::new(Quota::per_minute(20), LimitKey::Address)];
        for other in others.map(|other| PreparedLimit::new(other, "login", 0)) {
            assert_eq!(quotas.applied_to(&other).fingerprint(), other.fingerprint());
            assert_eq!(quotas.applied_to(&other).quota(), Quota::per_minute(20));
        }
    }

    #[test]
    fn a_name_is_known_once_a_router_had_it() {
        let quotas = Quotas::of(&["a", "b"].map(|name| (name.to_owned(), Quota::per_minute(1)))).unwrap();
        assert_eq!(quotas.without_limit(|_| false), ["a", "b"]);
        assert_eq!(quotas.without_limit(|name| name == "b"), ["a"]);
        assert_eq!(quotas.without_limit(|_| false), ["a"]);
    }
}
