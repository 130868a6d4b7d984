//! The limits of the account endpoints that count by account. No policy has them, since the account is in the body. The
//! limits by address are in `account::policies`.

use core::time::Duration;

use crate::{
    limit::PreparedLimit,
    policy::{Limit, LimitKey, Quota},
};

/// The limit of attempts on one account, across all addresses, so that a guesser gains nothing from using many
/// addresses.
pub(crate) const SIGN_IN: PreparedLimit =
    named("login-account", Quota::new(30, Duration::from_secs(600)).with_burst(10));

/// The limit of messages to one address, across all clients that ask for them. Each purpose has its own counter. With
/// one counter for both, a stranger who asks for a reset could learn that a verification was just sent, and so that the
/// account exists.
pub(crate) const RESET_MAIL: PreparedLimit = named("reset-mail-account", FEW_MESSAGES);
pub(crate) const VERIFICATION_MAIL: PreparedLimit = named("verification-mail-account", FEW_MESSAGES);
pub(crate) const EMAIL_CHANGE_MAIL: PreparedLimit = named("email-change-mail-account", FEW_MESSAGES);

/// All of them, for the check of quotas that the application sets.
pub(crate) const ALL: [&PreparedLimit; 4] = [&SIGN_IN, &RESET_MAIL, &VERIFICATION_MAIL, &EMAIL_CHANGE_MAIL];

/// The name of the limit that lets each sign-in of a recognised person finish once. It has no settable quota: with a
/// larger one, a sign-in could finish again.
pub(crate) const SIGN_IN_NONCE: &str = "sign-in-nonce";

const FEW_MESSAGES: Quota = Quota::new(3, Duration::from_secs(900));

const fn named(name: &'static str, quota: Quota) -> PreparedLimit {
    PreparedLimit::new(Limit::new(quota, LimitKey::Global).with_name(name), "auth_runtime::account", 0)
}
