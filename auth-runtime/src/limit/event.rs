//! Events about the store of limits, for the operator.

use crate::error::{StoreError, with_causes};

use super::breaker::Change;

/// The target of this module's events, for subscribers.
const TARGET: &str = "auth_runtime::limit";

/// Reports that the limiter stops asking its store, or asks it again.
pub(super) fn changed(change: Change, error: Option<&StoreError>) {
    match change {
        Change::Opened => {
            let error = error.map(|error| with_causes(error));
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

/// Reports that the node of a cluster is not asked any more, or is asked again.
#[cfg(feature = "redis")]
pub(super) fn node_changed(change: Change, node: &dyn core::fmt::Display, error: Option<&StoreError>) {
    match change {
        Change::Opened => {
            let error = error.map(|error| with_causes(error));
            tracing::event!(
                target: TARGET, tracing::Level::ERROR, %node, error, reason = "limit_node_lost",
                "a node of the limits' cluster fails, so the limits of its slots follow their `on_outage`",
            );
        }
        Change::Closed { unasked } => tracing::event!(
            target: TARGET, tracing::Level::INFO, %node, unasked, reason = "limit_node_back",
            "a node of the limits' cluster answers again, or other nodes answer for its slots",
        ),
    }
}

/// Reports that a server may forget counters, and so admit more than the limits say.
#[cfg(feature = "redis")]
pub(super) fn evicts(policy: &str) {
    tracing::event!(
        target: TARGET, tracing::Level::WARN, policy, reason = "limit_store_evicts",
        "a full Redis forgets counters under this `maxmemory-policy`; set it to `noeviction`",
    );
}
