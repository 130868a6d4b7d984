use core::time::Duration;
use std::sync::Arc;

use auth_runtime::{
    Auth,
    auth::AuthBuilder,
    clock::Clock,
    secret::SystemEntropy,
    store::{
        Account, AccountStore, Accounts, ApiKeyRecord, ApiKeyStore, FirstCredential, MemoryStore, NewAccount,
        SessionKind, SessionRecord, SessionStore,
    },
    testing::{ManualClock, TestAuth},
    token::{ApiKeyFormat, KeyEnvironment, SessionSecret},
};

use super::spy::Spy;

/// Alice, signed in with a browser.
pub(crate) struct SignedIn {
    pub(crate) auth: Auth,
    pub(crate) clock: ManualClock,
    pub(crate) accounts: Accounts,
    pub(crate) spy: Spy,
    pub(crate) alice: Account,
    secret: SessionSecret,
}

pub(crate) const SESSION: &str = "alices-session";

impl SignedIn {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    /// Signs Alice in. An unused session lasts an hour, and a used one lasts a day.
    pub(crate) async fn with(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        let clock = ManualClock::at(1_800_000_000);
        let store = Arc::new(MemoryStore::new(Arc::new(clock.clone()), Arc::new(SystemEntropy::new())));
        let spy = Spy::new(Arc::clone(&store));
        let accounts = Accounts::new((*store).clone()).with_sessions(spy.clone()).with_api_keys(spy.clone());
        let TestAuth { auth, clock, .. } = TestAuth::with_clock(clock, |builder| {
            change(
                builder
                    .accounts(&accounts)
                    .refresh_token_lifetime(Duration::from_secs(3_600))
                    .session_lifetime(Duration::from_secs(86_400)),
            )
        });
        let mut new = NewAccount::new("alice", "alice@example.org", "no hash".to_owned().into());
        new.roles = vec!["editor".to_owned()];
        new.scopes = vec!["posts:read".to_owned(), "posts:write".to_owned()];
        let alice = store.create(new).await.unwrap();
        let secret = SessionSecret::mint(&SystemEntropy::new()).unwrap();
        let record = record(&alice, &clock);
        spy.begin(record, FirstCredential::cookie(secret.hash())).await.unwrap();
        spy.calls();
        Self { auth, clock, accounts, spy, alice, secret }
    }

    /// Returns the value of the `Cookie` field.
    pub(crate) fn cookie(&self) -> String {
        format!("__Host-session={}", self.secret.expose())
    }

    /// Returns the cookie of another session, which differs from Alice's only by `change`.
    pub(crate) async fn another(&self, change: impl FnOnce(&mut SessionRecord)) -> String {
        let secret = SessionSecret::mint(&SystemEntropy::new()).unwrap();
        let mut another = record(&self.alice, &self.clock);
        another.id = secret.expose()[..8].to_owned();
        change(&mut another);
        self.spy.begin(another, FirstCredential::cookie(secret.hash())).await.unwrap();
        format!("__Host-session={}", secret.expose())
    }

    /// Returns an API key of Alice's with all her scopes.
    pub(crate) async fn api_key(&self) -> String {
        let key = ApiKeyFormat::new("ak", KeyEnvironment::Test).unwrap().mint(&SystemEntropy::new()).unwrap();
        let mut record = ApiKeyRecord::new("alices-key", &self.alice.id, key.hash(), self.clock.unix(), None);
        record.display = key.display().to_owned();
        record.scopes = self.alice.scopes.clone();
        self.spy.create_key(record, 10).await.unwrap();
        key.expose().to_owned()
    }
}

fn record(alice: &Account, clock: &ManualClock) -> SessionRecord {
    let now = clock.unix();
    let mut record = SessionRecord::new(SESSION, &alice.id, "first-party", SessionKind::Cookie, now);
    record.idle_expires_at = now.plus_seconds(3_600);
    record.absolute_expires_at = now.plus_seconds(86_400);
    record
}
