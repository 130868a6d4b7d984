//! The options of limits, and the limiter that they make.

use core::num::NonZeroU32;
use std::sync::Arc;

use super::setting::Setting;
use crate::{
    auth::Settings,
    limit::{LimitStore, Limiter},
};

#[derive(Default)]
pub(super) struct LimitOptions {
    pub(super) store: Option<Arc<dyn LimitStore>>,
    pub(super) instances: Setting<NonZeroU32>,
    pub(super) legacy_headers: bool,
}

impl LimitOptions {
    pub(super) fn take_from(&mut self, settings: &Settings) {
        self.instances.take_from_settings(settings.instances);
    }

    pub(super) fn limiter(&self) -> Limiter {
        let limiter = self.store.clone().map_or_else(Limiter::in_memory, Limiter::in_store);
        limiter.with_instances(self.instances.copied_or(NonZeroU32::MIN)).with_legacy_fields(self.legacy_headers)
    }
}
