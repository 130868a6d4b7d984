use core::{error::Error, fmt};
use std::{
    hash::RandomState,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    cells::KeyHash,
    pending::Pending,
    shard::{NoRoomError, Shard},
};
use crate::{
    clock::{Clock, Monotonic},
    error::StoreError,
    limit::{Answer, Charge, LimitStore},
};

/// Counters in this process's memory: exact, and without a cleaning task.
///
/// A key of any type takes 16 bytes (a keyed 64-bit hash and one time), and at most 32 bytes with the free cells of the
/// table. Keys are spread over 256 locks. Before a shard grows, it drops expired keys: their buckets are full again. So
/// the application needs no timer, and a check allocates only when its shard grows.
///
/// [`for_keys`](Self::for_keys) bounds the memory. A live key is never evicted, because eviction would reset a counter
/// that holds a client back. When all keys are live, requests with new keys fail with [`MemoryLimitsFullError`], and
/// the limits' outage modes decide.
pub struct MemoryLimits {
    shards: Box<[Padded]>,
    hasher: RandomState,
}

/// A shard in a cache line of its own, so that two locks never share one.
#[repr(align(64))]
struct Padded(Mutex<Shard>);

impl MemoryLimits {
    /// The default maximum of live keys: about four million, at most 128 MiB.
    pub const DEFAULT_MAX_KEYS: usize = 1 << 22;

    const MAX_SHARDS: usize = 256;
    const MIN_KEYS_PER_SHARD: usize = 64;

    /// Creates counters for at most [`DEFAULT_MAX_KEYS`](Self::DEFAULT_MAX_KEYS) live keys.
    pub fn new() -> Self {
        Self::for_keys(Self::DEFAULT_MAX_KEYS)
    }

    /// Creates counters for at most `keys` live keys; the minimum is 64.
    ///
    /// The maximum is divided among the shards, and keys fall on shards at random. Expect the first refusals a few per
    /// cent below the maximum.
    pub fn for_keys(keys: usize) -> Self {
        let keys = keys.max(Self::MIN_KEYS_PER_SHARD);
        let bits = (keys / Self::MIN_KEYS_PER_SHARD).clamp(1, Self::MAX_SHARDS).ilog2();
        let shards = (0..1_usize << bits).map(|_| Padded(Mutex::new(Shard::new(keys >> bits)))).collect();
        Self { shards, hasher: RandomState::new() }
    }

    /// Checks `charges` in one step, and charges all of them or none, like [`LimitStore::charge`] but at once.
    ///
    /// A thread may stop for any time between reading the clock and taking a lock; it still gets no more than the
    /// limits allow. A clock that goes back by more than a second, which a monotonic clock should not do, empties
    /// buckets and never fills one.
    ///
    /// # Errors
    /// Returns [`MemoryLimitsFullError`] when there is no room for a new key. Nothing is charged then.
    // This function is inlined with its whole common path, but without the rare cases. A call saves registers, and
    // everything that a call writes must reach memory before the lock can be taken.
    #[inline(always)]
    pub fn check<C: Clock + ?Sized>(&self, charges: &mut [Charge<'_>], clock: &C) -> Result<(), MemoryLimitsFullError> {
        let now = clock.monotonic();
        let [charge] = charges else { return self.check_all(charges, now, clock) };
        let key = self.hash(charge);
        let mut shard = self.lock(self.shard_of(key)).ok_or(MemoryLimitsFullError)?;
        let now = shard.settle(now, clock);
        Ok(shard.charge(key, charge, now)?)
    }

    /// Returns the number of keys held, including expired keys, which the next growth drops.
    pub fn keys(&self) -> usize {
        self.sum(Shard::keys)
    }

    /// Returns the heap memory of the keys in bytes.
    pub fn bytes(&self) -> usize {
        self.sum(Shard::bytes)
    }

    #[inline(never)]
    fn check_all<C: Clock + ?Sized>(
        &self,
        charges: &mut [Charge<'_>],
        now: Monotonic,
        clock: &C,
    ) -> Result<(), MemoryLimitsFullError> {
        let mut pending = Pending::new();
        for charge in &*charges {
            let key = self.hash(charge);
            pending.push(key, self.shard_of(key), charge.limit());
        }
        let admitted = self.descend(None, &mut pending, now, clock)?;
        for (charge, verdict) in charges.iter_mut().zip(pending.verdicts(admitted)) {
            charge.answer(verdict);
        }
        Ok(())
    }

    /// Locks the shards of all charges in ascending order, so that two requests cannot wait for each other. It decides
    /// on the way down, and writes on the way back, when all shards have been asked.
    fn descend<C: Clock + ?Sized>(
        &self,
        above: Option<usize>,
        pending: &mut Pending<'_>,
        now: Monotonic,
        clock: &C,
    ) -> Result<bool, MemoryLimitsFullError> {
        let Some(index) = pending.next_shard(above) else {
            return Ok(pending.is_admitted());
        };
        let mut shard = self.lock(index).ok_or(MemoryLimitsFullError)?;
        let settled = shard.settle(now, clock);
        pending.decide(index, &mut shard, settled)?;
        let admitted = self.descend(Some(index), pending, now, clock)?;
        if admitted {
            pending.commit(index, &mut shard);
        }
        Ok(admitted)
    }

    #[inline]
    fn hash(&self, charge: &Charge<'_>) -> KeyHash {
        KeyHash::new(charge.hash_key(&self.hasher))
    }

    /// Takes the low bits as the shard; a shard's table uses the high bits. There are 2^n shards.
    #[inline]
    fn shard_of(&self, key: KeyHash) -> usize {
        key.get() as usize & self.shards.len().wrapping_sub(1)
    }

    #[inline]
    fn lock(&self, shard: usize) -> Option<MutexGuard<'_, Shard>> {
        // No code panics under the lock. If some did, each cell would still be whole.
        self.shards.get(shard).map(|Padded(shard)| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn sum(&self, of: impl Fn(&Shard) -> usize) -> usize {
        (0..self.shards.len()).filter_map(|shard| self.lock(shard)).map(|shard| of(&shard)).sum()
    }
}

impl Default for MemoryLimits {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLimits").field("keys", &self.keys()).field("bytes", &self.bytes()).finish()
    }
}

impl LimitStore for MemoryLimits {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
        Answer::Ready(self.check(charges, clock).map_err(|full| StoreError::new("memory limits", full)))
    }
}

/// The error when memory holds its maximum of live keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryLimitsFullError;

impl fmt::Display for MemoryLimitsFullError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as many keys are live as memory may hold")
    }
}

impl Error for MemoryLimitsFullError {}

impl From<NoRoomError> for MemoryLimitsFullError {
    fn from(NoRoomError: NoRoomError) -> Self {
        Self
    }
}
