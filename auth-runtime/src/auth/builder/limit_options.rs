//! The options of limits, and the limiter that they make.

use core::num::NonZeroU32;
use std::sync::Arc;

use super::setting::Setting;
use crate::{
    auth::{Settings, fault::Collector, limits_by_account::SIGN_IN_NONCE},
    limit::{LimitStore, Limiter, MOST_INSTANCES, Quotas},
    policy::Quota,
};

/// Why the limit of used nonces has no settable quota, and what to do.
const FINISHES_ONCE: &str = "which lets each sign-in finish only once: remove this quota";

#[derive(Default)]
pub(super) struct LimitOptions {
    pub(super) store: Setting<Arc<dyn LimitStore>>,
    /// The store of limits that came with the accounts. It counts where no other store is set.
    pub(super) beside_accounts: Option<Arc<dyn LimitStore>>,
    /// The fault of a `REDIS_URL` that this program cannot use, unless the application sets a store of its own.
    #[cfg(not(feature = "redis"))]
    refused_redis: Collector,
    pub(super) instances: Setting<NonZeroU32>,
    pub(super) legacy_headers: bool,
    /// The quotas of named limits.
    pub(super) quotas: Vec<(String, Quota)>,
}

impl LimitOptions {
    #[cfg_attr(not(feature = "redis"), expect(unused_variables, reason = "no value is read"))]
    pub(super) fn take_from(&mut self, settings: &Settings, faults: &mut Collector) {
        #[cfg(feature = "redis")]
        if let Some(limits) = settings.redis_limits(faults) {
            self.store.take_from_settings(Arc::new(limits));
        }
        #[cfg(not(feature = "redis"))]
        settings.refuse_redis(&mut self.refused_redis);
        self.instances.take_from_settings(settings.instances);
    }

    pub(super) fn check(&mut self, faults: &mut Collector) {
        if self.instances.get().is_some_and(|instances| *instances > MOST_INSTANCES) {
            faults.push("instances", format!("is no whole number from 1 to {MOST_INSTANCES}"));
        }
        for (name, times) in self.names_set_twice() {
            faults.push("quota", format!("is set {times} times for the limit {name:?}: keep one"));
        }
        if self.quotas.iter().any(|(name, _)| name == SIGN_IN_NONCE) {
            faults.push("quota", format!("is set for the limit {SIGN_IN_NONCE:?}, {FINISHES_ONCE}"));
        }
        #[cfg(not(feature = "redis"))]
        if self.store.get().is_none() {
            faults.extend(core::mem::take(&mut self.refused_redis));
        }
    }

    /// Returns the names for which several quotas are set, each once, with their number.
    fn names_set_twice(&self) -> impl Iterator<Item = (&str, usize)> {
        self.quotas.iter().enumerate().filter_map(|(at, (name, _))| {
            let times = self.quotas.iter().filter(|(other, _)| other == name).count();
            let is_first = !self.quotas.iter().take(at).any(|(other, _)| other == name);
            (times > 1 && is_first).then_some((&**name, times))
        })
    }

    pub(super) fn limiter(&self) -> Limiter {
        let store = self.store.get().or(self.beside_accounts.as_ref());
        let limiter = store.cloned().map_or_else(Limiter::in_memory, Limiter::in_store);
        let limiter = limiter.with_instances(self.instances.copied_or(NonZeroU32::MIN));
        limiter.with_legacy_fields(self.legacy_headers).with_quotas(Quotas::of(&self.quotas))
    }
}
