//! Attempts to give a password: limits, counting, and verification.

pub(super) mod count;
pub(super) mod current_password;
pub(super) mod verify;
