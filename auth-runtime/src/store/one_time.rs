use core::{fmt, str::FromStr};

use super::{BoxFuture, ParseNameError};
use crate::{clock::UnixTime, error::StoreError, token::TokenHash};

/// A store of tokens sent by mail. Tokens are opaque, work once, and are kept only as hashes.
///
/// An account has at most one live token for each purpose.
pub trait OneTimeTokenStore: Send + Sync + 'static {
    /// Stores a token that is about to be sent, and makes the account's previous token for the same purpose void.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the hash is already stored or the store fails. The caller must not send the token
    /// then.
    fn issue_one_time(&self, record: OneTimeRecord) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Returns the token with this hash, if it is live and for this purpose. The token stays live.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>>;

    /// Uses up the token with this hash, if it is live and for this purpose, and returns it. Any number of tasks and
    /// processes may try at once: exactly one of them gets the token. The store makes the use durable before it
    /// returns.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. The token may have been used up, and the caller must not accept it.
    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>>;

    /// Makes the account's token for this purpose void. Returns whether there was one.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn void_one_time<'a>(&'a self, user_id: &'a str, purpose: Purpose) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Makes the account's tokens for all purposes void. Returns how many there were.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn void_all_one_time<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// Removes up to `limit` tokens that expired at or before `now`, the oldest first. Returns how many it removed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// The stored record of a token sent by mail.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OneTimeRecord {
    /// SHA-256 of the token.
    pub hash: TokenHash,
    /// The token's purpose. It is valid for no other.
    pub purpose: Purpose,
    /// The account that the token was issued for.
    pub user_id: String,
    /// The address that the token was sent to. The token is void once the account has another address. A token for
    /// [`Purpose::EmailChange`] has the new address here, which the account does not have yet.
    pub email: String,
    /// The first second in which the token can no longer be used.
    pub expires_at: UnixTime,
}

impl OneTimeRecord {
    /// Describes a token with this hash, which was sent to this address of an account.
    pub fn new(
        hash: TokenHash,
        purpose: Purpose,
        user_id: impl Into<String>,
        email: impl Into<String>,
        expires_at: UnixTime,
    ) -> Self {
        Self { hash, purpose, user_id: user_id.into(), email: email.into(), expires_at }
    }
}

// The hash finds a row, and the address is personal.
impl fmt::Debug for OneTimeRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTimeRecord")
            .field("purpose", &self.purpose)
            .field("user_id", &self.user_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The purpose of a one-time token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// Choosing a new password.
    PasswordReset,
    /// Proving that an e-mail address belongs to the account's owner.
    EmailVerification,
    /// Opening a pending account that was reserved for the owner of the address.
    Invitation,
    /// Proving that a new e-mail address belongs to the account's owner, before the account gets it.
    EmailChange,
    /// Signing in by a link. The application sends it, and finishes the sign-in.
    SignIn,
}

impl Purpose {
    pub(super) const ALL: [Self; 5] =
        [Self::PasswordReset, Self::EmailVerification, Self::Invitation, Self::EmailChange, Self::SignIn];

    /// Returns the name under which stores keep the purpose.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::EmailVerification => "email_verification",
            Self::Invitation => "invitation",
            Self::EmailChange => "email_change",
            Self::SignIn => "sign_in",
        }
    }
}

impl FromStr for Purpose {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name).ok_or(ParseNameError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.name().parse(), Ok(purpose));
        }
        assert_eq!("".parse::<Purpose>(), Err(ParseNameError));
    }

    #[test]
    fn debug_output_shows_neither_hash_nor_address() {
        let record = OneTimeRecord {
            hash: TokenHash::from_bytes([0xab; 32]),
            purpose: Purpose::PasswordReset,
            user_id: "id".to_owned(),
            email: "canary@example.org".to_owned(),
            expires_at: UnixTime::from_seconds(7),
        };
        let printed = format!("{record:?}");
        assert!(!printed.contains("canary") && !printed.contains("171"), "{printed}");
    }
}
