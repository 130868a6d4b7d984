use core::{error::Error, fmt};
use std::{
    hash::RandomState,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    cells::KeyHash,
    pending::Pending,
    shard::{NoRoom, Shard},
};
use crate::{
    clock::{Clock, Monotonic},
    error::StoreError,
    limit::{Answer, Charge, LimitStore},
};

/// Counters in this process's memory: exact, and cleaning up after themselves.
///
/// A key takes 16 bytes whatever its type, 32 at most with the table's slack: a keyed 64-bit hash and one time. Keys
/// are spread over 256 locks. A shard that is about to grow first drops its keys whose buckets are full again, so
/// there is nothing to call from a timer, and a check allocates only when its shard grows.
///
/// Memory is bounded by [`with_max_keys`](Self::with_max_keys). A live key is never evicted, since that would reset a
/// counter that somebody is held back by; when all are live, requests with new keys fail with [`Full`], and the
/// limits' failure modes decide.
pub struct MemoryLimits {
    shards: Box<[Padded]>,
    hasher: RandomState,
}

/// No two locks share a cache line.
#[repr(align(64))]
struct Padded(Mutex<Shard>);

impl MemoryLimits {
    /// The bound on live keys unless another is chosen: about four million, 128 MiB at the most.
    pub const DEFAULT_MAX_KEYS: usize = 1 << 22;

    const MAX_SHARDS: usize = 256;
    const MIN_KEYS_PER_SHARD: usize = 64;

    /// Counters for at most [`DEFAULT_MAX_KEYS`](Self::DEFAULT_MAX_KEYS) live keys.
    pub fn new() -> Self {
        Self::with_max_keys(Self::DEFAULT_MAX_KEYS)
    }

    /// Counters for at most `keys` live keys, 64 at least.
    ///
    /// The bound is divided among the shards, and keys fall on them at random: expect the first refusals a few in a
    /// hundred below it.
    pub fn with_max_keys(keys: usize) -> Self {
        let keys = keys.max(Self::MIN_KEYS_PER_SHARD);
        let bits = (keys / Self::MIN_KEYS_PER_SHARD).clamp(1, Self::MAX_SHARDS).ilog2();
        let shards = (0..1_usize << bits).map(|_| Padded(Mutex::new(Shard::new(keys >> bits)))).collect();
        Self { shards, hasher: RandomState::new() }
    }

    /// Check `charges` in one step, and charge all of them or none: what [`LimitStore::charge`] does, at once.
    ///
    /// No thread is given more than the limits say, however long it is stopped between reading the clock and taking a
    /// lock. A clock that goes back by more than a second, which it should not, empties buckets and fills none.
    ///
    /// # Errors
    /// [`Full`] when a new key finds no room; nothing is charged then.
    // Inlined with its whole path, of which what is rare is not part: a call saves registers, and what a call writes
    // has to be written out before the lock can be taken.
    #[inline(always)]
    pub fn check<C: Clock + ?Sized>(&self, charges: &mut [Charge<'_>], clock: &C) -> Result<(), Full> {
        let now = clock.monotonic();
        let [charge] = charges else { return self.check_all(charges, now, clock) };
        let key = self.hash(charge);
        let mut shard = self.lock(self.shard_of(key)).ok_or(Full)?;
        let now = shard.settle(now, clock);
        Ok(shard.charge(key, charge, now)?)
    }

    /// The keys held, those among them whose buckets are full again and that the next growth drops.
    pub fn keys(&self) -> usize {
        self.sum(Shard::keys)
    }

    /// The heap that the keys take, in bytes.
    pub fn bytes(&self) -> usize {
        self.sum(Shard::bytes)
    }

    #[inline(never)]
    fn check_all<C: Clock + ?Sized>(&self, charges: &mut [Charge<'_>], now: Monotonic, clock: &C) -> Result<(), Full> {
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

    /// Lock the shards of all charges in ascending order, so that two requests cannot wait for each other; decide on
    /// the way down, and write on the way back, when all have been heard.
    fn descend<C: Clock + ?Sized>(
        &self,
        above: Option<usize>,
        pending: &mut Pending<'_>,
        now: Monotonic,
        clock: &C,
    ) -> Result<bool, Full> {
        let Some(index) = pending.next_shard(above) else {
            return Ok(pending.is_admitted());
        };
        let mut shard = self.lock(index).ok_or(Full)?;
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

    /// The low bits; a shard's table goes by the high ones. There are 2^n shards.
    #[inline]
    fn shard_of(&self, key: KeyHash) -> usize {
        key.get() as usize & self.shards.len().wrapping_sub(1)
    }

    #[inline]
    fn lock(&self, shard: usize) -> Option<MutexGuard<'_, Shard>> {
        // Nothing panics under the lock; were it otherwise, each cell would still be whole.
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

/// As many keys are live as memory may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as many keys are live as memory may hold")
    }
}

impl Error for Full {}

impl From<NoRoom> for Full {
    fn from(NoRoom: NoRoom) -> Self {
        Self
    }
}
