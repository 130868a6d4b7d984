use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::BTreeMap;

use super::due::Due;
use crate::{
    clock::UnixTime,
    store::{Revocation, RevokedTarget},
};

/// The marks that were given in this process. A store in memory has no copy outside of it, so a count tells its
/// revocations from those of all other stores.
static MARKS: AtomicU64 = AtomicU64::new(0);

/// The revocations, in order.
#[derive(Default)]
pub(super) struct RevocationTable {
    rows: BTreeMap<u64, Revocation>,
    last: u64,
    /// All but the newest, which stays.
    due: Due<u64>,
}

impl RevocationTable {
    pub(super) fn add(&mut self, target: RevokedTarget, before_generation: Option<u32>, remember_until: UnixTime) {
        self.last = self.last.saturating_add(1);
        if let Some((position, former)) = self.rows.last_key_value() {
            self.due.at(former.remember_until, *position);
        }
        let (position, mark) = (self.last, u128::from(MARKS.fetch_add(1, Ordering::Relaxed)).to_be_bytes());
        self.rows.insert(position, Revocation { position, mark, target, before_generation, remember_until });
    }

    pub(super) fn after(&self, position: u64) -> Vec<Revocation> {
        self.rows.range(position.saturating_add(1)..).map(|(_, row)| row.clone()).collect()
    }

    pub(super) fn remove_expired(&mut self, now: UnixTime, limit: u32) -> u64 {
        let due = self.due.take(now, limit);
        for position in &due {
            self.rows.remove(position);
        }
        u64::try_from(due.len()).unwrap_or(u64::MAX)
    }

    #[cfg(test)]
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }
}
