use std::sync::Arc;

use super::{
    accounts::{hash, new},
    samples::at,
};
use crate::store::{AccountChange, AccountOpening, AccountStore, NewAccount};

/// Checks what becomes of a pending account that is cancelled.
pub(super) async fn check<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    only_a_pending_account_is_cancelled(&fresh().await).await;
    a_cancelled_account_leaves_its_names_free(&fresh().await).await;
    one_of_opening_and_cancelling_happens(Arc::new(fresh().await)).await;
}

fn pending(username: &str, email: &str) -> NewAccount {
    let mut new = new(username, email);
    new.active = false;
    new.pending_until = Some(at(1_000));
    new
}

async fn only_a_pending_account_is_cancelled(store: &impl AccountStore) {
    let active = store.create(new("alice", "alice@example.org")).await.unwrap();
    let inactive = store.create(new("bob", "bob@example.org")).await.unwrap();
    assert_eq!(store.set_active(&inactive.id, false).await.unwrap(), AccountChange::Done);
    let opened = store.create(pending("carol", "carol@example.org")).await.unwrap();
    assert!(store.open(&opened.id, AccountOpening::new(), at(999)).await.unwrap().is_some());
    for id in [&*active.id, &inactive.id, &opened.id, "", "nobody", "\0"] {
        assert!(!store.cancel_pending(id).await.unwrap(), "{id:?} is not pending");
    }
    for id in [active.id, inactive.id, opened.id] {
        assert!(store.find(&id).await.unwrap().is_some(), "an account that is not pending was removed");
    }
}

async fn a_cancelled_account_leaves_its_names_free(store: &impl AccountStore) {
    let first = store.create(pending("alice", "alice@example.org")).await.unwrap();
    let other = store.create(pending("bob", "bob@example.org")).await.unwrap();
    assert!(store.cancel_pending(&first.id).await.unwrap(), "its time need not have come");
    assert!(!store.cancel_pending(&first.id).await.unwrap(), "it is gone");
    assert!(store.find(&first.id).await.unwrap().is_none());
    assert!(store.find_by_login("alice").await.unwrap().is_none());
    assert!(store.find_by_login("alice@example.org").await.unwrap().is_none());
    assert!(store.find(&other.id).await.unwrap().is_some(), "another account was removed");
    assert!(store.open(&first.id, AccountOpening::new(), at(1)).await.unwrap().is_none());
    let again = store.create(new("alice", "alice@example.org")).await.unwrap();
    assert_eq!(store.find_by_login("alice").await.unwrap().map(|found| found.id), Some(again.id));
}

async fn one_of_opening_and_cancelling_happens<S: AccountStore>(store: Arc<S>) {
    for number in 0..16 {
        let name = format!("racer{number}");
        let account = store.create(pending(&name, &format!("{name}@example.org"))).await.unwrap();
        let (one, id) = (Arc::clone(&store), account.id.clone());
        let opening = tokio::spawn(async move {
            let mut opening = AccountOpening::new();
            opening.password_hash = Some(hash("new"));
            one.open(&id, opening, at(1)).await.unwrap().is_some()
        });
        let is_cancelled = store.cancel_pending(&account.id).await.unwrap();
        let is_opened = opening.await.unwrap();
        assert_ne!(is_opened, is_cancelled, "both happened, or neither");
        let found = store.find(&account.id).await.unwrap();
        assert_eq!(found.is_some_and(|account| account.active), is_opened, "an open account was removed");
    }
}
