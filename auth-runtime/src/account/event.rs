use crate::error::{StoreError, with_causes};

/// The target of the account endpoints' events, for subscribers.
pub(super) const TARGET: &str = crate::auth::event::ACCOUNT_TARGET;

/// Logs that a limit of the account endpoints cannot be counted.
pub(super) fn limit_store_failed(error: &StoreError) {
    tracing::error!(
        target: TARGET, store = error.store(), error = with_causes(error), reason = "limit_store",
        "a limit cannot be counted",
    );
}

/// Logs a store's error. Only the operator learns why the store does not answer.
pub(super) fn store_failed(error: &StoreError) {
    tracing::error!(target: TARGET, store = error.store(), error = with_causes(error), "a store failed");
}
