use auth_runtime::{
    clock::UnixTime,
    secrecy::{ExposeSecret, SecretString},
    secret::SystemEntropy,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountStore, AccountUpdate, CreateError, NewAccount,
        Standing, login_key, new_id,
    },
};

use super::store::{Answer, OwnStore, Tables, at, refused, remove};

#[derive(Clone)]
pub(super) struct AccountRow {
    id: String,
    /// The login keys of the user name and of the address.
    logins: [String; 2],
    username: String,
    email: String,
    email_verified_at: Option<i64>,
    password_hash: String,
    roles: Vec<String>,
    scopes: Vec<String>,
    active: bool,
    superuser: bool,
    pending_until: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl AccountRow {
    fn new(id: String, new: &NewAccount, now: i64) -> Self {
        Self {
            id,
            logins: [login_key(&new.username), login_key(&new.email)],
            username: new.username.clone(),
            email: new.email.clone(),
            email_verified_at: new.email_verified_at.map(|time| time.as_seconds()),
            password_hash: new.password_hash.expose_secret().to_owned(),
            roles: new.roles.clone(),
            scopes: new.scopes.clone(),
            active: new.active && new.pending_until.is_none(),
            superuser: new.superuser,
            pending_until: new.pending_until.map(UnixTime::as_seconds),
            created_at: now,
            updated_at: now,
        }
    }

    fn rename(&mut self, username: String) {
        self.logins[0] = login_key(&username);
        self.username = username;
    }

    /// Returns the row as a record, whatever the test loses.
    fn account(&self) -> Account {
        let new = NewAccount::new(&*self.username, &*self.email, self.password_hash.clone().into());
        let mut account = Account::new(self.id.clone(), new, at(self.created_at));
        account.email_verified_at = self.email_verified_at.map(at);
        (account.roles, account.scopes) = (self.roles.clone(), self.scopes.clone());
        (account.active, account.superuser) = (self.active, self.superuser);
        account.pending_until = self.pending_until.map(at);
        account
    }

    /// Returns the row with the fields of the changed record.
    fn replaced_by(&self, account: &Account) -> Self {
        Self {
            id: self.id.clone(),
            logins: [login_key(&account.username), login_key(&account.email)],
            username: account.username.clone(),
            email: account.email.clone(),
            email_verified_at: account.email_verified_at.map(UnixTime::as_seconds),
            password_hash: account.password_hash.expose_secret().to_owned(),
            roles: account.roles.clone(),
            scopes: account.scopes.clone(),
            active: account.active,
            superuser: account.superuser,
            pending_until: account.pending_until.map(UnixTime::as_seconds),
            created_at: self.created_at,
            updated_at: account.updated_at.as_seconds(),
        }
    }

    fn has_login(&self, key: &str) -> bool {
        self.logins.iter().any(|login| login == key)
    }
}

impl OwnStore {
    fn account(&self, row: &AccountRow) -> Account {
        let members = &self.members;
        let hash = members.keep("Account::password_hash", row.password_hash.clone(), String::new());
        let username = members.keep("Account::username", row.username.clone(), String::new());
        let email = members.keep("Account::email", row.email.clone(), String::new());
        let id = members.keep("Account::id", row.id.clone(), String::new());
        let created_at = members.keep("Account::created_at", row.created_at, 0);
        let mut account = Account::new(id, NewAccount::new(username, email, hash.into()), at(created_at));
        let verified = row.email_verified_at.map(at);
        members.set("Account::email_verified_at", &mut account.email_verified_at, verified);
        members.set("Account::roles", &mut account.roles, row.roles.clone());
        members.set("Account::scopes", &mut account.scopes, row.scopes.clone());
        members.set("Account::active", &mut account.active, row.active);
        members.set("Account::superuser", &mut account.superuser, row.superuser);
        members.set("Account::pending_until", &mut account.pending_until, row.pending_until.map(at));
        members.set("Account::updated_at", &mut account.updated_at, at(row.updated_at));
        account
    }

    fn find_account(&self, matches: impl Fn(&AccountRow) -> bool) -> Option<Account> {
        self.tables().accounts.iter().find(|row| matches(row)).map(|row| self.account(row))
    }

