use crate::{
    auth::Auth,
    clock::{UnixTime, seconds},
    store::{
        Account, Accounts, ApiKeyRecord, CreateError, FirstCredential, NewAccount, SessionKind, SessionRecord, new_id,
    },
    token::SessionSecret,
};

use super::{
    TestIdentity,
    identity::{DAY, Flaw},
};

/// Credentials that are records of the engine's own stores.
impl TestIdentity {
    /// Signs the caller in, and returns the value of the `Cookie` header, as in
    /// `.header("cookie", alice.cookie(&auth).await)`.
    ///
    /// The session and its account are in the stores of the engine, as after a sign-in: build it by
    /// [`TestAuth::with_accounts`](super::TestAuth::with_accounts), or with accounts of your own. The account has the
    /// caller's subject as its identifier and its user name. It gets exactly the caller's roles and scopes, also if it
    /// was there before.
    ///
    /// A request that changes something needs `Sec-Fetch-Site: same-origin`, too, as browsers send it from your own
    /// pages.
    ///
    /// # Panics
    /// Panics when the engine has no accounts, when a store fails, and for a wrong issuer or audience, which a cookie
    /// does not have.
    pub async fn cookie(&self, auth: &Auth) -> String {
        self.assert_no_flaw_of_tokens("a session's cookie");
        let (accounts, now) = (accounts(auth), auth.clock().unix());
        let secret = secret(SessionSecret::mint(auth.entropy()));
        let account = self.account(accounts).await;
        if self.flaw != Flaw::Forged {
            let session = self.session(auth, &account, now);
            let credential = FirstCredential::cookie(secret.hash());
            stored(accounts.sessions().begin(session, credential).await);
        }
        format!("{}={}", auth.session_cookie().name(), secret.expose())
    }

    /// Creates an API key of the caller, and returns it: `.header("x-api-key", alice.api_key(&auth).await)`, or behind
    /// `Bearer` in `Authorization`.
    ///
    /// The key and its account are in the stores of the engine, as for [`cookie`](Self::cookie). The key has the
    /// caller's scopes. A caller with an API key has no roles, even if the account has some.
    ///
    /// # Panics
    /// Panics when the engine has no accounts, when a store fails, and for a wrong issuer or audience, which a key does
    /// not have.
    pub async fn api_key(&self, auth: &Auth) -> String {
        self.assert_no_flaw_of_tokens("an API key");
        let (accounts, now, rules) = (accounts(auth), auth.clock().unix(), auth.api_keys());
        let key = secret(rules.format.mint(auth.entropy()));
        let account = self.account(accounts).await;
        if self.flaw != Flaw::Forged {
            let days = i64::from(rules.default_days);
            let end = if self.flaw == Flaw::Expired { now } else { now.plus_seconds(days.saturating_mul(DAY)) };
            let id = secret(new_id(auth.clock(), auth.entropy()));
            let mut record = ApiKeyRecord::new(id, account.id, key.hash(), now, Some(end));
            record.name = "test".to_owned();
            record.display = key.display().to_owned();
            record.scopes.clone_from(&self.scopes);
            stored(accounts.api_keys().create_key(record, rules.most_per_user).await);
        }
        key.expose().to_owned()
    }

    fn session(&self, auth: &Auth, account: &Account, now: UnixTime) -> SessionRecord {
        let (lifetimes, id) = (auth.lifetimes(), secret(new_id(auth.clock(), auth.entropy())));
        let mut session = SessionRecord::new(id, &account.id, "test", SessionKind::Cookie, now);
        session.auth_time = now.plus_seconds(seconds(self.signed_in_ago).saturating_neg());
        if self.flaw != Flaw::Expired {
            session.absolute_expires_at = now.plus_seconds(lifetimes.absolute);
            session.idle_expires_at = lifetimes.idle_end(now, session.absolute_expires_at);
        }
        session
    }

    /// Returns the caller's account, with the caller's roles and scopes. Creates it if it is missing.
    async fn account(&self, accounts: &Accounts) -> Account {
        let accounts = accounts.accounts();
        if let Some(mut account) = stored(accounts.find(&self.subject).await) {
            stored(accounts.set_roles(&account.id, &self.roles).await);
            stored(accounts.set_scopes(&account.id, &self.scopes).await);
            account.roles.clone_from(&self.roles);
            account.scopes.clone_from(&self.scopes);
            return account;
        }
        let address = format!("{}@test.invalid", self.subject);
        let mut new = NewAccount::new(&self.subject, address, String::new().into());
        new.id = Some(self.subject.clone());
        new.roles.clone_from(&self.roles);
        new.scopes.clone_from(&self.scopes);
        match accounts.create(new).await {
            Ok(account) => account,
            Err(CreateError::Store(error)) => panic!("the account cannot be created: {error}"),
            Err(taken) => panic!("another account has the user name `{}` already: {taken}", self.subject),
        }
    }

    fn assert_no_flaw_of_tokens(&self, credential: &str) {
        let is_of_tokens = matches!(self.flaw, Flaw::WrongIssuer | Flaw::WrongAudience);
        assert!(!is_of_tokens, "{credential} has no issuer and no audience: test them with `.bearer(&auth)`");
    }
}

fn accounts(auth: &Auth) -> &Accounts {
    let missing = "the engine has no accounts: build it with `TestAuth::with_accounts()`, or call `.accounts(…)`";
    auth.accounts().unwrap_or_else(|| panic!("{missing}"))
}

fn secret<T, E: core::fmt::Display>(minted: Result<T, E>) -> T {
    minted.unwrap_or_else(|error| panic!("there is no randomness: {error}"))
}

fn stored<T, E: core::fmt::Display>(answer: Result<T, E>) -> T {
    answer.unwrap_or_else(|error| panic!("a store of the engine fails: {error}"))
}
