use std::io;

/// Reports that a file of leaked passwords could not be read.
pub(super) fn unreadable(error: &io::Error) {
    tracing::event!(
        target: "auth_runtime::password", tracing::Level::ERROR, reason = "leaked_passwords_unreadable", %error,
        "a new password was not looked up in the file of leaked passwords",
    );
}
