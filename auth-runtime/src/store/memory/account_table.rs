use core::ops::Bound;
use std::collections::{BTreeMap, HashMap};

use super::due::Due;
use crate::{
    clock::UnixTime,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountUpdate, CreateError, RetiredName, Standing,
        account_edit::{NameMoves, keys, opened},
        login_key,
    },
};

/// All accounts, and their names and addresses.
#[derive(Default)]
pub(super) struct AccountTable {
    by_id: BTreeMap<String, Account>,
    /// Maps the keys of user names and e-mail addresses to identifiers.
    ids: HashMap<String, String>,
    /// The user names that were given up, and the account that may take each of them back.
    retired: HashMap<RetiredName, Option<String>>,
    /// When pending accounts may be removed.
    pending_due: Due<String>,
}

impl AccountTable {
    pub(super) fn create(&mut self, account: Account) -> Result<Account, CreateError> {
        if self.by_id.contains_key(&account.id) {
            return Err(CreateError::IdTaken);
        }
        if self.is_taken(&login_key(&account.username), &account.id) {
            return Err(CreateError::UsernameTaken);
        }
        if self.is_taken(&login_key(&account.email), &account.id) {
            return Err(CreateError::EmailTaken);
        }
        self.ids.extend(keys(&account).into_iter().map(|key| (key, account.id.clone())));
        self.put(account.clone());
        Ok(account)
    }

    pub(super) fn find(&self, id: &str) -> Option<&Account> {
        self.by_id.get(id)
    }

    pub(super) fn find_by_key(&self, key: &str) -> Option<&Account> {
        self.ids.get(key).and_then(|id| self.by_id.get(id))
    }

    pub(super) fn list(&self, query: &AccountQuery) -> Vec<Account> {
        let after = query.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let accounts = self.by_id.range::<str, _>((after, Bound::Unbounded)).map(|(_, account)| account);
        let search = query.search.as_deref().map(login_key);
        let admitted = accounts.filter(|account| {
            search.as_ref().is_none_or(|search| keys(account).iter().any(|key| key.contains(search)))
                && query.active.is_none_or(|active| account.active == active)
                && query.superuser.is_none_or(|superuser| account.superuser == superuser)
                && query.pending.is_none_or(|pending| account.pending_until.is_some() == pending)
                && query.role.as_ref().is_none_or(|role| account.roles.contains(role))
        });
        admitted.take(query.limit.min(AccountQuery::MOST) as usize).cloned().collect()
    }

    /// Calls `change` with the account, if it exists. `change` returns whether it changed the account.
    pub(super) fn change(&mut self, id: &str, now: UnixTime, change: impl FnOnce(&mut Account) -> bool) -> bool {
        let Some(mut account) = self.by_id.get(id).cloned() else { return false };
        let changed = change(&mut account);
        if changed {
            account.updated_at = now;
            self.put(account);
        }
        changed
    }

    /// Makes a change that the last active superuser is refused.
    pub(super) fn withdraw(
        &mut self,
        id: &str,
        now: UnixTime,
        change: impl FnOnce(&mut Account) -> bool,
    ) -> AccountChange {
        if self.is_last_superuser(id) {
            return AccountChange::LastSuperuser;
        }
        if self.change(id, now, change) { AccountChange::Done } else { AccountChange::Unknown }
    }

    pub(super) fn open(
        &mut self,
        id: &str,
        opening: &AccountOpening,
        now: UnixTime,
        time: UnixTime,
    ) -> Result<Option<Account>, CreateError> {
        let Some(before) = self.by_id.get(id) else { return Ok(None) };
        let Some(after) = opened(before, opening, now, time) else { return Ok(None) };
        if self.replace(id, after.clone()) { Ok(Some(after)) } else { Err(CreateError::UsernameTaken) }
    }

    /// Makes a change only while these accounts stand so.
    pub(super) fn update_while(
        &mut self,
        id: &str,
        update: AccountUpdate<'_>,
        standings: &[Standing],
        time: UnixTime,
    ) -> Result<AccountChange, CreateError> {
        if !self.still_hold(standings) {
            return Ok(AccountChange::Overtaken);
        }
        if update.is_withdrawal() && self.is_last_superuser(id) {
            return Ok(AccountChange::LastSuperuser);
        }
        let Some(before) = self.by_id.get(id) else { return Ok(AccountChange::Unknown) };
        let Some(after) = update.of(before, time) else { return Ok(AccountChange::Overtaken) };
        if self.replace(id, after) { Ok(AccountChange::Done) } else { Err(update.taken()) }
    }

