use std::collections::BTreeSet;

use crate::clock::UnixTime;

/// Rows and the times at which they expire.
#[derive(Debug)]
pub(super) struct Due<K>(BTreeSet<(UnixTime, K)>);

impl<K> Default for Due<K> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<K: Clone + Ord> Due<K> {
    pub(super) fn at(&mut self, time: UnixTime, row: K) {
        self.0.insert((time, row));
    }

    pub(super) fn not_at(&mut self, time: UnixTime, row: &K) {
        self.0.remove(&(time, row.clone()));
    }

    /// Takes up to `limit` rows that have expired at `now`, the oldest first.
    pub(super) fn take(&mut self, now: UnixTime, limit: u32) -> Vec<K> {
        let mut rows = Vec::new();
        while u32::try_from(rows.len()).is_ok_and(|count| count < limit)
            && self.0.first().is_some_and(|(time, _)| *time <= now)
            && let Some((_, row)) = self.0.pop_first()
        {
            rows.push(row);
        }
        rows
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