    /// Changes the account with this identifier, and returns whether `change` did.
    fn change_account(&self, id: &str, change: impl FnOnce(&mut AccountRow) -> bool) -> bool {
        let now = self.clock.unix().as_seconds();
        let mut tables = self.tables();
        let Some(row) = tables.accounts.iter_mut().find(|row| row.id == id) else { return false };
        let changed = change(row);
        if changed {
            row.updated_at = now;
        }
        changed
    }

    /// Sets what the last active superuser keeps, unless it is granted.
    fn set_unless_last(&self, id: &str, is_granted: bool, set: impl FnOnce(&mut AccountRow)) -> AccountChange {
        let mut tables = self.tables();
        if !is_granted && tables.is_last_superuser(id) {
            return AccountChange::LastSuperuser;
        }
        let Some(row) = tables.accounts.iter_mut().find(|row| row.id == id) else { return AccountChange::Unknown };
        set(row);
        row.updated_at = self.clock.unix().as_seconds();
        AccountChange::Done
    }

    /// Makes a change by which the account may get another name. Returns whether it fits the account.
    fn edit(
        &self,
        id: &str,
        taken: CreateError,
        change: impl FnOnce(&mut AccountRow) -> bool,
    ) -> Result<bool, CreateError> {
        let mut tables = self.tables();
        let Some(place) = tables.accounts.iter().position(|row| row.id == id) else { return Ok(false) };
        let before = tables.accounts[place].clone();
        let mut after = before.clone();
        if !change(&mut after) {
            return Ok(false);
        }
        after.updated_at = self.clock.unix().as_seconds();
        if tables.replace(place, after) { Ok(true) } else { Err(taken) }
    }

    fn insert(&self, tables: &mut Tables, row: AccountRow) -> Result<Account, CreateError> {
        let taken = |login: &str| tables.is_login_taken(login, &row.id);
        if tables.accounts.iter().any(|other| other.id == row.id) {
            return Err(CreateError::IdTaken);
        }
        let [username, email] = &row.logins;
        if taken(username) {
            return Err(CreateError::UsernameTaken);
        }
        if taken(email) {
            return Err(CreateError::EmailTaken);
        }
        let account = self.account(&row);
        tables.accounts.push(row);
        Ok(account)
    }

    /// Compares each part of a standing on its own, and loses the member that the test names.
    fn still_hold(&self, tables: &Tables, standings: &[Standing]) -> bool {
        let members = &self.members;
        standings.iter().all(|standing| {
            let id = members.keep("Standing::id", &*standing.id, "");
            let Some(row) = tables.accounts.iter().find(|row| row.id == id) else { return false };
            let now = Standing::of(&row.account());
            members.keep("Standing::active", standing.active, now.active) == now.active
                && members.keep("Standing::superuser", standing.superuser, now.superuser) == now.superuser
                && members.keep("Standing::pending", standing.pending, now.pending) == now.pending
                && *members.keep("Standing::roles", &standing.roles, &now.roles) == now.roles
                && *members.keep("Standing::scopes", &standing.scopes, &now.scopes) == now.scopes
        })
    }
}

impl AccountStore for OwnStore {
    fn create(&self, new: NewAccount) -> Answer<'_, Account, CreateError> {
        Box::pin(async move {
            let fresh = new_id(&*self.clock, &SystemEntropy::new()).map_err(|_| refused("no randomness"))?;
            let row = AccountRow::new(new.id.clone().unwrap_or(fresh), &new, self.clock.unix().as_seconds());
            self.insert(&mut self.tables(), row)
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<Account>> {
        Box::pin(async move { Ok(self.find_account(|row| row.id == id)) })
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> Answer<'a, Option<Account>> {
        let key = login_key(login);
        Box::pin(async move { Ok(self.find_account(|row| row.has_login(&key))) })
    }

    fn set_password_hash<'a>(&'a self, id: &'a str, old: &'a SecretString, new: &'a SecretString) -> Answer<'a, bool> {
        Box::pin(async move {
            Ok(self.change_account(id, |row| {
                let is_old = row.password_hash == old.expose_secret();
                if is_old {
                    new.expose_secret().clone_into(&mut row.password_hash);
                }
                is_old
            }))
        })
    }

    fn set_email_verified<'a>(&'a self, id: &'a str, email: &'a str, time: UnixTime) -> Answer<'a, bool> {
        Box::pin(async move {
            Ok(self.change_account(id, |row| {
                let is_same = row.email == email;
                if is_same {
                    row.email_verified_at = Some(time.as_seconds());
                }
                is_same
            }))
        })
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> Answer<'a, bool> {
        Box::pin(async move {
            Ok(self.change_account(id, |row| {
                row.roles = roles.to_vec();
                true
            }))
        })
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> Answer<'a, bool> {
        Box::pin(async move {
            Ok(self.change_account(id, |row| {
                row.scopes = scopes.to_vec();
                true
            }))
        })
    }

    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> Answer<'a, Option<Account>, CreateError> {
        Box::pin(async move {
            let members = &self.members;
            let is_open = self.edit(id, CreateError::UsernameTaken, |row| {
                let email = members.keep("AccountOpening::email", opening.email.clone(), None);
                let is_openable = row.pending_until.is_some_and(|until| now.as_seconds() < until)
                    && email.is_none_or(|email| email == row.email);
                if is_openable {
                    row.pending_until = None;
                    row.active = true;
                    let given = members.keep("AccountOpening::username", opening.username.clone(), None);
                    row.rename(given.unwrap_or(row.username.clone()));
                    let given = members.keep("AccountOpening::password_hash", opening.password_hash.clone(), None);
                    row.password_hash = given.map_or(row.password_hash.clone(), |hash| hash.expose_secret().to_owned());
                    let given = members.keep("AccountOpening::email_verified_at", opening.email_verified_at, None);
                    row.email_verified_at = given.map(UnixTime::as_seconds).or(row.email_verified_at);
                }
                is_openable
            })?;
            Ok(if is_open { self.find_account(|row| row.id == id) } else { None })
        })
    }

