//! Tells the operator once when no call reaches the server any more, and once when one does again.

use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::{
    error::{Extent, StoreError, with_causes},
    store::{ApiKeyError, CreateError},
};

/// The target of these events, for subscribers.
const TARGET: &str = "auth_runtime::store";

/// How long after a failure another one shows that the store is lost, if no call was answered in between. A single call
/// fails for many reasons, for example when all connections are in use.
const UNANSWERED_FOR: Duration = Duration::from_secs(1);

/// Whether the server answers. Clones share what they learn.
#[derive(Clone, Default)]
pub(super) struct Availability(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The first failure since a call was answered.
    failing_since: Option<Instant>,
    is_lost: bool,
}

impl Availability {
    /// Takes note of the outcome of a call. A refusal by the server is an answer, too.
    pub(super) fn learn<T, E: StoreFailure>(&self, outcome: &Result<T, E>) {
        match outcome.as_ref().err().and_then(StoreFailure::store_error) {
            Some(error) if error.extent() == Extent::Connection => self.failed(error),
            _ => self.answered(),
        }
    }

    // Both write their event while the state is locked, so that the events stand in their order.

    fn answered(&self) {
        let mut state = self.state();
        state.failing_since = None;
        if core::mem::take(&mut state.is_lost) {
            tracing::event!(
                target: TARGET, tracing::Level::INFO, store = "postgres", reason = "store_back",
                "the store answers again",
            );
        }
    }

    fn failed(&self, error: &StoreError) {
        let mut state = self.state();
        let failing_since = *state.failing_since.get_or_insert_with(Instant::now);
        if failing_since.elapsed() >= UNANSWERED_FOR && !core::mem::replace(&mut state.is_lost, true) {
            tracing::event!(
                target: TARGET, tracing::Level::ERROR, store = "postgres", reason = "store_lost",
                error = with_causes(error),
                "the store does not answer, so requests that need it get 503 until it does",
            );
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error of a method of a store, which may be that the store failed.
pub(super) trait StoreFailure {
    fn store_error(&self) -> Option<&StoreError>;
}

impl StoreFailure for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

impl StoreFailure for CreateError {
    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

impl StoreFailure for ApiKeyError {
    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
