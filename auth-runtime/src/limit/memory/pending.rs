use smallvec::SmallVec;

use super::{
    cells::KeyHash,
    shard::{NoRoomError, Shard},
};
use crate::{
    clock::Monotonic,
    limit::{PreparedLimit, Step, Verdict},
};

/// The charges of one request, while the shards are asked one after the other.
pub(super) struct Pending<'a>(SmallVec<[Entry<'a>; 4]>);

struct Entry<'a> {
    key: KeyHash,
    shard: usize,
    limit: &'a PreparedLimit,
    step: Step,
}

impl<'a> Pending<'a> {
    pub(super) fn new() -> Self {
        Self(SmallVec::new())
    }

    pub(super) fn push(&mut self, key: KeyHash, shard: usize, limit: &'a PreparedLimit) {
        let undecided = limit.rate().decide(0, Monotonic::from_nanos(0), limit.cost());
        self.0.push(Entry { key, shard, limit, step: undecided });
    }

    /// Returns the next shard above the given one with a charge.
    pub(super) fn next_shard(&self, above: Option<usize>) -> Option<usize> {
        self.0.iter().map(|entry| entry.shard).filter(|shard| above.is_none_or(|above| *shard > above)).min()
    }

    /// Decides on the charges of one shard, and makes room for their keys.
    pub(super) fn decide(&mut self, index: usize, shard: &mut Shard, now: Monotonic) -> Result<(), NoRoomError> {
        let mut new_keys = 0_usize;
        for at in 0..self.0.len() {
            let (earlier, rest) = self.0.split_at_mut(at);
            let Some(entry) = rest.first_mut().filter(|entry| entry.shard == index) else { continue };
            let stored = shard.tat(entry.key);
            let tat =
                earlier.iter().rev().find(|other| other.is_charged(entry.key)).map_or(stored, |same| same.step.tat);
            entry.step = entry.limit.rate().decide_for(tat, now, entry.limit.price());
            if stored <= now.as_nanos() {
                new_keys = new_keys.saturating_add(1);
            } else if !entry.step.verdict.is_allowed() && entry.step.tat < stored {
                // The clock went back. A refused request writes no state, so the earlier TAT is written here.
                shard.set(entry.key, entry.step.tat);
            }
        }
        shard.reserve(new_keys, now)
    }

    /// Returns whether every limit that may refuse admits the request.
    pub(super) fn is_admitted(&self) -> bool {
        self.0.iter().all(|entry| entry.limit.is_shadow() || entry.step.verdict.is_allowed())
    }

    /// Writes the charges that were decided for one shard.
    pub(super) fn commit(&self, index: usize, shard: &mut Shard) {
        for entry in self.0.iter().filter(|entry| entry.shard == index && entry.step.verdict.is_allowed()) {
            shard.set(entry.key, entry.step.tat);
        }
    }

    pub(super) fn verdicts(&self, admitted: bool) -> impl Iterator<Item = Verdict> {
        self.0.iter().map(move |entry| match admitted {
            true => entry.step.verdict,
            false => entry.step.verdict.uncharged(entry.limit.price()),
        })
    }
}

impl Entry<'_> {
    fn is_charged(&self, key: KeyHash) -> bool {
        self.key == key && self.step.verdict.is_allowed()
    }
}
