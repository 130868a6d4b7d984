use core::{fmt, num::NonZeroU32, time::Duration};
use std::sync::Arc;

use smallvec::SmallVec;
use tokio::time::timeout;

use super::{
    Answer, Charge, LimitStore, MemoryLimits, Outcome, PreparedLimit, Quotas,
    breaker::{Breaker, Turn},
    event,
};
use crate::{
    clock::Clock,
    error::{Extent, StoreError},
    policy::OnOutage,
};

/// Counts requests in a store, and falls back as each limit says while the store fails.
pub struct Limiter {
    store: Option<Arc<dyn LimitStore>>,
    /// The only store, or the fallback while the other store fails.
    memory: MemoryLimits,
    breaker: Breaker,
    timeout: Duration,
    /// The number of processes that share the store. While it fails, each process admits its share.
    instances: NonZeroU32,
    legacy_fields: bool,
    /// The quotas that the application sets for named limits, if it sets any.
    quotas: Option<Quotas>,
}

/// The default time after which a silent store counts as failed.
const STORE_TIMEOUT: Duration = Duration::from_millis(50);
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(1);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);
/// The most processes that may share a store. A larger number is a mistake, and would leave each process nothing.
pub(crate) const MOST_INSTANCES: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

impl Limiter {
    /// Creates a limiter that counts in this process's memory.
    pub fn in_memory() -> Self {
        Self::new(None)
    }

    /// Creates a limiter that counts in `store`. While the store fails, each limit's outage mode decides.
    pub fn in_store(store: Arc<dyn LimitStore>) -> Self {
        Self::new(Some(store))
    }

    fn new(store: Option<Arc<dyn LimitStore>>) -> Self {
        Self {
            store,
            memory: MemoryLimits::new(),
            breaker: Breaker::default(),
            timeout: STORE_TIMEOUT,
            instances: NonZeroU32::MIN,
            legacy_fields: false,
            quotas: None,
        }
    }

