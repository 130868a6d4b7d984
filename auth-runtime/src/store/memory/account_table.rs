use std::collections::HashMap;

use crate::{
    clock::UnixTime,
    store::{Account, CreateError, login_key},
};

/// All accounts, and their names and addresses.
#[derive(Default)]
pub(super) struct AccountTable {
    pub(super) by_id: HashMap<String, Account>,
    /// Maps the keys of user names and e-mail addresses to identifiers.
    pub(super) ids: HashMap<String, String>,
}

impl AccountTable {
    pub(super) fn create(&mut self, account: Account) -> Result<Account, CreateError> {
        let (username, email) = (login_key(&account.username), login_key(&account.email));
        if self.by_id.contains_key(&account.id) {
            return Err(CreateError::IdTaken);
        }
        if self.ids.contains_key(&username) {
            return Err(CreateError::UsernameTaken);
        }
        if self.ids.contains_key(&email) {
            return Err(CreateError::EmailTaken);
        }
        self.ids.insert(username, account.id.clone());
        self.ids.insert(email, account.id.clone());
        self.by_id.insert(account.id.clone(), account.clone());
        Ok(account)
    }

    /// Calls `change` with the account, if it exists. `change` returns whether it changed the account.
    pub(super) fn change(&mut self, id: &str, now: UnixTime, change: impl FnOnce(&mut Account) -> bool) -> bool {
        let Some(account) = self.by_id.get_mut(id) else { return false };
        let changed = change(account);
        if changed {
            account.updated_at = now;
        }
        changed
    }
}
