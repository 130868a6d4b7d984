use super::cells::{Cells, KeyHash};
use crate::{
    clock::{Clock, Monotonic},
    limit::Charge,
};

/// A share of the keys, behind one lock.
#[derive(Debug)]
pub(super) struct Shard {
    cells: Cells,
    most: usize,
    latest: u64,
    full_until: u64,
}

/// A new key has no place: the shard holds as many live keys as it may.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoRoom;

/// How far behind a time may be and still be taken as the latest one without another look at the clock.
const MAX_SKEW: u64 = 1_000_000_000;

/// How long a full shard refuses before it counts its live keys again: a flood of new keys must not buy a scan each.
const FULL_PAUSE: u64 = 50_000_000;

impl Shard {
    /// An empty shard for at most so many live keys.
    pub(super) fn new(most: usize) -> Self {
        Self { cells: Cells::default(), most, latest: 0, full_until: 0 }
    }

    /// The time for this shard, which does not go back because one thread was slower to get here than another.
    ///
    /// `now` was read before the lock was taken, which keeps the reading out of the time that others wait.
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

    /// Either a thread was stopped on its way to the lock, or the clock went back. A thread that has waited for long
    /// must not give anybody time back, so the clock is asked under the lock: what it says now is later than what it
    /// said to all who were here before, unless it did go back.
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

    /// Decide on one request and charge it if it is within the rate.
    ///
    /// The answer goes straight to its place: handed back, it would be copied right after it was written, which makes
    /// the processor wait.
    #[inline(always)]
    pub(super) fn charge(&mut self, key: KeyHash, charge: &mut Charge<'_>, now: Monotonic) -> Result<(), NoRoom> {
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
    fn charge_new(&mut self, key: KeyHash, charge: &mut Charge<'_>, now: Monotonic) -> Result<(), NoRoom> {
        let limit = charge.limit();
        let step = limit.rate().decide_for(0, now, limit.price());
        if step.verdict.is_allowed() {
            self.reserve(1, now)?;
            self.cells.insert(key, step.tat);
        }
        charge.answer(step.verdict);
        Ok(())
    }

    /// The key's state; zero, a full bucket, for a key that has none.
    pub(super) fn tat(&self, key: KeyHash) -> u64 {
        self.cells.find(key).map_or(0, |found| found.tat)
    }

    /// Write a key's state. There must be [room](Self::reserve) for a new key.
    pub(super) fn set(&mut self, key: KeyHash, tat: u64) {
        match self.cells.find(key) {
            Some(found) => self.cells.update(found, tat),
            None => self.cells.insert(key, tat),
        }
    }

    /// Make sure that so many new keys can be written.
    pub(super) fn reserve(&mut self, keys: usize, now: Monotonic) -> Result<(), NoRoom> {
        if self.has_room(keys) { Ok(()) } else { self.make_room(keys, now) }
    }

    fn has_room(&self, more: usize) -> bool {
        self.cells.has_room(more) && self.cells.used().saturating_add(more) <= self.most
    }

    /// Drop what has expired and size the table for what has not.
    ///
    /// A shard at its bound does so only if an eighth of it comes free; else it refuses new keys for a while. So a
    /// rebuild is paid for by the keys that it lets in, and no live key ever makes way for another.
    #[cold]
    fn make_room(&mut self, more: usize, now: Monotonic) -> Result<(), NoRoom> {
        let now = now.as_nanos();
        if now < self.full_until {
            return Err(NoRoom);
        }
        let wanted = self.cells.live(now).saturating_add(more);
        let at_bound = self.cells.used().saturating_add(more) > self.most;
        let crowded = at_bound && wanted > self.most.saturating_sub(self.most / 8);
        if crowded || self.cells.rebuild(wanted, self.most, now).is_err() {
            self.full_until = now.saturating_add(FULL_PAUSE);
            return Err(NoRoom);
        }
        Ok(())
    }

    /// The keys held, expired ones among them.
    pub(super) const fn keys(&self) -> usize {
        self.cells.used()
    }

    /// The heap's share.
    pub(super) fn bytes(&self) -> usize {
        self.cells.bytes()
    }
}