    /// Sets the time within which the store has to answer; 50 ms by default. A time below a millisecond counts as a
    /// millisecond, and a time above a minute as a minute.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.clamp(SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
        self
    }

    /// Sets how many processes share the store; one by default. A number above 10,000 counts as 10,000.
    ///
    /// While the store fails, a limit with [`OnOutage::Local`] admits this process's share. The share is the rate
    /// divided by the number, and the burst divided by it and rounded up, but at least the cost of one request. The
    /// processes together then admit at most `instances` such bursts and the limit's rate.
    #[must_use]
    pub fn with_instances(mut self, instances: NonZeroU32) -> Self {
        self.instances = instances.min(MOST_INSTANCES);
        self
    }

    /// Returns how many processes share the store.
    pub fn instances(&self) -> NonZeroU32 {
        self.instances
    }

    /// Sets whether the guard's responses carry the fields `X-RateLimit-*`, too.
    #[must_use]
    pub(crate) fn with_legacy_fields(mut self, on: bool) -> Self {
        self.legacy_fields = on;
        self
    }

    pub(crate) fn has_legacy_fields(&self) -> bool {
        self.legacy_fields
    }

    #[must_use]
    pub(crate) fn with_quotas(mut self, quotas: Option<Quotas>) -> Self {
        self.quotas = quotas;
        self
    }

    pub(crate) fn quotas(&self) -> Option<&Quotas> {
        self.quotas.as_ref()
    }

    /// Returns the limit with the quota that is in force: the one of [`AuthBuilder::quota`] for the limit's name, or
    /// the limit's own.
    ///
    /// The guard and the account endpoints do this by themselves. Code that charges a named limit by
    /// [`charge`](Self::charge) calls it before, so that the limit shares its counters with the handlers' limits of
    /// this name.
    ///
    /// [`AuthBuilder::quota`]: crate::auth::AuthBuilder::quota
    pub fn in_force(&self, limit: &PreparedLimit) -> PreparedLimit {
        self.quotas.as_ref().map_or(*limit, |quotas| quotas.applied_to(limit))
    }

    /// Returns a limiter that never waits, if memory is the only store. The guard calls it.
    #[doc(hidden)]
    pub fn memory(&self) -> Option<MemoryLimiter<'_>> {
        self.store.is_none().then_some(MemoryLimiter(self))
    }

    /// Counts a request and writes an outcome into each charge. The request is admitted unless a charge
    /// [refuses](Charge::refuses).
    ///
    /// After five failures in a row the store is not asked, but for one request a second, until it answers that one. An
    /// event tells of both. Requests for which there is no connection to the store count as one failure in a tenth of
    /// a second, so that a reconnection is no outage. Each node of a cluster is left and asked again alone.
    ///
    /// # Errors
    /// Returns a [`StoreError`] when the store failed or was not asked. The charges then already carry the outcome of
    /// each limit's outage mode; the error is for the operator's event.
    pub async fn charge(&self, charges: &mut [Charge<'_>], clock: &dyn Clock) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return MemoryLimiter(self).charge(charges, clock) };
        let turn = self.breaker.turn(clock.monotonic());
        let unfinished = Unfinished { breaker: &self.breaker, turn };
        let asked = match turn {
            Turn::Ask | Turn::Probe => self.ask(&**store, charges, clock).await,
            Turn::Skip => Err(StoreError::unasked("limits")),
        };
        core::mem::forget(unfinished);
        let is_heard = asked.map_err(|error| self.record(turn, error, clock)).inspect_err(|_| {
            self.fall_back(charges, clock);
        })?;
        if !is_heard {
            self.breaker.dropped(turn);
        } else if let Some(change) = self.breaker.answered(turn) {
            event::changed(change, None);
        }
        Ok(())
    }

    /// Records a failure of the store, and returns it with what the operator knows of it already.
    fn record(&self, turn: Turn, error: StoreError, clock: &dyn Clock) -> StoreError {
        let now = clock.monotonic();
        match error.extent() {
            Extent::Told | Extent::Part => return error,
            Extent::Connection if !self.breaker.counts_connection(turn, now) => return error.with_extent(Extent::Told),
            Extent::Connection | Extent::Call => {}
        }
        if let Some(change) = self.breaker.failed(turn, now) {
            event::changed(change, Some(&error));
        }
        error
    }

    /// Asks the store. Returns whether the answer shows that the store works: a refusal that comes at once may come
    /// from this process's memory.
    async fn ask(
        &self,
        store: &dyn LimitStore,
        charges: &mut [Charge<'_>],
        clock: &dyn Clock,
    ) -> Result<bool, StoreError> {
        // An outcome that an earlier request left in the caller's slice must not pass for an answer of this store.
        for charge in &mut *charges {
            charge.settle(Outcome::Open);
        }
        let is_at_once = match store.charge(charges, clock) {
            Answer::Ready(result) => {
                result?;
                true
            }
            Answer::Pending(answer) => {
                let late = |_| StoreError::new("limits", "the store did not answer in time");
                timeout(self.timeout, answer).await.map_err(late)??;
                false
            }
        };
        if charges.iter().any(Charge::is_open) {
            return Err(StoreError::new("limits", "the store answered without deciding on every limit"));
        }
        Ok(!(is_at_once && charges.iter().any(Charge::refuses)))
    }

    /// Applies each limit's outage mode, still in one step: when one limit refuses, no limit counts the request.
    fn fall_back(&self, charges: &mut [Charge<'_>], clock: &dyn Clock) {
        for charge in &mut *charges {
            charge.settle(match charge.limit().outage() {
                OnOutage::Local => Outcome::Open,
                OnOutage::Deny => Outcome::Unavailable,
                OnOutage::Allow => Outcome::Uncounted,
            });
        }
        let denied = charges.iter().any(|charge| charge.outcome() == Outcome::Unavailable && charge.refuses());
        let shares: SmallVec<[PreparedLimit; 4]> =
            open(charges).map(|charge| charge.limit().share(self.instances)).collect();
        let mut local: SmallVec<[Charge<'_>; 4]> =
            open(charges).zip(&shares).map(|(charge, share)| charge.under(share)).collect();
        // When the failed store is memory itself, there is no other place to count.
        let counted = !denied && self.store.is_some() && self.memory.check(&mut local, clock).is_ok();
        for (charge, counted_locally) in open(charges).zip(local) {
            match counted_locally.verdict() {
                Some(verdict) if counted => charge.answer_locally(verdict, self.instances),
                _ if denied => charge.settle(Outcome::Uncounted),
                _ => charge.settle(Outcome::Unavailable),
            }
        }
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter")
            .field("has_store", &self.store.is_some())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A request that waits for the store. A client that hangs up drops it.
struct Unfinished<'l> {
    breaker: &'l Breaker,
    turn: Turn,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.breaker.dropped(self.turn);
    }
}

/// A [`Limiter`] that counts in memory and therefore never waits.
#[derive(Debug)]
pub struct MemoryLimiter<'a>(&'a Limiter);

impl MemoryLimiter<'_> {
    /// Counts a request at once, like [`Limiter::charge`].
    ///
    /// # Errors
    /// Returns a [`StoreError`] when memory holds its maximum of keys. The charges then already carry the outcome of
    /// each limit's outage mode.
    pub fn charge(&self, charges: &mut [Charge<'_>], clock: &dyn Clock) -> Result<(), StoreError> {
        self.0.memory.check(charges, clock).map_err(|full| {
            self.0.fall_back(charges, clock);
            StoreError::new("limits", full)
        })
    }
}

/// Returns the charges that are still undecided.
fn open<'c, 'a>(charges: &'c mut [Charge<'a>]) -> impl Iterator<Item = &'c mut Charge<'a>> {
    charges.iter_mut().filter(|charge| charge.is_open())
}

#[cfg(test)]
mod tests;
