use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::sync::{Arc, Weak};

use tokio::time::sleep;

use crate::{
    clock::{Clock, UnixTime},
    error::{StoreError, with_causes},
    session::event::TARGET,
    store::{Accounts, BoxFuture},
};

/// Removes expired rows from the stores, in the background and in small batches, so that no request waits for it.
pub(super) struct Cleaning {
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    has_begun: AtomicBool,
}

/// The time between two rounds.
const PAUSE: Duration = Duration::from_secs(60);

/// How long ended API keys stay in lists, in seconds, so that their owners see which keys ended, and when.
const ENDED_KEYS_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The number of rows of a kind that are removed in one step.
const BATCH: u32 = 500;

impl Cleaning {
    pub(super) fn new(accounts: &Accounts, clock: &Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { accounts: accounts.clone(), clock: Arc::clone(clock), has_begun: AtomicBool::new(false) })
    }

    /// Starts the task, unless it runs already. The task ends with the last handle to `self`.
    pub(super) fn begin(self: &Arc<Self>) {
        let is_first = !self.has_begun.load(Ordering::Relaxed) && !self.has_begun.swap(true, Ordering::Relaxed);
        if is_first {
            tokio::spawn(clean(Arc::downgrade(self)));
        }
    }
}

async fn clean(cleaning: Weak<Cleaning>) {
    loop {
        sleep(PAUSE).await;
        let Some(cleaning) = cleaning.upgrade() else { return };
        remove_expired(&cleaning.accounts, cleaning.clock.unix()).await;
    }
}

/// Removes each kind separately, so that a store that fails does not stop the others.
async fn remove_expired(accounts: &Accounts, now: UnixTime) {
    let (sessions, attempts, tokens) = (accounts.sessions(), accounts.attempts(), accounts.one_time_tokens());
    let long_ago = now.plus_seconds(-ENDED_KEYS_SECONDS);
    in_batches(|| sessions.remove_expired(now, BATCH)).await;
    in_batches(|| attempts.remove_expired_attempts(now, BATCH)).await;
    in_batches(|| tokens.remove_expired_one_time(now, BATCH)).await;
    in_batches(|| accounts.accounts().remove_pending(now, BATCH)).await;
    in_batches(|| accounts.api_keys().remove_expired_keys(long_ago, BATCH)).await;
}

async fn in_batches<'a>(remove: impl Fn() -> BoxFuture<'a, Result<u64, StoreError>>) {
    loop {
        match remove().await {
            Ok(removed) if removed >= u64::from(BATCH) => tokio::task::yield_now().await,
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(
                    target: TARGET, store = error.store(), error = with_causes(&error),
                    "expired rows cannot be removed",
                );
                return;
            }
        }
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests;
