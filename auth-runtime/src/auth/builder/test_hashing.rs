//! Passwords are hashed at the cost of tests outside production alone.

use super::AuthBuilder;
use crate::{auth::Environment, password::Passwords};

impl AuthBuilder {
    /// Refuses the cost that tests have. Only the feature `testing` can make it, and a build may have it by mistake.
    pub(super) fn check_passwords(&mut self) {
        let is_weak = self.passwords.as_ref().is_some_and(Passwords::is_weak);
        if is_weak && self.runs_in() == Environment::Production {
            self.faults
                .push("passwords", "would hash at the cost of tests in production: remove `Cost::weak_for_testing()`");
        }
    }

    /// Returns the pool that was set, by the application or by `TestAuth`.
    pub(super) fn take_passwords(&mut self) -> Option<Passwords> {
        #[cfg(feature = "testing")]
        if self.passwords.is_none() && self.runs_in() != Environment::Production {
            return self.passwords_outside_production.take();
        }
        self.passwords.take()
    }
}
