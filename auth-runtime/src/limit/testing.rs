//! Helpers that the tests of this module share.

use crate::clock::{Clock, Monotonic, UnixTime};

/// A clock that shows this many nanoseconds.
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
