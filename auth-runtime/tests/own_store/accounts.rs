use auth_runtime::{
    secrecy::{ExposeSecret, SecretString},
    secret::SystemEntropy,
    store::{Account, AccountStore, CreateError, NewAccount, login_key, new_id},
};

use super::store::{Answer, OwnStore, at, refused};

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
            active: new.active,
            superuser: new.superuser,
            created_at: now,
            updated_at: now,
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
}

impl AccountStore for OwnStore {
    fn create(&self, new: NewAccount) -> Answer<'_, Account, CreateError> {
        Box::pin(async move {
            let fresh = new_id(&*self.clock, &SystemEntropy::new()).map_err(|_| refused("no randomness"))?;
            let row = AccountRow::new(new.id.clone().unwrap_or(fresh), &new, self.clock.unix().as_seconds());
            let mut tables = self.tables();
            let taken = |login: &str| tables.accounts.iter().any(|other| other.has_login(login));
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

    fn set_email_verified<'a>(
        &'a self,
        id: &'a str,
        email: &'a str,
        time: auth_runtime::clock::UnixTime,
    ) -> Answer<'a, bool> {
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

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> Answer<'a, bool> {
        Box::pin(async move {
            Ok(self.change_account(id, |row| {
                row.active = active;
                true
            }))
        })
    }
}
