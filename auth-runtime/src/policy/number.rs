//! The numbers in a policy. They are checked when the policy's constant is evaluated.

use core::{
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use crate::clock::whole_seconds;

/// Returns a positive number.
///
/// # Panics
/// Panics on zero.
#[track_caller]
pub(super) const fn positive(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        #[expect(clippy::panic, reason = "evaluated when the policy constant is compiled")]
        None => panic!("zero admits nothing"),
    }
}

/// Returns a positive number of bytes.
///
/// # Panics
/// Panics on zero.
#[track_caller]
pub(super) const fn positive_bytes(number: u64) -> NonZeroU64 {
    match NonZeroU64::new(number) {
        Some(number) => number,
        #[expect(clippy::panic, reason = "evaluated when the policy constant is compiled")]
        None => panic!("a bound of zero bytes admits no body"),
    }
}

/// Returns a duration in seconds.
///
/// # Panics
/// Panics on zero, on a fraction of a second, and on more than `u32::MAX` seconds.
#[track_caller]
pub(super) const fn in_seconds(duration: Duration) -> NonZeroU32 {
    match whole_seconds(duration) {
        Some(seconds) if seconds > 0 => positive(seconds),
        #[expect(clippy::panic, reason = "evaluated when the policy constant is compiled")]
        _ => panic!("a duration in a policy is a whole number of seconds, from 1 to 4294967295"),
    }
}

pub(super) const fn as_duration(seconds: NonZeroU32) -> Duration {
    Duration::from_secs(seconds.get() as u64)
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn a_duration_is_one_to_the_most_whole_seconds() {
        for (duration, seconds) in [(Duration::from_secs(1), 1), (Duration::from_secs(u32::MAX.into()), u32::MAX)] {
            assert_eq!(in_seconds(duration).get(), seconds);
            assert_eq!(as_duration(in_seconds(duration)), duration);
        }
        for wrong in [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_millis(1_500),
            Duration::from_secs(u64::from(u32::MAX) + 1),
            Duration::MAX,
        ] {
            assert!(catch_unwind(|| in_seconds(wrong)).is_err(), "{wrong:?}");
        }
    }
}
