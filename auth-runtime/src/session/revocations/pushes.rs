use core::sync::atomic::{AtomicU64, Ordering};

use crate::{clock::Monotonic, store::RevocationSignal};

/// What the store's signal demands: a question before the list is due.
#[derive(Default)]
pub(super) struct Pushes {
    signal: Option<RevocationSignal>,
    /// How often the signal had been raised when the last question began that was answered.
    answered: AtomicU64,
    /// When the last question began, in nanoseconds of the monotonic clock.
    asked_at: AtomicU64,
}

/// The shortest time between two questions for a push, in nanoseconds: 100 milliseconds.
const PAUSE: u64 = 100_000_000;

impl Pushes {
    pub(super) fn new(signal: Option<RevocationSignal>) -> Self {
        Self { signal, ..Self::default() }
    }

    /// Returns whether the store has said that there is news, and may be asked again.
    pub(super) fn demand_a_question(&self, now: Monotonic) -> bool {
        let is_news = self.times() != self.answered.load(Ordering::Acquire);
        // After the clock went back, the time since the last question is unknown.
        is_news && now.as_nanos().checked_sub(self.asked_at.load(Ordering::Acquire)).is_none_or(|since| since >= PAUSE)
    }

    /// Notes that a question begins. Its answer holds all revocations of which the store has said so far.
    pub(super) fn begin(&self, now: Monotonic) -> Asked {
        self.asked_at.store(now.as_nanos(), Ordering::Release);
        Asked(self.times())
    }

    pub(super) fn answered(&self, asked: Asked) {
        self.answered.store(asked.0, Ordering::Release);
    }

    fn times(&self) -> u64 {
        self.signal.as_ref().map_or(0, RevocationSignal::times)
    }
}

/// How often the signal had been raised when a question began.
#[must_use]
pub(super) struct Asked(u64);
