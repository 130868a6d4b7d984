use secrecy::SecretString;

use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    secret::is_same_text,
    store::{Account, AccountStore, BoxFuture, CreateError, NewAccount, login_key, new_id},
};

impl AccountStore for MemoryStore {
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>> {
        Box::pin(async move {
            let id = match &new.id {
                Some(id) => id.clone(),
                None => new_id(&*self.clock, &*self.entropy).map_err(|error| StoreError::new("memory", error))?,
            };
            self.accounts().create(Account::new(id, new, self.clock.unix()))
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(async move { Ok(self.accounts().by_id.get(id).cloned()) })
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(async move {
            let key = login_key(login);
            let table = self.accounts();
            Ok(table.ids.get(&key).and_then(|id| table.by_id.get(id)).cloned())
        })
    }

    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let now = self.clock.unix();
            Ok(self.accounts().change(id, now, |account| {
                let unchanged = is_same_text(&account.password_hash, old);
                if unchanged {
                    account.password_hash = new.clone();
                }
                unchanged
            }))
        })
    }

    fn set_email_verified<'a>(
        &'a self,
        id: &'a str,
        email: &'a str,
        at: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let now = self.clock.unix();
            Ok(self.accounts().change(id, now, |account| {
                let unchanged = account.email == email;
                if unchanged {
                    account.email_verified_at = Some(at);
                }
                unchanged
            }))
        })
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.set(id, |account| account.roles = roles.to_vec())) })
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.set(id, |account| account.scopes = scopes.to_vec())) })
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.set(id, |account| account.active = active)) })
    }
}

impl MemoryStore {
    fn set(&self, id: &str, change: impl FnOnce(&mut Account)) -> bool {
        let now = self.clock.unix();
        self.accounts().change(id, now, |account| {
            change(account);
            true
        })
    }
}