    /// Stores a new account only while these accounts stand so.
    pub(super) fn create_while(
        &mut self,
        account: Account,
        standings: &[Standing],
    ) -> Result<Option<Account>, CreateError> {
        if !self.still_hold(standings) {
            return Ok(None);
        }
        self.create(account).map(Some)
    }

    fn still_hold(&self, standings: &[Standing]) -> bool {
        standings.iter().all(|standing| standing.still_holds(self.by_id.get(&standing.id)))
    }

    /// Puts the account in place of the one with its identifier, and moves its names. Returns whether its names are
    /// free.
    fn replace(&mut self, id: &str, after: Account) -> bool {
        let Some(before) = self.by_id.get(id) else { return false };
        let moves = NameMoves::between(before, &after);
        if moves.taken.iter().any(|key| self.is_taken(key, id)) {
            return false;
        }
        for key in &moves.given_up {
            self.ids.remove(key);
        }
        self.ids.extend(moves.taken.into_iter().map(|key| (key, id.to_owned())));
        if let Some(name) = moves.retired {
            self.retired.entry(name).or_insert_with(|| Some(id.to_owned()));
        }
        self.put(after);
        true
    }

    pub(super) fn delete(&mut self, id: &str) -> AccountChange {
        if self.is_last_superuser(id) {
            return AccountChange::LastSuperuser;
        }
        let Some(account) = self.remove(id) else { return AccountChange::Unknown };
        // No account is left that may take a name back.
        self.retired.values_mut().filter(|owner| owner.as_deref() == Some(id)).for_each(|owner| *owner = None);
        self.retired.extend(RetiredName::of(&account).map(|name| (name, None)));
        AccountChange::Done
    }

    pub(super) fn remove_pending(&mut self, now: UnixTime, limit: u32) -> u64 {
        let due = self.pending_due.take(now, limit);
        due.iter().for_each(|id| drop(self.remove(id)));
        u64::try_from(due.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn cancel_pending(&mut self, id: &str) -> bool {
        let is_pending = self.by_id.get(id).is_some_and(|account| account.pending_until.is_some());
        is_pending && self.remove(id).is_some()
    }

    /// Returns whether another account than `id` has this key, or gave it up.
    fn is_taken(&self, key: &str, id: &str) -> bool {
        let retired = self.retired.get(&RetiredName::of_login(key));
        self.ids.get(key).is_some_and(|owner| owner != id) || retired.is_some_and(|owner| owner.as_deref() != Some(id))
    }

    fn is_last_superuser(&self, id: &str) -> bool {
        let mut superusers = self.by_id.values().filter(|account| account.active && account.superuser);
        superusers.next().is_some_and(|only| only.id == id) && superusers.next().is_none()
    }

    /// Stores the account in place of the one with its identifier, if there is one.
    fn put(&mut self, account: Account) {
        let (id, until) = (account.id.clone(), account.pending_until);
        let former = self.by_id.insert(id.clone(), account).and_then(|former| former.pending_until);
        if let Some(former) = former {
            self.pending_due.not_at(former, &id);
        }
        if let Some(until) = until {
            self.pending_due.at(until, id);
        }
    }

    fn remove(&mut self, id: &str) -> Option<Account> {
        let account = self.by_id.remove(id)?;
        for key in keys(&account) {
            self.ids.remove(&key);
        }
        if let Some(until) = account.pending_until {
            self.pending_due.not_at(until, &account.id);
        }
        Some(account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::NewAccount;

    #[test]
    fn removed_accounts_leave_nothing_but_retired_names() {
        let at = UnixTime::from_seconds;
        let mut table = AccountTable::default();
        for number in 0..4 {
            let mut new = NewAccount::new(number.to_string(), format!("{number}@example.org"), "hash".into());
            new.pending_until = (number != 0).then_some(at(9));
            table.create(Account::new(number.to_string(), new, at(1))).unwrap();
        }
        assert!(table.open("1", &AccountOpening::new(), at(8), at(8)).unwrap().is_some());
        assert_eq!(table.remove_pending(at(9), 1), 1);
        for id in ["0", "1", "2", "3"] {
            let _ = table.delete(id);
        }
        assert_eq!((table.by_id.len(), table.ids.len(), table.pending_due.len(), table.retired.len()), (0, 0, 0, 2));
    }
}
