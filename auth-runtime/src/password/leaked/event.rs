use core::error::Error;

use crate::error::StoreError;

/// Reports that a new password was accepted although no list could tell whether it leaked.
pub(crate) fn accepted_unchecked(error: &StoreError) {
    tracing::event!(
        target: "auth_runtime::password", tracing::Level::ERROR, reason = "password_accepted_unchecked",
        store = error.store(), error = error as &dyn Error,
        "a new password was accepted although no list of leaked passwords answered",
    );
}
