//! Changes of accounts that concern their names: the rules that all stores of this crate share. A store calls them
//! while no other change of the account can come between.

use super::{Account, AccountOpening, RetiredName, login_key};
use crate::clock::UnixTime;

/// Returns the pending account after it is opened, or `None` if it may not be opened at `now`. `time` is the time of
/// the change.
pub(super) fn opened(account: &Account, opening: &AccountOpening, now: UnixTime, time: UnixTime) -> Option<Account> {
    if account.pending_until.is_none_or(|until| now >= until) {
        return None;
    }
    if opening.email.as_ref().is_some_and(|email| *email != account.email) {
        return None;
    }
    let mut account = account.clone();
    account.updated_at = time;
    account.active = true;
    account.pending_until = None;
    if let Some(username) = &opening.username {
        account.username.clone_from(username);
    }
    if let Some(hash) = &opening.password_hash {
        account.password_hash = hash.clone();
    }
    account.email_verified_at = opening.email_verified_at.or(account.email_verified_at);
    Some(account)
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
