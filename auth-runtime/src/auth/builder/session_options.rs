use super::{AuthBuilder, Collector, Settings, setting::Setting};
use crate::session::{Lifetimes, RefreshRetry};

/// The lifetimes of sessions, in seconds.
pub(super) struct SessionOptions {
    idle: Setting<i64>,
    absolute: Setting<i64>,
    grace: u32,
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

impl AuthBuilder {
    /// Sets the life of an unused refresh token in seconds; 7 days by default, at least 1 second. An unused session
    /// lives as long, and so does an unused session with a cookie.
    pub fn refresh_token_seconds(mut self, seconds: u32) -> Self {
        self.sessions.idle.set(i64::from(seconds));
        self
    }

    /// Sets the life of a session in seconds, even if it is in use; 90 days by default, at least 1 second.
    pub fn session_seconds(mut self, seconds: u32) -> Self {
        self.sessions.absolute.set(i64::from(seconds));
        self
    }

    /// Sets for how many seconds after its use a refresh token returns the same successor to the same client again, in
    /// case the answer was lost; 20 by default, at most 120. With 0, a client that loses an answer must sign in again.
    pub fn refresh_grace_seconds(mut self, seconds: u32) -> Self {
        self.sessions.grace = seconds;
        self
    }

    /// Sets which client may fetch the answer to a refresh again in that time; by default, the one with the same
    /// `client_id` and `User-Agent`. [`RefreshRetry::Never`] allows no retry, and overrides `refresh_grace_seconds`.
    pub fn refresh_retry(mut self, retry: RefreshRetry) -> Self {
        self.sessions.refresh_retry = retry;
        self
    }

    /// Sets within how many seconds this process refuses the access tokens that another process has revoked, 1 to 60; 5
    /// by default. This process refuses its own revocations at once. When the store of sessions does not answer for
    /// longer than that, requests with access tokens get 503.
    pub fn revocation_seconds(mut self, seconds: u32) -> Self {
        self.sessions.revocation = seconds;
        self
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
