//! Events about the store of limits, for the operator.

use crate::error::StoreError;

use super::breaker::Change;

/// The target of this module's events, for subscribers.
const TARGET: &str = "auth_runtime::limit";

/// Reports that the limiter stops asking its store, or asks it again.
pub(super) fn changed(change: Change, error: Option<&StoreError>) {
    match change {
        Change::Opened => {
            let error = error.map(|error| error as &dyn core::error::Error);
            tracing::event!(
                target: TARGET, tracing::Level::ERROR, error, reason = "limit_store_lost",
                "the store of limits fails, so each limit follows its `on_outage` until the store answers",
            );
        }
        Change::Closed { unasked } => tracing::event!(
            target: TARGET, tracing::Level::INFO, unasked, reason = "limit_store_back",
            "the store of limits answers again",
        ),
    }
}
