use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use axum::http::Extensions;

/// Tells a layer outside the guard that the request came from an authenticated caller. The layer puts it among the
/// request's extensions and keeps a clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Witness(Arc<AtomicBool>);

impl Witness {
    /// Records that a credential has proved the caller of the request.
    pub(crate) fn record(extensions: &Extensions) {
        if let Some(Self(seen)) = extensions.get() {
            seen.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether a credential has proved the caller.
    pub(crate) fn has_seen(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
