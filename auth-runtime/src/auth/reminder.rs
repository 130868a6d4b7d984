use core::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Clock;

/// A reminder that is due once a minute, however often it is checked. An event for each request would bury the other
/// events.
#[derive(Debug, Default)]
pub(super) struct Reminder {
    /// The time when it is due again, in nanoseconds of the clock; zero before the first time.
    due_at: AtomicU64,
}

/// The time between two reminders, in nanoseconds.
const PAUSE: u64 = 60 * 1_000_000_000;

impl Reminder {
    /// Returns whether the reminder is due. If several callers ask at once, only one gets `true`.
    pub(super) fn is_due(&self, clock: &dyn Clock) -> bool {
        let now = clock.monotonic().as_nanos();
        let due_at = self.due_at.load(Ordering::Relaxed);
        let next = now.saturating_add(PAUSE);
        now >= due_at && self.due_at.compare_exchange(due_at, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
