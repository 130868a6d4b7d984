use core::error::Error;

use crate::error::StoreError;

/// The target of the account endpoints' events, for subscribers.
pub(super) const TARGET: &str = crate::auth::event::ACCOUNT_TARGET;

/// Logs a store's error. Only the operator learns why the store does not answer.
pub(super) fn store_failed(error: &StoreError) {
    tracing::error!(target: TARGET, store = error.store(), error = error as &dyn Error, "a store failed");
}
