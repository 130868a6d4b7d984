//! Helpers that the tests of this module share.

#[cfg(any(feature = "postgres", feature = "redis"))]
pub(super) mod sequences;

use core::fmt;
use std::sync::{Arc, Mutex};

use tracing::{Event, Subscriber, field::Visit, span};

#[cfg(any(feature = "postgres", feature = "redis"))]
use super::{PreparedLimit, Quotas};
use crate::clock::{Clock, Monotonic, UnixTime};
#[cfg(any(feature = "postgres", feature = "redis"))]
use crate::policy::{Limit, LimitKey, Quota};

/// A clock that shows this many nanoseconds. Unlike `ManualClock` it allocates nothing, and tests make millions of
/// them.
pub(super) struct At(pub(super) u64);

impl Clock for At {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds(0)
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.0)
    }
}

/// Returns the number of random cases: `LIMIT_SCHEDULES` if it is set, else the default, which keeps a test run short.
pub(super) fn schedules(default: u64) -> u64 {
    std::env::var("LIMIT_SCHEDULES").ok().map_or(default, |count| count.parse().expect("a number"))
}

/// SplitMix64: repeatable, and fast enough for millions of schedules in a build without optimisation.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

#[cfg(any(feature = "postgres", feature = "redis"))]
impl PreparedLimit {
    /// Returns a limit of two a minute, and the same limit where the application sets five an hour.
    pub(super) fn named_and_set() -> (Self, Self) {
        let limit = Limit::new(Quota::per_minute(2), LimitKey::Global).with_name("named");
        let named = Self::new(limit, "tests", 0);
        let quotas = Quotas::of(&[("named".to_owned(), Quota::per_hour(5))]).expect("a quota");
        let set = quotas.applied_to(&named);
        (named, set)
    }
}

/// Collects the events of this thread.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Takes all events out, and returns those with the word.
    pub(super) fn take(&self, word: &str) -> Vec<String> {
        let events = std::mem::take(&mut *self.0.lock().unwrap());
        events.into_iter().filter(|event| event.contains(word)).collect()
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("{} {}", event.metadata().level(), event.metadata().target()));
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        self.0 += &format!(" {field}={value:?}");
    }
}
