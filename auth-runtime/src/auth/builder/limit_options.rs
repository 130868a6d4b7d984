//! The options of limits, and the limiter that they make.

use core::num::NonZeroU32;
use std::sync::Arc;

use super::setting::Setting;
use crate::{
    auth::{Settings, fault::Collector},
    limit::{LimitStore, Limiter, MOST_INSTANCES},
};

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
        #[cfg(not(feature = "redis"))]
        if self.store.get().is_none() {
            faults.extend(core::mem::take(&mut self.refused_redis));
        }
    }

    pub(super) fn limiter(&self) -> Limiter {
        let store = self.store.get().or(self.beside_accounts.as_ref());
        let limiter = store.cloned().map_or_else(Limiter::in_memory, Limiter::in_store);
        limiter.with_instances(self.instances.copied_or(NonZeroU32::MIN)).with_legacy_fields(self.legacy_headers)
    }
}
