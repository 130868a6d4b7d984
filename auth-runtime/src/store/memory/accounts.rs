use secrecy::SecretString;

use super::MemoryStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    secret::is_same_text,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountStore, AccountUpdate, BoxFuture, CreateError,
        NewAccount, Standing, fresh::fresh, login_key,
    },
};

impl AccountStore for MemoryStore {
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>> {
        Box::pin(async move {
            let account = fresh(new, "memory", &*self.clock, &*self.entropy)?;
            self.accounts().create(account)
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(async move { Ok(self.accounts().find(id).cloned()) })
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(async move { Ok(self.accounts().find_by_key(&login_key(login)).cloned()) })
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

    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        Box::pin(async move { self.accounts().open(id, &opening, now, self.clock.unix()) })
    }

    fn remove_pending(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.accounts().remove_pending(now, limit)) })
    }

    fn cancel_pending<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.accounts().cancel_pending(id)) })
    }

    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> BoxFuture<'a, Result<Vec<Account>, StoreError>> {
        Box::pin(async move { Ok(self.accounts().list(query)) })
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        Box::pin(async move {
            let set = |account: &mut Account| {
                account.active = active;
                account.pending_until = account.pending_until.filter(|_| !active);
            };
            Ok(self.grant_or_withdraw(id, active, set))
        })
    }

    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        Box::pin(async move { Ok(self.grant_or_withdraw(id, superuser, |account| account.superuser = superuser)) })
    }

    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> BoxFuture<'a, Result<bool, CreateError>> {
        Box::pin(async move { self.update(id, AccountUpdate::Username(username)) })
    }

    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> BoxFuture<'a, Result<bool, CreateError>> {
        Box::pin(async move { self.update(id, AccountUpdate::Email { old, new, verified_at }) })
    }

    fn update_while<'a>(
        &'a self,
        id: &'a str,
        update: AccountUpdate<'a>,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<AccountChange, CreateError>> {
        Box::pin(async move {
            let now = self.clock.unix();
            self.accounts().update_while(id, update, standings, now)
        })
    }

    fn create_while<'a>(
        &'a self,
        new: NewAccount,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        Box::pin(async move {
            let account = fresh(new, "memory", &*self.clock, &*self.entropy)?;
            self.accounts().create_while(account, standings)
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        Box::pin(async move { Ok(self.accounts().delete(id)) })
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

    /// Sets what the last active superuser keeps, unless it is granted.
    fn grant_or_withdraw(&self, id: &str, is_granted: bool, change: impl FnOnce(&mut Account)) -> AccountChange {
        let now = self.clock.unix();
        let change = |account: &mut Account| {
            change(account);
            true
        };
        let mut accounts = self.accounts();
        if !is_granted {
            return accounts.withdraw(id, now, change);
        }
        if accounts.change(id, now, change) { AccountChange::Done } else { AccountChange::Unknown }
    }

    /// Makes a change whatever other accounts may do, and returns whether it did.
    fn update(&self, id: &str, update: AccountUpdate<'_>) -> Result<bool, CreateError> {
        let now = self.clock.unix();
        Ok(self.accounts().update_while(id, update, &[], now)? == AccountChange::Done)
    }
}
