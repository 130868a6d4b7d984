use core::fmt;

use super::BoxFuture;
use crate::{clock::UnixTime, error::StoreError};

/// Where tokens that were sent by mail are kept: opaque, used once, and only as hashes.
///
/// An account has at most one live token for each purpose.
pub trait OneTimeTokenStore: Send + Sync + 'static {
    /// Keep a token that is about to be sent. The account's former token for the same purpose is void from then on.
    ///
    /// # Errors
    /// When the hash is there already or the store fails. The token must not be sent then.
    fn issue_one_time(&self, record: OneTimeRecord) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The token of this hash, if it is live and for this purpose. It stays live.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find_one_time<'a>(
        &'a self,
        hash: &'a [u8; 32],
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>>;

    /// Use up the token of this hash, if it is live and for this purpose. Of any number of tasks and processes that try,
    /// exactly one gets it; it is durable before it is reported.
    ///
    /// # Errors
    /// When the store fails. The token may have been used up then, and entitles to nothing.
    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a [u8; 32],
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>>;

    /// Make the account's token for this purpose unusable; whether there was one.
    ///
    /// # Errors
    /// When the store fails.
    fn void_one_time<'a>(&'a self, account_id: &'a str, purpose: Purpose) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Remove up to `limit` tokens that expired at or before `now`, the oldest first; how many were removed.
    ///
    /// # Errors
    /// When the store fails.
    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// What is kept of a token that was sent by mail.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeRecord {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// What it is for; it is good for nothing else.
    pub purpose: Purpose,
    /// The account that it was made for.
    pub account_id: String,
    /// The address that it was sent to. The token is void once the account has another one.
    pub email: String,
    /// The first second in which it can no longer be used.
    pub expires_at: UnixTime,
}

// The hash finds a row, and the address is personal.
impl fmt::Debug for OneTimeRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTimeRecord")
            .field("purpose", &self.purpose)
            .field("account_id", &self.account_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What a one-time token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// To choose a new password.
    PasswordReset,
    /// To show that an e-mail address is the account's owner's.
    EmailVerification,
}

impl Purpose {
    /// The name under which stores keep it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::EmailVerification => "email_verification",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_neither_hash_nor_address() {
        let record = OneTimeRecord {
            hash: [0xab; 32],
            purpose: Purpose::PasswordReset,
            account_id: "id".to_owned(),
            email: "canary@example.org".to_owned(),
            expires_at: UnixTime::from_seconds(7),
        };
        let printed = format!("{record:?}");
        assert!(!printed.contains("canary") && !printed.contains("171"), "{printed}");
    }
}
