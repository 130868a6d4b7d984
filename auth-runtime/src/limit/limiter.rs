use core::time::Duration;
use std::sync::Arc;

use smallvec::SmallVec;
use tokio::time::timeout;

use super::{Answer, Charge, LimitStore, MemoryLimits, Outcome};
use crate::{clock::Clock, error::StoreError, policy::OnOutage};

/// Where limits are counted, and what happens while that fails.
pub struct Limiter {
    store: Option<Arc<dyn LimitStore>>,
    /// The only store, or what stands in while the other one fails.
    memory: MemoryLimits,
    timeout: Duration,
}

/// A store that has not answered by then counts as failed.
const STORE_TIMEOUT: Duration = Duration::from_millis(50);

impl Limiter {
    /// Counts in this process's memory.
    pub fn in_memory() -> Self {
        Self { store: None, memory: MemoryLimits::new(), timeout: STORE_TIMEOUT }
    }

    /// Counts in `store`; while it fails, each limit says what happens.
    pub fn with_store(store: Arc<dyn LimitStore>) -> Self {
        Self { store: Some(store), memory: MemoryLimits::new(), timeout: STORE_TIMEOUT }
    }

    /// Within which time the store has to answer; 50 ms by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The limiter without waiting, where there is no store but memory.
    pub fn memory(&self) -> Option<MemoryLimiter<'_>> {
        self.store.is_none().then_some(MemoryLimiter(self))
    }

    /// Counts a request. What came of it stands in each charge; the request passes unless one of them
    /// [refuses](Charge::refuses).
    ///
    /// # Errors
    /// When the store failed, which has then been dealt with as each limit says. For the operator's event.
    pub async fn charge(&self, charges: &mut [Charge<'_>], clock: &dyn Clock) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return MemoryLimiter(self).charge(charges, clock) };
        let asked = self.ask(&**store, charges, clock).await;
        if asked.is_err() {
            self.fall_back(charges, clock);
        }
        asked
    }

    async fn ask(
        &self,
        store: &dyn LimitStore,
        charges: &mut [Charge<'_>],
        clock: &dyn Clock,
    ) -> Result<(), StoreError> {
        // What an earlier request left in the caller's slice must not pass for this store's answer.
        for charge in &mut *charges {
            charge.settle(Outcome::Open);
        }
        match store.charge(charges, clock) {
            Answer::Ready(result) => result?,
            Answer::Pending(answer) => {
                timeout(self.timeout, answer).await.map_err(|late| StoreError::new("limits", late))??;
            }
        }
        if charges.iter().any(Charge::is_open) {
            return Err(StoreError::new("limits", "the store answered without deciding on every limit"));
        }
        Ok(())
    }

    /// Each limit as it says, and still in one step: nothing is counted where one refuses.
    fn fall_back(&self, charges: &mut [Charge<'_>], clock: &dyn Clock) {
        for charge in &mut *charges {
            charge.settle(match charge.limit().on_outage() {
                OnOutage::Local => Outcome::Open,
                OnOutage::Deny => Outcome::Unavailable,
                OnOutage::Allow => Outcome::Uncounted,
            });
        }
        let denied = charges.iter().any(|charge| charge.outcome() == Outcome::Unavailable && charge.refuses());
        let mut local: SmallVec<[Charge<'_>; 4]> = open(charges).map(|charge| *charge).collect();
        // Where memory is what failed, there is nothing left to count in.
        let counted = !denied && self.store.is_some() && self.memory.check(&mut local, clock).is_ok();
        for (charge, counted_locally) in open(charges).zip(local) {
            charge.settle(match counted_locally.verdict() {
                Some(verdict) if counted => Outcome::Local(verdict),
                _ if denied => Outcome::Uncounted,
                _ => Outcome::Unavailable,
            });
        }
    }
}

/// A [`Limiter`] that counts in memory, and so never waits.
pub struct MemoryLimiter<'a>(&'a Limiter);

impl MemoryLimiter<'_> {
    /// As [`Limiter::charge`], at once.
    ///
    /// # Errors
    /// When memory holds as many keys as it may, which has then been dealt with as each limit says.
    pub fn charge(&self, charges: &mut [Charge<'_>], clock: &dyn Clock) -> Result<(), StoreError> {
        self.0.memory.check(charges, clock).map_err(|full| {
            self.0.fall_back(charges, clock);
            StoreError::new("limits", full)
        })
    }
}

/// The charges that are still to be decided.
fn open<'c, 'a>(charges: &'c mut [Charge<'a>]) -> impl Iterator<Item = &'c mut Charge<'a>> {
    charges.iter_mut().filter(|charge| charge.is_open())
}

#[cfg(test)]
mod tests;
