use core::time::Duration;

use crate::clock::whole_seconds;

/// For how long an access token is valid unless set otherwise.
pub(crate) const DEFAULT_LIFETIME: Duration = minutes(DEFAULT_LIFETIME_MINUTES);

pub(crate) const DEFAULT_LIFETIME_MINUTES: u32 = 15;

/// For how long an access token is valid at most.
pub(super) const MAX_LIFETIME: Duration = minutes(MAX_LIFETIME_MINUTES);

pub(crate) const MAX_LIFETIME_MINUTES: u32 = 24 * 60;

/// Returns whether an access token may be valid for so long: 1 second to 24 hours, in whole seconds.
pub(super) fn is_lifetime(time: Duration) -> bool {
    whole_seconds(time).is_some_and(|seconds| seconds > 0) && time <= MAX_LIFETIME
}

const fn minutes(number: u32) -> Duration {
    Duration::from_secs(60).saturating_mul(number)
}
