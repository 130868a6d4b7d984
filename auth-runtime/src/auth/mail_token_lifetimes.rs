use core::time::Duration;

use super::fault::Collector;
use crate::store::Purpose;

/// How long the tokens in mail are valid.
#[derive(Clone, Copy)]
pub(crate) struct MailTokenLifetimes {
    pub(super) reset: Duration,
    pub(super) verification: Duration,
    pub(super) invitation: Duration,
}

/// Seconds.
const DAY: u32 = 24 * 60 * 60;

/// The life of a token that signs in: that of the cookie of the browser that asked for it.
const SIGN_IN: Duration = Duration::from_secs(600);

impl Default for MailTokenLifetimes {
    fn default() -> Self {
        Self {
            reset: Duration::from_secs(30 * 60),
            verification: Duration::from_secs(DAY.into()),
            invitation: Duration::from_secs((7 * DAY).into()),
        }
    }
}

impl MailTokenLifetimes {
    pub(crate) const fn of(self, purpose: Purpose) -> Duration {
        match purpose {
            Purpose::PasswordReset => self.reset,
            Purpose::Invitation => self.invitation,
            // These prove that the owner of the address wants what the token does.
            Purpose::EmailVerification | Purpose::EmailChange => self.verification,
            Purpose::SignIn => SIGN_IN,
        }
    }

    pub(super) fn check(self, faults: &mut Collector) {
        let mut check = |setting, lifetime, most, message| faults.check_seconds(setting, lifetime, 1..=most, message);
        check("reset_token_lifetime", self.reset, DAY, "is zero or more than a day");
        check("verification_token_lifetime", self.verification, 30 * DAY, "is zero or more than 30 days");
        check("invitation_lifetime", self.invitation, 90 * DAY, "is zero or more than 90 days");
    }
}
