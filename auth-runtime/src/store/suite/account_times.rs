use std::sync::Arc;

use super::{
    accounts::{hash, new},
    samples::at,
};
use crate::{
    clock::{Clock, UnixTime, manual::ManualClock},
    store::{AccountChange, AccountStore},
};

/// Checks the times in a store of accounts. The closure creates a fresh, empty store that takes its times from this
/// clock.
///
/// # Panics
/// Panics at the first mistake of the store.
pub async fn account_times<S: AccountStore>(fresh: impl AsyncFn(Arc<dyn Clock>) -> S) {
    let clock = ManualClock::at(1_000);
    let store = fresh(Arc::new(clock.clone())).await;
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    assert_eq!((alice.created_at, alice.updated_at), (at(1_000), at(1_000)));

    clock.set_unix(2_000);
    assert_eq!(store.set_active(&alice.id, true).await.unwrap(), AccountChange::Done);
    assert_updated(&store, at(2_000)).await;
    clock.set_unix(3_000);
    assert!(!store.set_password_hash(&alice.id, &hash("other"), &hash("new")).await.unwrap());
    assert_updated(&store, at(2_000)).await;
    assert!(store.set_password_hash(&alice.id, &alice.password_hash, &hash("new")).await.unwrap());
    assert_updated(&store, at(3_000)).await;
    clock.set_unix(4_000);
    assert!(store.set_roles(&alice.id, &[]).await.unwrap());
    assert_updated(&store, at(4_000)).await;
    clock.set_unix(5_000);
    assert!(store.set_scopes(&alice.id, &[]).await.unwrap());
    assert_updated(&store, at(5_000)).await;
    clock.set_unix(6_000);
    assert!(store.set_email_verified(&alice.id, &alice.email, at(1)).await.unwrap());
    assert_updated(&store, at(6_000)).await;
}

/// Asserts that the account was created at 1000 and last changed at this time, by both look-ups.
async fn assert_updated(store: &impl AccountStore, updated_at: UnixTime) {
    let by_login = store.find_by_login("alice").await.unwrap().unwrap();
    let by_id = store.find(&by_login.id).await.unwrap().unwrap();
    for found in [by_login, by_id] {
        assert_eq!((found.created_at, found.updated_at), (at(1_000), updated_at));
    }
}
