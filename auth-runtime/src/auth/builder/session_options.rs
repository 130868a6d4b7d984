use core::time::Duration;

use super::setting::Setting;
use crate::{
    auth::{Settings, fault::Collector},
    clock::{seconds, whole_seconds},
    session::{ABSOLUTE_DAYS, IDLE_DAYS, Lifetimes, RefreshRetry, RetryTerms},
};

/// The builder's options for the lifetimes of sessions.
pub(super) struct SessionOptions {
    pub(super) idle: Setting<Duration>,
    pub(super) absolute: Setting<Duration>,
    pub(super) grace: Duration,
    pub(super) refresh_retry: RefreshRetry,
    pub(super) revocation: Duration,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            idle: Setting::default(),
            absolute: Setting::default(),
            grace: Duration::from_secs(20),
            refresh_retry: RefreshRetry::default(),
            revocation: Duration::from_secs(5),
        }
    }
}

impl SessionOptions {
    pub(super) fn take_from(&mut self, settings: &Settings) {
        self.idle.take_from_settings(days(settings.refresh_token_days));
        self.absolute.take_from_settings(days(settings.session_days));
    }

    fn idle(&self) -> Duration {
        self.idle.copied_or(days(IDLE_DAYS))
    }

    fn absolute(&self) -> Duration {
        self.absolute.copied_or(days(ABSOLUTE_DAYS))
    }

    pub(super) fn check(&self, faults: &mut Collector) {
        let mut check = |setting, duration, range, message| faults.check_seconds(setting, duration, range, message);
        check(
            "refresh_token_lifetime",
            self.idle(),
            1..=u32::MAX,
            "is zero: such a token would be expired when it is handed out",
        );
        check(
            "session_lifetime",
            self.absolute(),
            1..=u32::MAX,
            "is zero: such a session would be over when it begins",
        );
        check("refresh_grace", self.grace, 0..=120, "is over 120 seconds: a copied token would be good for that long");
        check("revocation_delay", self.revocation, 1..=60, "is not 1 to 60 seconds");
    }

    /// Returns the lifetimes of sessions, for access tokens that are accepted for `access_token` seconds.
    pub(super) fn lifetimes(&self, access_token: i64) -> Lifetimes {
        Lifetimes { idle: seconds(self.idle()), absolute: seconds(self.absolute()), access_token }
    }

    /// Returns which second uses of refresh tokens are retries.
    pub(super) fn retry(&self) -> RetryTerms {
        self.refresh_retry.terms(whole_seconds(self.grace).unwrap_or(0))
    }

    /// Returns how soon revocations by other processes apply, in seconds.
    pub(super) fn revocation(&self) -> u32 {
        whole_seconds(self.revocation).unwrap_or(1)
    }
}

fn days(number: u32) -> Duration {
    Duration::from_secs(u64::from(number).saturating_mul(24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(life: Duration, grace: Duration, revocation: Duration) -> SessionOptions {
        let mut options = SessionOptions { grace, revocation, ..SessionOptions::default() };
        options.idle.set(life);
        options.absolute.set(life);
        options
    }

    #[test]
    fn every_time_that_makes_no_sense_is_a_fault() {
        let secs = Duration::from_secs;
        let too_long = secs(u64::from(u32::MAX) + 1);
        let half = Duration::from_millis(1_500);
        for wrong in [
            options(Duration::ZERO, secs(121), Duration::ZERO),
            options(half, half, half),
            options(too_long, too_long, secs(61)),
            options(Duration::MAX, Duration::MAX, Duration::MAX),
        ] {
            let mut faults = Collector::default();
            wrong.check(&mut faults);
            let faults = faults.finish_with(Some(())).unwrap_err();
            let settings: Vec<_> = faults.iter().map(crate::auth::Fault::setting).collect();
            assert_eq!(settings, ["refresh_token_lifetime", "session_lifetime", "refresh_grace", "revocation_delay"]);
        }
        let mut faults = Collector::default();
        options(secs(1), Duration::ZERO, secs(60)).check(&mut faults);
        options(secs(u32::MAX.into()), secs(120), secs(1)).check(&mut faults);
        SessionOptions::default().check(&mut faults);
        assert!(faults.is_empty());
    }
}
