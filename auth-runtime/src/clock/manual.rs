use core::time::Duration;
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use super::{Clock, Monotonic, UnixTime};

/// A clock that moves only when the test moves it. Clones show the same time.
///
/// ```
/// use auth_runtime::{clock::Clock, testing::ManualClock};
/// use std::time::Duration;
///
/// let clock = ManualClock::at(1_800_000_000);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.unix().as_seconds(), 1_800_000_060);
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Hands>);

#[derive(Debug)]
struct Hands {
    unix_seconds: AtomicI64,
    /// The monotonic time. Its part below a second lets short steps add up.
    nanos: AtomicU64,
}

impl ManualClock {
    /// Creates a clock that shows this wall-clock time, in seconds since 1970. Its monotonic time starts at one second.
    pub fn at(unix_seconds: i64) -> Self {
        Self(Arc::new(Hands { unix_seconds: AtomicI64::new(unix_seconds), nanos: AtomicU64::new(NANOS_PER_SECOND) }))
    }

    /// Lets time pass, on the wall clock and the monotonic clock.
    pub fn advance(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let before = self.0.nanos.fetch_add(nanos, Ordering::SeqCst);
        let whole = |nanos: u64| i64::try_from(nanos / NANOS_PER_SECOND).unwrap_or(i64::MAX);
        let seconds = whole(before.saturating_add(nanos)).saturating_sub(whole(before));
        self.0.unix_seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Sets the wall clock back or forth, in seconds since 1970, as an operator or a time server does. The monotonic
    /// clock does not move.
    pub fn set_unix(&self, unix_seconds: i64) {
        self.0.unix_seconds.store(unix_seconds, Ordering::SeqCst);
    }
}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

impl Clock for ManualClock {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds(self.0.unix_seconds.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.0.nanos.load(Ordering::SeqCst))
    }
}
