//! The methods for accounts: failed passwords, sessions, one-time tokens and mail.

use core::{error::Error, time::Duration};
use std::sync::Arc;

use super::AuthBuilder;
use crate::{
    auth::{AccountEvent, AccountMail, account_rules::AccountRules, fault::Collector, mail::Outbox},
    clock::seconds,
    names::UserNames,
};

impl AuthBuilder {
    /// Sets how many passwords in a row may be wrong for one account, and how long it is then locked out. The defaults
    /// are 100 failures and one day. The number is 1 to 100, the time a whole number of seconds, at least one.
    ///
    /// A password reset or `account::Administration::unlock` ends the lock-out early. Each client that has signed in to
    /// the account before has a counter of its own.
    pub fn password_failures(mut self, max: u32, cool_down: Duration) -> Self {
        self.account_rules.attempts.max_failures = max;
        self.account_rules.attempts.cool_down_seconds = seconds(cool_down);
        self.account_rules.cool_down = cool_down;
        self
    }

    /// Sets how many sessions a user may have at once, 1 to 10 000; 100 by default. A sign-in beyond the limit ends the
    /// sessions that were used longest ago.
    pub fn sessions_per_user(mut self, max: u32) -> Self {
        self.account_rules.sessions_per_user = max;
        self
    }

    /// Sets the service that sends mail to the owners of accounts. Without it, users can neither reset a password nor
    /// verify an address: the endpoints that would send mail return 501.
    pub fn mail(mut self, mail: impl AccountMail) -> Self {
        self.account_rules.outbox = Some(Outbox::new(Arc::new(mail)));
        self
    }

    /// Calls a function after each [`AccountEvent`]: a registration, a sign-in, a new password. Further calls of this
    /// method add further functions.
    ///
    /// A function runs on a separate task, after the step is final, for 5 seconds at most. It cannot refuse anything:
    /// the client's answer does not wait for it. If it fails, panics or hangs, or if 128 events are being told already,
    /// an event of the log names the account. To store data with a new account, or to refuse it, call
    /// `account::Registration::with_fields`.
    ///
    /// ```
    /// use auth_runtime::auth::{AccountEvent, Auth};
    ///
    /// let builder = Auth::builder().on_account_event(|event| async move {
    ///     if let AccountEvent::Registered { username, .. } = event {
    ///         println!("{username} is new");
    ///     }
    ///     Ok::<(), std::io::Error>(())
    /// });
    /// # let _ = builder;
    /// ```
    pub fn on_account_event<R, E>(mut self, listener: impl Fn(AccountEvent) -> R + Send + Sync + 'static) -> Self
    where
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.account_rules.listeners.add(listener);
        self
    }

    /// Sets the life of a token that resets a password: a whole number of seconds, at most a day; 30 minutes by
    /// default.
    pub fn reset_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.account_rules.mail_tokens.reset = lifetime;
        self
    }

    /// Sets the life of a token that verifies an e-mail address: a whole number of seconds, at most 30 days; a day by
    /// default.
    pub fn verification_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.account_rules.mail_tokens.verification = lifetime;
        self
    }

    /// Sets how long an invitation of `account::Administration::invite` is valid: a whole number of seconds, at most 90
    /// days; 7 days by default.
    pub fn invitation_lifetime(mut self, lifetime: Duration) -> Self {
        self.account_rules.mail_tokens.invitation = lifetime;
        self
    }

    /// Sets which user names new accounts may have; [`UserNames::Ascii`] by default. Registration and every change of a
    /// name ask this.
    pub fn user_names(mut self, names: UserNames) -> Self {
        self.account_rules.user_names = names;
        self
    }

    /// Sets whether a user must verify the account's e-mail address before signing in; `false` by default.
    ///
    /// Only a client that gives the right password gets this answer. At the same time, the owner is sent another token.
    pub fn require_verified_email(mut self, required: bool) -> Self {
        self.account_rules.requires_verified_email = required;
        self
    }
}

impl AccountRules {
    pub(super) fn check(&self, faults: &mut Collector) {
        if !(1..=100).contains(&self.attempts.max_failures) {
            faults
                .push("password_failures", "is no number of failures from 1 to 100, which is what NIST allows at most");
        }
        faults.check_seconds(
            "password_failures",
            self.cool_down,
            1..=u32::MAX,
            "has no cool-down: passwords could be tried for ever",
        );
        if !(1..=10_000).contains(&self.sessions_per_user) {
            faults.push("sessions_per_user", "is not 1 to 10 000");
        }
        self.mail_tokens.check(faults);
        if self.requires_verified_email && self.outbox.is_none() {
            faults.push("require_verified_email", "verifies no address without mail: call `.mail(…)`");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Auth;

    fn faults(builder: AuthBuilder) -> Vec<&'static str> {
        let faults = builder.build().unwrap_err();
        let ours = faults.iter().map(crate::auth::Fault::setting);
        ours.filter(|setting| !matches!(*setting, "keys" | "issuer" | "audience")).collect()
    }

    #[test]
    fn settings_without_protection_are_refused() {
        let none: [&str; 0] = [];
        assert_eq!(faults(Auth::builder()), none);
        let secs = Duration::from_secs;
        assert_eq!(faults(Auth::builder().password_failures(100, secs(1)).reset_token_lifetime(secs(86_400))), none);
        for most in [0, 101, u32::MAX] {
            assert_eq!(faults(Auth::builder().password_failures(most, secs(60))), ["password_failures"]);
        }
        for cool_down in [Duration::ZERO, Duration::from_millis(1_500), Duration::MAX] {
            assert_eq!(faults(Auth::builder().password_failures(10, cool_down)), ["password_failures"]);
        }
        for most in [0, 10_001, u32::MAX] {
            assert_eq!(faults(Auth::builder().sessions_per_user(most)), ["sessions_per_user"]);
        }
        for most in [1, 10_000] {
            assert_eq!(faults(Auth::builder().sessions_per_user(most)), none);
        }
        for lifetime in [Duration::ZERO, Duration::from_millis(1_500), secs(86_401), Duration::MAX] {
            assert_eq!(faults(Auth::builder().reset_token_lifetime(lifetime)), ["reset_token_lifetime"]);
        }
        for lifetime in [Duration::ZERO, Duration::from_millis(1_500), secs(30 * 86_400 + 1)] {
            assert_eq!(faults(Auth::builder().verification_token_lifetime(lifetime)), ["verification_token_lifetime"]);
        }
        for lifetime in [Duration::ZERO, Duration::from_millis(1_500), secs(90 * 86_400 + 1)] {
            assert_eq!(faults(Auth::builder().invitation_lifetime(lifetime)), ["invitation_lifetime"]);
        }
        assert_eq!(faults(Auth::builder().require_verified_email(true)), ["require_verified_email"]);
    }
}
