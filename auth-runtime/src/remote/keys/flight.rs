use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::times::{COOLDOWN, since};
use crate::clock::Monotonic;

/// Lets at most one fetch run at a time, and at most one begin per [`COOLDOWN`].
#[derive(Clone, Default)]
pub(super) struct Flight(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// When the last fetch began, plus one nanosecond; zero before the first.
    begun_at: AtomicU64,
    /// The fetch that runs. Locked only while one may begin or ends.
    running: Mutex<Option<watch::Receiver<()>>>,
}

/// The end of a fetch, for those who wait for it.
pub(super) struct End(watch::Receiver<()>);

/// A fetch that runs. It has ended when this is dropped, however it ended.
pub(super) struct Running {
    flight: Flight,
    _end: watch::Sender<()>,
}

/// The answer to one who wants a fetch.
pub(super) enum Turn {
    /// The caller runs the fetch, and may wait for its end.
    Begins(Running, End),
    /// Another fetch runs.
    Joins(End),
    /// The last fetch began a moment ago.
    Rests,
}

impl Flight {
    /// Returns whether a fetch began a moment ago, and may still run. Takes no lock.
    pub(super) fn has_just_begun(&self, now: Monotonic) -> bool {
        let begun = self.0.begun_at.load(Ordering::Acquire).checked_sub(1);
        begun.is_some_and(|begun| since(Monotonic::from_nanos(begun), now) < COOLDOWN)
    }

    pub(super) fn turn(&self, now: Monotonic) -> Turn {
        let mut running = self.running();
        if let Some(end) = &*running {
            return Turn::Joins(End(end.clone()));
        }
        if self.has_just_begun(now) {
            return Turn::Rests;
        }
        let (sender, end) = watch::channel(());
        self.0.begun_at.store(now.as_nanos().saturating_add(1), Ordering::Release);
        *running = Some(end.clone());
        Turn::Begins(Running { flight: self.clone(), _end: sender }, End(end))
    }

    fn running(&self) -> MutexGuard<'_, Option<watch::Receiver<()>>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Those who wait wake when the sender is dropped, after this.
        *self.flight.running() = None;
    }
}

impl End {
    pub(super) async fn wait(mut self) {
        // The sender sends nothing, so this is an error when the fetch has ended.
        let _ = self.0.changed().await;
    }
}
