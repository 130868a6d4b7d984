//! Clocks and times. The application hands them in.

use core::{fmt, time::Duration};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Serializer, ser::Error as _};

use date::{A_DAY, Date};

#[cfg(any(test, feature = "testing"))]
#[cfg_attr(not(feature = "testing"), allow(dead_code, unreachable_pub, reason = "`testing` exports the whole clock"))]
pub(crate) mod manual;

mod date;

/// A source of the time. Every component that needs the time gets a clock.
pub trait Clock: Send + Sync + 'static {
    /// Returns the wall-clock time, for token lifetimes and stored times.
    fn unix(&self) -> UnixTime;

    /// Returns the time of a clock that never goes back, for limits and time-outs.
    fn monotonic(&self) -> Monotonic;
}

/// The machine's clocks.
///
/// Monotonic time comes from the processor's cycle counter where the counter runs at a constant rate on all cores.
/// Every limited request reads it, and the fast path of the system call takes more than twice as long. On other
/// machines it is the operating system's monotonic clock.
#[derive(Clone, Debug)]
pub struct SystemClock {
    counter: quanta::Clock,
    origin: u64,
}

impl SystemClock {
    /// Creates a clock whose monotonic time starts at zero now.
    ///
    /// The first clock of a process measures the counter against the operating system's clock, for at most 0.2 s.
    pub fn new() -> Self {
        let counter = quanta::Clock::new();
        let origin = counter.raw();
        Self { counter, origin }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn unix(&self) -> UnixTime {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.counter.delta_as_nanos(self.origin, self.counter.raw()))
    }
}

/// Seconds since 1970-01-01T00:00:00Z. Arithmetic saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// Returns the time `seconds` after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the seconds since the epoch.
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// Returns the time `seconds` later, or the latest time that the type can hold.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the seconds from `earlier` to this time; negative when `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Returns the whole seconds of a duration. A fraction of a second is left out.
pub(crate) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// Returns a duration in seconds, or `None` if it has a fraction of a second or its seconds exceed 32 bits.
pub(crate) const fn whole_seconds(duration: Duration) -> Option<u32> {
    let seconds = duration.as_secs();
    if duration.subsec_nanos() == 0 && seconds <= u32::MAX as u64 { Some(seconds as u32) } else { None }
}

/// Serializes a time in RFC 3339 form, in UTC, for people and other programs. Fails for a time that the form cannot
/// express.
pub(crate) fn rfc3339<S: Serializer>(time: &UnixTime, serializer: S) -> Result<S::Ok, S::Error> {
    let Date { year, month, day } =
        Date::of(time.as_seconds()).ok_or_else(|| S::Error::custom("a year has four digits"))?;
    let second = time.as_seconds().rem_euclid(A_DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    serializer.collect_str(&format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Nanoseconds on a clock that never goes back, counted from an arbitrary origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(u64);

impl Monotonic {
    /// Returns the time `nanos` nanoseconds after the clock's origin.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Returns the nanoseconds since the clock's origin.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }
}
