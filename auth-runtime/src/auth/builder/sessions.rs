use super::{AuthBuilder, Collector, Settings, said::Said};
use crate::session::{Lifetimes, RefreshRetry};

/// How long sessions live, in seconds.
pub(super) struct SessionOptions {
    idle: Said<i64>,
    absolute: Said<i64>,
    grace: u32,
    pub(super) refresh_retry: RefreshRetry,
    pub(super) revocation: u32,
}

const DAY: i64 = 24 * 60 * 60;

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            idle: Said::default(),
            absolute: Said::default(),
            grace: 20,
            refresh_retry: RefreshRetry::default(),
            revocation: 5,
        }
    }
}

impl AuthBuilder {
    /// Life of an unused refresh token, and so of an unused session, one with a cookie included, in seconds; 7 days by
    /// default, 1 at least.
    pub fn refresh_token_seconds(mut self, seconds: u32) -> Self {
        self.sessions.idle.say(i64::from(seconds));
        self
    }

    /// Life of a session in seconds, however much it is used; 90 days by default, 1 at least.
    pub fn session_seconds(mut self, seconds: u32) -> Self {
        self.sessions.absolute.say(i64::from(seconds));
        self
    }

    /// For how many seconds after its use a refresh token is answered by the same successor again, to the same client, in
    /// case the answer was lost; 20 by default, 120 at most. With 0, a lost answer means signing in again.
    pub fn refresh_grace_seconds(mut self, seconds: u32) -> Self {
        self.sessions.grace = seconds;
        self
    }

    /// Which client may fetch the answer to a refresh again in that time; the one with the same `client_id` and `User-Agent`
    /// by default. [`RefreshRetry::Never`] leaves no time at all, whatever `refresh_grace_seconds` says.
    pub fn refresh_retry(mut self, retry: RefreshRetry) -> Self {
        self.sessions.refresh_retry = retry;
        self
    }

    /// Within how many seconds this process refuses the access tokens that another one revoked, 1 to 60; 5 by default.
    /// What this process revokes itself it refuses at once. When the store of sessions does not answer for longer, access
    /// tokens are answered with 503.
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

    /// Beside access tokens that are accepted for so many seconds.
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
        options.idle.say(life);
        options.absolute.say(life);
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
