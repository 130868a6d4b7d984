//! The circuit breaker of the limits' store.
//!
//! A store that is down would cost each request a time-out. So after a few failures the breaker opens: requests are
//! decided without the store, in microseconds. Once a second one request asks the store again. When the store answers
//! it, the breaker closes.
//!
//! A connection that breaks, or is not there yet, fails all requests of the moment by one cause. These count as one
//! failure in a tenth of a second. Else one reconnection under load would be an outage of a second.

use core::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::Duration,
};

use crate::clock::Monotonic;

/// Decides which requests ask the store.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// A failure adds two, and an answer takes one off. At [`FULL`] the breaker opens.
    score: AtomicU32,
    /// The time in nanoseconds at which the next request probes the store; zero while the breaker is closed.
    probe_at: AtomicU64,
    /// The time in nanoseconds from which a missing connection counts as a failure again.
    connection_counts_at: AtomicU64,
    /// The number of requests that were decided without the store since the breaker opened.
    unasked: AtomicU64,
}

/// Five failures in a row, or a third of all requests over a longer time.
const FULL: u32 = 10;
/// The score after a probe was answered: one more failure opens the breaker again.
const AFTER_PROBE: u32 = 8;
/// The time from one probe to the next.
const PAUSE: Duration = Duration::from_secs(1);
/// The time in which missing connections count as one failure, however many requests there are. So a store without a
/// connection for four of these times opens the breaker, and a store that is only connecting does not.
pub(super) const CONNECTION_PAUSE: Duration = Duration::from_millis(100);

/// What the breaker lets a request do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The request asks the store.
    Ask,
    /// The request asks the store, and its answer closes the breaker.
    Probe,
    /// The request is decided without the store.
    Skip,
}

/// A change of the breaker, for the operator's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Opened,
    /// With the number of requests that were decided without the store.
    Closed {
        unasked: u64,
    },
}

impl Breaker {
    /// Returns what a request at `now` does.
    pub(super) fn turn(&self, now: Monotonic) -> Turn {
        let probe_at = self.probe_at.load(Ordering::Acquire);
        if probe_at == 0 {
            return Turn::Ask;
        }
        // Taking the turn sets the time of the next probe. So a probe that never ends blocks nothing.
        let takes_turn = now.as_nanos() >= probe_at
            && self.probe_at.compare_exchange(probe_at, after(now, PAUSE), Ordering::AcqRel, Ordering::Relaxed).is_ok();
        if takes_turn {
            return Turn::Probe;
        }
        self.unasked.fetch_add(1, Ordering::Relaxed);
        Turn::Skip
    }

    /// Records that the store answered.
    pub(super) fn answered(&self, turn: Turn) -> Option<Change> {
        match turn {
            Turn::Probe if self.probe_at.swap(0, Ordering::AcqRel) != 0 => {
                self.score.store(AFTER_PROBE, Ordering::Relaxed);
                Some(Change::Closed { unasked: self.unasked.swap(0, Ordering::Relaxed) })
            }
            // The common case only reads: a write would move the cache line between the cores at each request.
            Turn::Ask if self.score.load(Ordering::Relaxed) > 0 => {
                self.change_score(|score| score.saturating_sub(1));
                None
            }
            Turn::Ask | Turn::Probe | Turn::Skip => None,
        }
    }

    /// Records that the store failed, or did not answer in time.
    pub(super) fn failed(&self, turn: Turn, now: Monotonic) -> Option<Change> {
        if turn != Turn::Ask || self.change_score(|score| score.saturating_add(2).min(FULL)) < FULL {
            return None;
        }
        // Requests that asked before the breaker opened may fail after it. Only the first one opens it.
        let opened = self.probe_at.compare_exchange(0, after(now, PAUSE), Ordering::AcqRel, Ordering::Relaxed).is_ok();
        opened.then_some(Change::Opened)
    }

    /// Records that a request was dropped before the store answered or failed, or was answered without it. The next
    /// request probes in its place: clients who hang up at once could otherwise use up each probe, and keep the breaker
    /// open.
    pub(super) fn dropped(&self, turn: Turn) {
        if turn == Turn::Probe {
            let at_once = |probe_at| (probe_at != 0).then_some(1);
            let _ = self.probe_at.fetch_update(Ordering::AcqRel, Ordering::Relaxed, at_once);
        }
    }

    /// Returns whether the missing connection of a request counts as a failure: one in [`CONNECTION_PAUSE`] does, and
    /// each of a probe.
    pub(super) fn counts_connection(&self, turn: Turn, now: Monotonic) -> bool {
        let counts_at = self.connection_counts_at.load(Ordering::Relaxed);
        let next = after(now, CONNECTION_PAUSE);
        turn == Turn::Probe
            || now.as_nanos() >= counts_at
                && self
                    .connection_counts_at
                    .compare_exchange(counts_at, next, Ordering::Relaxed, Ordering::Relaxed)
                    .is_ok()
    }

    /// Changes the score, and returns the new one.
    fn change_score(&self, change: impl Fn(u32) -> u32) -> u32 {
        let changed = |score| Some(change(score));
        match self.score.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed) {
            Ok(before) | Err(before) => change(before),
        }
    }
}

fn after(now: Monotonic, pause: Duration) -> u64 {
    now.as_nanos().saturating_add(pause.as_nanos() as u64)
}

#[cfg(test)]
mod tests;
