//! A user who is signed in with a browser, in memory.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use auth_runtime::{
    Auth,
    auth::AuthBuilder,
    clock::{Clock, SystemClock},
    secret::SystemEntropy,
    store::{
        AccountStore, Accounts, FirstCredential, MemoryStore, NewAccount, SessionKind, SessionRecord, SessionStore,
    },
    token::SessionSecret,
};

/// Builds an engine that knows a session. Returns it with the `Cookie` header of the session's browser.
pub(crate) fn signed_in(builder: AuthBuilder) -> (Auth, String) {
    let clock = SystemClock::new();
    let store = MemoryStore::new(Arc::new(clock.clone()), Arc::new(SystemEntropy::new()));
    let mut new = NewAccount::new("alice", "alice@example.org", "no hash".to_owned().into());
    new.roles = vec!["member".to_owned(), "admin".to_owned()];
    let alice = at_once(store.create(new)).expect("an account");
    let secret = SessionSecret::mint(&SystemEntropy::new()).expect("randomness");
    let now = clock.unix();
    let id = "0193e3d8-7c1a-7b43-9a6c-2f0f4f3f8a11";
    let mut session = SessionRecord::new(id, alice.id, "first-party", SessionKind::Cookie, now);
    // Recording the last use once a minute is not part of the measurement.
    session.last_used_at = now.plus_seconds(3_600);
    session.idle_expires_at = now.plus_seconds(86_400);
    session.absolute_expires_at = now.plus_seconds(86_400);
    at_once(store.begin(session, FirstCredential::cookie(secret.hash()))).expect("a session");
    let auth = builder.accounts(&Accounts::new(store)).build().expect("good settings");
    (auth, format!("__Host-session={}", secret.expose()))
}

/// Polls the future once. The in-memory store never waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the store waits for something"),
    }
}
