//! The times of keys, on the monotonic clock, so that a change of the wall clock has no effect.

use crate::clock::Monotonic;

/// In nanoseconds.
type Nanos = u64;

const SECOND: Nanos = 1_000_000_000;
/// From this age on, the keys are fetched in the background.
pub(super) const RENEW_AFTER: Nanos = 240 * SECOND;
/// From this age on, the keys are used only while they cannot be fetched.
pub(super) const FRESH_FOR: Nanos = 300 * SECOND;
/// From this age on, the keys are not used.
pub(super) const USABLE_FOR: Nanos = 3600 * SECOND;
/// The time between the beginnings of two fetches.
pub(super) const COOLDOWN: Nanos = 30 * SECOND;

pub(super) fn since(earlier: Monotonic, now: Monotonic) -> Nanos {
    now.as_nanos().saturating_sub(earlier.as_nanos())
}
