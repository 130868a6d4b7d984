use super::setting::Setting;
use crate::{
    auth::{Settings, fault::Collector},
    session::{Lifetimes, RefreshRetry},
};

/// The lifetimes of sessions, in seconds.
pub(super) struct SessionOptions {
    pub(super) idle: Setting<i64>,
    pub(super) absolute: Setting<i64>,
    pub(super) grace: u32,
    pub(super) refresh_retry: RefreshRetry,
    pub(super) revocation: u32,
}

const DAY: i64 = 24 * 60 * 60;

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            idle: Setting::default(),
            absolute: Setting::default(),
            grace: 20,
            refresh_retry: RefreshRetry::default(),
            revocation: 5,
        }
    }
}

impl SessionOptions {
    pub(super) fn take_from(&mut self, settings: &Settings) {
        self.idle.take_from_settings(i64::from(settings.refresh_token_days).saturating_mul(DAY));
        self.absolute.take_from_settings(i64::from(settings.session_days).saturating_mul(DAY));
    }

    fn idle(&self) -> i64 {
        self.idle.copied_or(7 * DAY)
    }

    fn absolute(&self) -> i64 {
        self.absolute.copied_or(90 * DAY)
    }

    pub(super) fn check(&self, faults: &mut Collector) {
        let wrong = [
            (self.idle() < 1, "refresh_token_seconds", "is zero: such a token would be expired when it is handed out"),
            (self.absolute() < 1, "session_seconds", "is zero: such a session would be over when it begins"),
            (self.grace > 120, "refresh_grace_seconds", "is over 120: a copied token would be good for that long"),
            (!(1..=60).contains(&self.revocation), "revocation_seconds", "is not 1 to 60"),
        ];
        for (_, setting, message) in wrong.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            faults.push(setting, message);
        }
    }

    /// Returns the lifetimes of sessions, for access tokens that are accepted for `access_token` seconds.
    pub(super) fn lifetimes(&self, access_token: i64) -> Lifetimes {
        let grace = if self.refresh_retry == RefreshRetry::Never { 0 } else { self.grace };
        Lifetimes { idle: self.idle(), absolute: self.absolute(), grace, access_token }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(life: i64, grace: u32, revocation: u32) -> SessionOptions {
        let mut options = SessionOptions { grace, revocation, ..SessionOptions::default() };
        options.idle.set(life);
        options.absolute.set(life);
        options
    }

    #[test]
    fn every_time_that_makes_no_sense_is_a_fault() {
        let mut faults = Collector::default();
        options(0, 121, 0).check(&mut faults);
        let settings: Vec<_> =
            faults.finish_with(Some(())).unwrap_err().iter().map(crate::auth::Fault::setting).collect();
        assert_eq!(
            settings,
            ["refresh_token_seconds", "session_seconds", "refresh_grace_seconds", "revocation_seconds"]
        );
        let mut faults = Collector::default();
        options(1, 0, 60).check(&mut faults);
        SessionOptions::default().check(&mut faults);
        assert!(faults.is_empty());
    }
}
