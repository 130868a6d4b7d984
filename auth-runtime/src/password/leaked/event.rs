use crate::error::{StoreError, with_causes};

/// Reports that a new password was accepted although no list could tell whether it leaked.
pub(crate) fn accepted_unchecked(error: &StoreError) {
    tracing::event!(
        target: "auth_runtime::password", tracing::Level::ERROR, reason = "password_accepted_unchecked",
        store = error.store(), error = with_causes(error),
        "a new password was accepted although no list of leaked passwords answered",
    );
}
