//! Changes of accounts that concern their names: the rules that all stores of this crate share. A store calls them
//! while no other change of the account can come between.

use super::{Account, AccountOpening, CreateError, RetiredName, login_key};
use crate::clock::UnixTime;

/// A change of an account by which it may get another name.
pub(super) enum AccountEdit<'a> {
    Open { opening: &'a AccountOpening, now: UnixTime },
    Username(&'a str),
    Email { old: &'a str, new: &'a str, verified_at: Option<UnixTime> },
}

impl AccountEdit<'_> {
    /// Returns the account after the change at this time, or `None` if the change does not fit the account.
    pub(super) fn of(&self, account: &Account, time: UnixTime) -> Option<Account> {
        let mut account = account.clone();
        let is_changed = match *self {
            Self::Open { opening, now } => open(&mut account, opening, now),
            Self::Username(username) => {
                username.clone_into(&mut account.username);
                true
            }
            Self::Email { old, new, verified_at } => replace_email(&mut account, old, new, verified_at),
        };
        account.updated_at = time;
        is_changed.then_some(account)
    }

    /// Returns the error for a new name that is taken.
    pub(super) const fn taken(&self) -> CreateError {
        match self {
            Self::Open { .. } | Self::Username(_) => CreateError::UsernameTaken,
            Self::Email { .. } => CreateError::EmailTaken,
        }
    }
}

fn open(account: &mut Account, opening: &AccountOpening, now: UnixTime) -> bool {
    if account.pending_until.is_none_or(|until| now >= until) {
        return false;
    }
    if opening.email.as_ref().is_some_and(|email| *email != account.email) {
        return false;
    }
    account.active = true;
    account.pending_until = None;
    if let Some(username) = &opening.username {
        account.username.clone_from(username);
    }
    if let Some(hash) = &opening.password_hash {
        account.password_hash = hash.clone();
    }
    account.email_verified_at = opening.email_verified_at.or(account.email_verified_at);
    true
}

/// The address is replaced only where it is still `old`, and a user name that is this address goes along.
fn replace_email(account: &mut Account, old: &str, new: &str, verified_at: Option<UnixTime>) -> bool {
    if account.email != old {
        return false;
    }
    if login_key(&account.username) == login_key(old) {
        new.clone_into(&mut account.username);
    }
    new.clone_into(&mut account.email);
    account.email_verified_at = verified_at;
    true
}

/// What a change of an account does to the keys of its names.
pub(super) struct NameMoves {
    /// The keys that no longer sign in to the account.
    pub(super) given_up: Vec<String>,
    /// The keys that did not sign in to the account before.
    pub(super) taken: Vec<String>,
    /// The key among those given up that no other account may take.
    pub(super) retired: Option<RetiredName>,
}

impl NameMoves {
    pub(super) fn between(before: &Account, after: &Account) -> Self {
        let (old, new) = (keys(before), keys(after));
        Self {
            retired: RetiredName::of(before).filter(|_| !new.contains(&login_key(&before.username))),
            given_up: old.iter().filter(|key| !new.contains(*key)).cloned().collect(),
            taken: new.into_iter().filter(|key| !old.contains(key)).collect(),
        }
    }
}

/// Returns the keys under which an account signs in, each once: that of the user name first.
pub(super) fn keys(account: &Account) -> Vec<String> {
    let mut keys = vec![login_key(&account.username), login_key(&account.email)];
    keys.dedup();
    keys
}
