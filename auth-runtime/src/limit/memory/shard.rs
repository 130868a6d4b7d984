use super::cells::{Cells, KeyHash};
use crate::{
    clock::{Clock, Monotonic},
    limit::Charge,
};

/// A part of the keys, behind one lock.
#[derive(Debug)]
pub(super) struct Shard {
    cells: Cells,
    most: usize,
    latest: u64,
    full_until: u64,
}

/// The error for a new key when the shard holds its maximum of live keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoRoomError;

/// The lag in nanoseconds up to which a time counts as the latest one without reading the clock again.
const MAX_SKEW: u64 = 1_000_000_000;

/// The time in nanoseconds for which a full shard refuses new keys before it counts its live keys again. It prevents a
/// flood of new keys from causing one scan each.
const FULL_PAUSE: u64 = 50_000_000;

impl Shard {
    /// Creates an empty shard for at most `most` live keys.
    pub(super) fn new(most: usize) -> Self {
        Self { cells: Cells::default(), most, latest: 0, full_until: 0 }
    }

    /// Returns the time for this shard. The time does not go back when one thread arrives later than another.
    ///
    /// The caller read `now` before it took the lock, so that other threads do not wait for the reading.
    #[inline]
    pub(super) fn settle<C: Clock + ?Sized>(&mut self, now: Monotonic, clock: &C) -> Monotonic {
        let now = now.as_nanos();
        if now >= self.latest {
            self.latest = now;
        } else if self.latest.saturating_sub(now) > MAX_SKEW {
            self.look_again(clock);
        }
        Monotonic::from_nanos(self.latest)
    }

    /// Reads the clock again under the lock. Either a thread stopped on its way to the lock, or the clock went back. A
    /// thread that waited for long must not turn the shard's time back. The new reading is later than every earlier
    /// reading in this shard, unless the clock did go back.
    #[cold]
    #[inline(never)]
    fn look_again<C: Clock + ?Sized>(&mut self, clock: &C) {
        let now = clock.monotonic().as_nanos();
        if now >= self.latest {
            self.latest = now;
        } else if self.latest.saturating_sub(now) > MAX_SKEW {
            self.latest = now;
            self.full_until = 0;
        }
    }

    /// Decides on one request, and charges it if it is within the rate.
    ///
    /// The answer is written straight to its place. A returned answer would be copied right after it was written, and
    /// the processor would wait for that.
    #[inline(always)]
    pub(super) fn charge(&mut self, key: KeyHash, charge: &mut Charge<'_>, now: Monotonic) -> Result<(), NoRoomError> {
        let limit = charge.limit();
        let Some(found) = self.cells.find(key) else {
            return self.charge_new(key, charge, now);
        };
        let step = limit.rate().decide_for(found.tat, now, limit.price());
        self.cells.update(found, step.tat);
        charge.answer(step.verdict);
        Ok(())
    }

    #[inline(never)]
    fn charge_new(&mut self, key: KeyHash, charge: &mut Charge<'_>, now: Monotonic) -> Result<(), NoRoomError> {
        let limit = charge.limit();
        let step = limit.rate().decide_for(0, now, limit.price());
        if step.verdict.is_allowed() {
            self.reserve(1, now)?;
            self.cells.insert(key, step.tat);
        }
        charge.answer(step.verdict);
        Ok(())
    }

    /// Returns the key's state, or zero (a full bucket) for a key without a state.
    pub(super) fn tat(&self, key: KeyHash) -> u64 {
        self.cells.find(key).map_or(0, |found| found.tat)
    }

    /// Writes a key's state. There must be [room](Self::reserve) for a new key.
    pub(super) fn set(&mut self, key: KeyHash, tat: u64) {
        match self.cells.find(key) {
            Some(found) => self.cells.update(found, tat),
            None => self.cells.insert(key, tat),
        }
    }

    /// Ensures that `keys` new keys can be written.
    pub(super) fn reserve(&mut self, keys: usize, now: Monotonic) -> Result<(), NoRoomError> {
        if self.has_room(keys) { Ok(()) } else { self.make_room(keys, now) }
    }

    fn has_room(&self, more: usize) -> bool {
        self.cells.has_room(more) && self.cells.used().saturating_add(more) <= self.most
    }

    /// Drops the expired keys and resizes the table for the live ones.
    ///
    /// A shard at its maximum does so only if an eighth of it becomes free; otherwise it refuses new keys for a while.
    /// So the new keys of each rebuild repay its cost, and no live key makes way for another.
    #[cold]
    fn make_room(&mut self, more: usize, now: Monotonic) -> Result<(), NoRoomError> {
        let now = now.as_nanos();
        if now < self.full_until {
            return Err(NoRoomError);
        }
        let wanted = self.cells.live(now).saturating_add(more);
        let at_bound = self.cells.used().saturating_add(more) > self.most;
        let crowded = at_bound && wanted > self.most.saturating_sub(self.most / 8);
        if crowded || self.cells.rebuild(wanted, self.most, now).is_err() {
            self.full_until = now.saturating_add(FULL_PAUSE);
            return Err(NoRoomError);
        }
        Ok(())
    }

    /// Returns the number of keys held, including expired ones.
    pub(super) const fn keys(&self) -> usize {
        self.cells.used()
    }

    /// Returns the bytes that the shard occupies on the heap.
    pub(super) fn bytes(&self) -> usize {
        self.cells.bytes()
    }
}
