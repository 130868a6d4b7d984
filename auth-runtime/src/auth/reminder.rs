use core::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Clock;

/// Says once a minute that something is due, however often it is asked: an event for each request would bury the others.
#[derive(Debug, Default)]
pub(super) struct Reminder {
    /// When it is due again, in nanoseconds of the clock; zero before the first time.
    due_at: AtomicU64,
}

/// Between two reminders, in nanoseconds.
const PAUSE: u64 = 60 * 1_000_000_000;

impl Reminder {
    /// Whether it is due. Of any number of callers at once, one is told so.
    pub(super) fn is_due(&self, clock: &dyn Clock) -> bool {
        let now = clock.monotonic().as_nanos();
        let due_at = self.due_at.load(Ordering::Relaxed);
        let next = now.saturating_add(PAUSE);
        now >= due_at && self.due_at.compare_exchange(due_at, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
