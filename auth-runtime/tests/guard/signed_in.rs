use core::time::Duration;
use std::sync::Arc;

use auth_runtime::{
    Auth,
    auth::AuthBuilder,
    clock::Clock,
    secret::SystemEntropy,
    store::{
        Account, AccountStore, Accounts, ApiKeyRecord, ApiKeyStore, ClientLabel, FirstCredential, MemoryStore,
        NewAccount, SessionKind, SessionRecord, SessionStore, Stores,
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
        let accounts = Accounts::from(Stores {
            accounts: Arc::clone(&store) as _,
            sessions: Arc::new(spy.clone()),
            attempts: Arc::clone(&store) as _,
            one_time_tokens: Arc::clone(&store) as _,
            api_keys: Arc::new(spy.clone()),
        });
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
        spy.begin(record, FirstCredential::Cookie { hash: secret.hash().0 }).await.unwrap();
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
        self.spy.begin(another, FirstCredential::Cookie { hash: secret.hash().0 }).await.unwrap();
        format!("__Host-session={}", secret.expose())
    }

    /// Returns an API key of Alice's with all her scopes.
    pub(crate) async fn api_key(&self) -> String {
        let key = ApiKeyFormat::new("ak", KeyEnvironment::Test).unwrap().mint(&SystemEntropy::new()).unwrap();
        let record = ApiKeyRecord {
            id: "alices-key".to_owned(),
            user_id: self.alice.id.clone(),
            name: String::new(),
            hash: key.hash().0,
            display: key.display().to_owned(),
            scopes: self.alice.scopes.clone(),
            limit: None,
            created_at: self.clock.unix(),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
            replaced_by: None,
        };
        self.spy.create_key(record, 10).await.unwrap();
        key.expose().to_owned()
    }
}

fn record(alice: &Account, clock: &ManualClock) -> SessionRecord {
    let now = clock.unix();
    SessionRecord {
        id: SESSION.to_owned(),
        user_id: alice.id.clone(),
        client_id: "first-party".to_owned(),
        scope: String::new(),
        kind: SessionKind::Cookie,
        client: ClientLabel::default(),
        created_at: now,
        last_used_at: now,
        auth_time: now,
        idle_expires_at: now.plus_seconds(3_600),
        absolute_expires_at: now.plus_seconds(86_400),
        generation: 0,
        ended: None,
    }
}
