//! Verification and change of e-mail addresses, and the one-time tokens that mail carries.

pub(super) mod change;
mod changed;
pub(super) mod one_time;
pub(super) mod proof;
pub(super) mod verification;
