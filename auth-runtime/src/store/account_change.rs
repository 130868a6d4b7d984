use core::fmt;

use secrecy::SecretString;

use crate::clock::UnixTime;

/// The conditions of [`AccountStore::open`](super::AccountStore::open), and the columns that it sets beside `active`. A
/// field that is `None` demands nothing, or stays as it is.
///
/// ```
/// use auth_runtime::store::AccountOpening;
///
/// let mut opening = AccountOpening::new();
/// opening.username = Some("alice".to_owned());
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct AccountOpening {
    /// The e-mail address that the account must still have. With another address it is not opened.
    pub email: Option<String>,
    /// The user name. The caller checks it, as before [`AccountStore::create`](super::AccountStore::create).
    pub username: Option<String>,
    /// The password hash: a PHC string, or a hash of another system that the engine's passwords can read.
    pub password_hash: Option<SecretString>,
    /// When the owner of the account proved that the e-mail address is theirs.
    pub email_verified_at: Option<UnixTime>,
}

impl AccountOpening {
    /// Describes an opening that sets no other field.
    pub fn new() -> Self {
        Self::default()
    }
}

// Neither the name nor the hash belongs in a log line.
impl fmt::Debug for AccountOpening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountOpening").field("email_verified_at", &self.email_verified_at).finish_non_exhaustive()
    }
}

/// The outcome of a change that the state of an account may forbid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum AccountChange {
    /// The account is as the caller wants it, also if it was so before.
    Done,
    /// The account does not exist.
    Unknown,
    /// The account is the last active superuser, and nothing has changed.
    LastSuperuser,
    /// An account is no longer what the change was decided on, and nothing has changed.
    Overtaken,
}