    fn remove_pending(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        Box::pin(async move {
            let is_due = |row: &AccountRow| row.pending_until.is_some_and(|until| until <= now.as_seconds());
            let removed = remove(&mut self.tables().accounts, limit, is_due, |row| row.pending_until);
            Ok(removed.len() as u64)
        })
    }

    fn cancel_pending<'a>(&'a self, id: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let is_it = |row: &AccountRow| row.id == id && row.pending_until.is_some();
            Ok(!remove(&mut self.tables().accounts, u32::MAX, is_it, |row| row.pending_until).is_empty())
        })
    }

    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> Answer<'a, Vec<Account>> {
        Box::pin(async move {
            let (tables, members) = (self.tables(), &self.members);
            let search = members.keep("AccountQuery::search", query.search.as_deref(), None).map(login_key);
            let after = members.keep("AccountQuery::after", query.after.as_deref(), None);
            let active = members.keep("AccountQuery::active", query.active, None);
            let superuser = members.keep("AccountQuery::superuser", query.superuser, None);
            let pending = members.keep("AccountQuery::pending", query.pending, None);
            let role = members.keep("AccountQuery::role", query.role.as_ref(), None);
            let limit = members.keep("AccountQuery::limit", query.limit.min(AccountQuery::MOST), u32::MAX);
            let mut rows: Vec<_> = tables.accounts.iter().collect();
            rows.retain(|row| {
                after.is_none_or(|after| row.id.as_str() > after)
                    && search.as_ref().is_none_or(|search| row.logins.iter().any(|login| login.contains(search)))
                    && active.is_none_or(|active| row.active == active)
                    && superuser.is_none_or(|superuser| row.superuser == superuser)
                    && pending.is_none_or(|pending| row.pending_until.is_some() == pending)
                    && role.is_none_or(|role| row.roles.contains(role))
            });
            rows.sort_by(|one, other| one.id.cmp(&other.id));
            Ok(rows.into_iter().take(limit as usize).map(|row| self.account(row)).collect())
        })
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> Answer<'a, AccountChange> {
        Box::pin(async move {
            Ok(self.set_unless_last(id, active, |row| {
                row.active = active;
                row.pending_until = row.pending_until.filter(|_| !active);
            }))
        })
    }

    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> Answer<'a, AccountChange> {
        Box::pin(async move { Ok(self.set_unless_last(id, superuser, |row| row.superuser = superuser)) })
    }

    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> Answer<'a, bool, CreateError> {
        Box::pin(async move {
            self.edit(id, CreateError::UsernameTaken, |row| {
                row.rename(username.to_owned());
                true
            })
        })
    }

    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> Answer<'a, bool, CreateError> {
        Box::pin(async move {
            self.edit(id, CreateError::EmailTaken, |row| {
                let is_old = row.email == old;
                if is_old {
                    if row.logins[0] == row.logins[1] {
                        row.rename(new.to_owned());
                    }
                    new.clone_into(&mut row.email);
                    row.logins[1] = login_key(new);
                    row.email_verified_at = verified_at.map(UnixTime::as_seconds);
                }
                is_old
            })
        })
    }

    fn update_while<'a>(
        &'a self,
        id: &'a str,
        update: AccountUpdate<'a>,
        standings: &'a [Standing],
    ) -> Answer<'a, AccountChange, CreateError> {
        Box::pin(async move {
            let mut tables = self.tables();
            if !self.still_hold(&tables, standings) {
                return Ok(AccountChange::Overtaken);
            }
            let Some(place) = tables.accounts.iter().position(|row| row.id == id) else {
                return Ok(AccountChange::Unknown);
            };
            if update.is_withdrawal() && tables.is_last_superuser(id) {
                return Ok(AccountChange::LastSuperuser);
            }
            let before = tables.accounts[place].clone();
            let Some(after) = update.of(&before.account(), self.clock.unix()) else {
                return Ok(AccountChange::Overtaken);
            };
            let after = before.replaced_by(&after);
            if tables.replace(place, after) { Ok(AccountChange::Done) } else { Err(update.taken()) }
        })
    }

    fn create_while<'a>(
        &'a self,
        new: NewAccount,
        standings: &'a [Standing],
    ) -> Answer<'a, Option<Account>, CreateError> {
        Box::pin(async move {
            let fresh = new_id(&*self.clock, &SystemEntropy::new()).map_err(|_| refused("no randomness"))?;
            let row = AccountRow::new(new.id.clone().unwrap_or(fresh), &new, self.clock.unix().as_seconds());
            let mut tables = self.tables();
            if !self.still_hold(&tables, standings) {
                return Ok(None);
            }
            self.insert(&mut tables, row).map(Some)
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Answer<'a, AccountChange> {
        Box::pin(async move {
            let mut tables = self.tables();
            if tables.is_last_superuser(id) {
                return Ok(AccountChange::LastSuperuser);
            }
            let removed = remove(&mut tables.accounts, 1, |row| row.id == id, |_| ());
            let Some(row) = removed.first() else { return Ok(AccountChange::Unknown) };
            tables
                .retired
                .iter_mut()
                .filter(|(_, owner)| owner.as_deref() == Some(id))
                .for_each(|(_, owner)| *owner = None);
            if row.pending_until.is_none() && row.logins[0] != row.logins[1] {
                tables.retired.push((row.logins[0].clone(), None));
            }
            Ok(AccountChange::Done)
        })
    }
}

impl Tables {
    /// Puts the row at this place, and retires the name that it gives up. Returns whether its names are free.
    fn replace(&mut self, place: usize, after: AccountRow) -> bool {
        let before = self.accounts[place].clone();
        if after.logins.iter().any(|key| !before.has_login(key) && self.is_login_taken(key, &before.id)) {
            return false;
        }
        let [username, email] = &before.logins;
        if before.pending_until.is_none() && username != email && !after.has_login(username) {
            self.retired.push((username.clone(), Some(before.id.clone())));
        }
        self.accounts[place] = after;
        true
    }

    /// Returns whether another account has this key, or gave it up.
    fn is_login_taken(&self, key: &str, id: &str) -> bool {
        self.accounts.iter().any(|row| row.id != id && row.has_login(key))
            || self.retired.iter().any(|(retired, owner)| retired == key && owner.as_deref() != Some(id))
    }

    fn is_last_superuser(&self, id: &str) -> bool {
        let mut superusers = self.accounts.iter().filter(|row| row.active && row.superuser);
        superusers.next().is_some_and(|only| only.id == id) && superusers.next().is_none()
    }
}
