//! Whether the process can serve requests: its stores answer, and the application's own checks pass.

use core::{error::Error, fmt, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

use super::event::TARGET;
use crate::{
    clock::{Clock, Monotonic},
    error::{StoreError, with_causes},
    store::{Accounts, BoxFuture},
    token::TokenHash,
};

/// The checks, and their last result.
#[derive(Default)]
pub(super) struct Readiness {
    checks: Vec<ReadinessCheck>,
    /// Locked while a check runs. So requests that come meanwhile wait for its result, and cause no check of their own.
    last: Mutex<Option<(Monotonic, bool)>>,
}

/// A check of the application's own.
pub(super) struct ReadinessCheck {
    pub(super) name: &'static str,
    pub(super) run: Box<dyn Fn() -> Running + Send + Sync>,
}

type Running = BoxFuture<'static, Result<(), Box<dyn Error + Send + Sync>>>;

/// The time for all checks together.
const WITHIN: Duration = Duration::from_secs(1);
/// The time for which a result is reused, however many ask.
const FRESH: Duration = Duration::from_secs(1);

impl Readiness {
    pub(super) fn new(checks: Vec<ReadinessCheck>) -> Self {
        Self { checks, last: Mutex::default() }
    }

    /// Returns the last result if it is fresh, and no check is running.
    pub(super) fn known(&self, clock: &dyn Clock) -> Option<bool> {
        fresh(*self.last.try_lock().ok()?, clock.monotonic())
    }

    /// Returns the result of all checks, at most a second old.
    pub(super) async fn is_ready(&self, accounts: Option<&Accounts>, clock: &dyn Clock) -> bool {
        let mut last = self.last.lock().await;
        if let Some(is_ready) = fresh(*last, clock.monotonic()) {
            return is_ready;
        }
        let result = self.run(accounts).await;
        let was_ready = last.is_none_or(|(_, is_ready)| is_ready);
        tell_change(was_ready, &result);
        *last = Some((clock.monotonic(), result.is_ok()));
        result.is_ok()
    }

    async fn run(&self, accounts: Option<&Accounts>) -> Result<(), StoreError> {
        let now = Instant::now();
        let deadline = now.checked_add(WITHIN).unwrap_or(now);
        if let Some(accounts) = accounts {
            read_each_store(accounts, deadline).await?;
        }
        for check in &self.checks {
            let run = async { (check.run)().await.map_err(|error| StoreError::new(check.name, error)) };
            before(deadline, check.name, run).await?;
        }
        Ok(())
    }
}

fn fresh(last: Option<(Monotonic, bool)>, now: Monotonic) -> Option<bool> {
    let (at, is_ready) = last?;
    (now.as_nanos().saturating_sub(at.as_nanos()) < FRESH.as_nanos() as u64).then_some(is_ready)
}

/// Asks each store for something that it need not have. A store that answers at all answers this.
async fn read_each_store(accounts: &Accounts, deadline: Instant) -> Result<(), StoreError> {
    before(deadline, "accounts", accounts.accounts().find_by_login("readyz")).await?;
    before(deadline, "sessions", accounts.sessions().revocations(u64::MAX)).await?;
    before(deadline, "api keys", accounts.api_keys().find_key(&TokenHash::from_bytes([0; 32]))).await?;
    Ok(())
}

/// Returns the answer of `name`, or the failure that names it if the answer comes too late.
async fn before<T>(
    deadline: Instant,
    name: &'static str,
    answer: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let late = |_| StoreError::new(name, "the readiness checks took longer than a second, and this one was waited for");
    timeout_at(deadline, answer).await.map_err(late)?
}

fn tell_change(was_ready: bool, result: &Result<(), StoreError>) {
    match result {
        Err(error) if was_ready => tracing::event!(
            target: TARGET, tracing::Level::ERROR, store = error.store(), error = with_causes(error),
            reason = "not_ready", "the service is not ready",
        ),
        Ok(()) if !was_ready => {
            tracing::event!(target: TARGET, tracing::Level::INFO, reason = "ready", "the service is ready again");
        }
        Err(_) | Ok(()) => {}
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.checks.iter().map(|check| check.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_failure_names_the_check_that_hangs() {
        let passes = ReadinessCheck { name: "mail", run: Box::new(|| Box::pin(async { Ok(()) })) };
        let hangs = ReadinessCheck { name: "orders", run: Box::new(|| Box::pin(core::future::pending())) };
        let failure = Readiness::new(vec![passes, hangs]).run(None).await.unwrap_err();
        assert_eq!(failure.store(), "orders");
    }
}
