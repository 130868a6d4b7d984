//! A user who is signed in with a browser, in memory.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use auth_runtime::{
    Auth,
    auth::AuthBuilder,
    clock::{Clock, SystemClock, UnixTime},
    secret::SystemEntropy,
    store::{
        AccountStore, Accounts, FirstCredential, MemoryStore, NewAccount, SessionKind, SessionRecord, SessionStore,
    },
    token::{SessionSecret, TokenHash},
};

/// Builds an engine that knows a session. Returns it with the `Cookie` header of the session's browser.
pub(crate) fn signed_in(builder: AuthBuilder) -> (Auth, String) {
    signed_in_among(builder, Others::default())
}

/// What the store holds besides the session.
#[derive(Clone, Copy, Default)]
pub(crate) struct Others {
    pub(crate) sessions: u32,
    pub(crate) revocations: u32,
}

/// Builds an engine like [`signed_in`], whose store holds other records, too.
pub(crate) fn signed_in_among(builder: AuthBuilder, others: Others) -> (Auth, String) {
    let clock = SystemClock::new();
    let store = MemoryStore::new(Arc::new(clock.clone()), Arc::new(SystemEntropy::new()));
    let mut new = NewAccount::new("alice", "alice@example.org", "no hash".to_owned().into());
    new.roles = vec!["member".to_owned(), "admin".to_owned()];
    let alice = at_once(store.create(new)).expect("an account");
    let secret = SessionSecret::mint(&SystemEntropy::new()).expect("randomness");
    let now = clock.unix();
    let id = "0193e3d8-7c1a-7b43-9a6c-2f0f4f3f8a11";
    let session = session_of(id, &alice.id, now);
    at_once(store.begin(session, FirstCredential::cookie(secret.hash()))).expect("a session");
    for number in 0..others.sessions {
        let (other, mut hash) = (session_of(&format!("session-{number}"), &format!("user-{number}"), now), [0; 32]);
        hash[..4].copy_from_slice(&number.to_be_bytes());
        at_once(store.begin(other, FirstCredential::cookie(TokenHash::from_bytes(hash)))).expect("a session");
    }
    for number in 0..others.revocations {
        at_once(store.revoke_token(&format!("token-{number}"), now.plus_seconds(86_400))).expect("a revocation");
    }
    let auth = builder.accounts(&Accounts::new(store)).build().expect("good settings");
    (auth, format!("__Host-session={}", secret.expose()))
}

fn session_of(id: &str, user_id: &str, now: UnixTime) -> SessionRecord {
    let mut session = SessionRecord::new(id, user_id, "first-party", SessionKind::Cookie, now);
    // Recording the last use once a minute is not part of the measurement.
    session.last_used_at = now.plus_seconds(3_600);
    session.idle_expires_at = now.plus_seconds(86_400);
    session.absolute_expires_at = now.plus_seconds(86_400);
    session
}

/// Polls the future once. The in-memory store never waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the store waits for something"),
    }
}
