//! Changing, resetting and replacing a password.

pub(super) mod change;
pub(super) mod forgot;
pub(super) mod new_password;
pub(super) mod notice;
pub(super) mod replace;
pub(super) mod require_reset;
pub(super) mod reset;
pub(super) mod take_over;
pub(super) mod truncated;
