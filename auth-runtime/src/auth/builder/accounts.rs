//! The methods for accounts: failed passwords, sessions, one-time tokens and mail.

use std::sync::Arc;

use super::AuthBuilder;
use crate::auth::{AccountMail, fault::Collector, mail::Outbox, rules::AccountRules};

impl AuthBuilder {
    /// Sets how many passwords in a row may be wrong for one account, and how long it is then locked out in seconds.
    /// The defaults are 100 failures and one day. The number is 1 to 100, the time at least 1 second.
    ///
    /// A password reset or `account::Administration::unlock` ends the lock-out early. Each client that has signed in to
    /// the account before has a counter of its own.
    pub fn password_failures(mut self, most: u32, cool_down_seconds: u32) -> Self {
        self.account_rules.attempts.most = most;
        self.account_rules.attempts.cool_down_seconds = i64::from(cool_down_seconds);
        self
    }

    /// Sets how many sessions a user may have at once, 1 to 10 000; 100 by default. A sign-in beyond the limit ends the
    /// sessions that were used longest ago.
    pub fn sessions_per_user(mut self, most: u32) -> Self {
        self.account_rules.sessions_per_user = most;
        self
    }

    /// Sets the service that sends mail to the owners of accounts. Without it, users can neither reset a password nor
    /// verify an address: the endpoints that would send mail return 501.
    pub fn mail(mut self, mail: impl AccountMail) -> Self {
        self.account_rules.outbox = Some(Outbox::new(Arc::new(mail)));
        self
    }

    /// Sets the life of a token that resets a password, in seconds; 30 minutes by default, at most a day.
    pub fn reset_token_seconds(mut self, seconds: u32) -> Self {
        self.account_rules.reset_token_seconds = i64::from(seconds);
        self
    }

    /// Sets the life of a token that verifies an e-mail address, in seconds; a day by default, at most 30 days.
    pub fn verification_token_seconds(mut self, seconds: u32) -> Self {
        self.account_rules.verification_token_seconds = i64::from(seconds);
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

const DAY: i64 = 24 * 60 * 60;

impl AccountRules {
    pub(super) fn check(&self, faults: &mut Collector) {
        if !(1..=100).contains(&self.attempts.most) {
            faults
                .push("password_failures", "is no number of failures from 1 to 100, which is what NIST allows at most");
        }
        if self.attempts.cool_down_seconds < 1 {
            faults.push("password_failures", "has no cool-down: passwords could be tried for ever");
        }
        if !(1..=10_000).contains(&self.sessions_per_user) {
            faults.push("sessions_per_user", "is not 1 to 10 000");
        }
        if !(1..=DAY).contains(&self.reset_token_seconds) {
            faults.push("reset_token_seconds", "is zero or more than a day");
        }
        if !(1..=30 * DAY).contains(&self.verification_token_seconds) {
            faults.push("verification_token_seconds", "is zero or more than 30 days");
        }
        if self.requires_verified_email && self.outbox.is_none() {
            faults.push("require_verified_email", "lets nobody in without mail: call `.mail(…)`");
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
    fn what_protects_nobody_is_refused() {
        let none: [&str; 0] = [];
        assert_eq!(faults(Auth::builder()), none);
        assert_eq!(faults(Auth::builder().password_failures(100, 1).reset_token_seconds(86_400)), none);
        for most in [0, 101, u32::MAX] {
            assert_eq!(faults(Auth::builder().password_failures(most, 60)), ["password_failures"]);
        }
        assert_eq!(faults(Auth::builder().password_failures(10, 0)), ["password_failures"]);
        for most in [0, 10_001, u32::MAX] {
            assert_eq!(faults(Auth::builder().sessions_per_user(most)), ["sessions_per_user"]);
        }
        for most in [1, 10_000] {
            assert_eq!(faults(Auth::builder().sessions_per_user(most)), none);
        }
        for seconds in [0, 86_401, u32::MAX] {
            assert_eq!(faults(Auth::builder().reset_token_seconds(seconds)), ["reset_token_seconds"]);
        }
        for seconds in [0, 30 * 86_400 + 1] {
            assert_eq!(faults(Auth::builder().verification_token_seconds(seconds)), ["verification_token_seconds"]);
        }
        assert_eq!(faults(Auth::builder().require_verified_email(true)), ["require_verified_email"]);
    }
}
