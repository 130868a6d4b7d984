use std::collections::BTreeMap;

use super::due::Due;
use crate::{
    clock::UnixTime,
    store::{Revocation, RevokedTarget},
};

/// The revocations, in order.
#[derive(Default)]
pub(super) struct RevocationTable {
    rows: BTreeMap<u64, Revocation>,
    last: u64,
    due: Due<u64>,
}

impl RevocationTable {
    pub(super) fn add(&mut self, target: RevokedTarget, before_generation: Option<u32>, remember_until: UnixTime) {
        self.last = self.last.saturating_add(1);
        let position = self.last;
        self.due.at(remember_until, position);
        self.rows.insert(position, Revocation { position, target, before_generation, remember_until });
    }

    pub(super) fn after(&self, position: u64) -> Vec<Revocation> {
        self.rows.range(position.saturating_add(1)..).map(|(_, row)| row.clone()).collect()
    }

    pub(super) fn last(&self) -> u64 {
        self.last
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
