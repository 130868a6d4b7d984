use super::{
    account_openings::pending,
    accounts::{assert_same, new},
    samples::at,
};
use crate::store::{Account, AccountChange, AccountOpening, AccountStore};

pub(super) async fn all<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    a_superuser_is_made_and_unmade(&fresh().await).await;
    the_last_active_superuser_stays(&fresh().await).await;
    superusers_that_are_not_active_do_not_count(&fresh().await).await;
    ordinary_accounts_may_all_go(&fresh().await).await;
}

pub(super) async fn superuser(store: &impl AccountStore, username: &str) -> Account {
    let mut new = new(username, &format!("{username}@example.org"));
    new.superuser = true;
    store.create(new).await.unwrap()
}

async fn a_superuser_is_made_and_unmade(store: &impl AccountStore) {
    let root = superuser(store, "root").await;
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    assert_eq!(store.set_superuser("nobody", true).await.unwrap(), AccountChange::Unknown);
    assert_eq!(store.set_superuser("nobody", false).await.unwrap(), AccountChange::Unknown);
    for superuser in [true, true, false, false] {
        assert_eq!(store.set_superuser(&alice.id, superuser).await.unwrap(), AccountChange::Done);
        let found = store.find(&alice.id).await.unwrap().unwrap();
        assert_same(&Account { superuser, updated_at: found.updated_at, ..alice.clone() }, &found);
    }
    assert_same(&root, &store.find(&root.id).await.unwrap().unwrap());
}

/// Asserts that this account can neither be deactivated, nor demoted, nor deleted.
async fn assert_stays(store: &impl AccountStore, account: &Account) {
    assert_eq!(store.set_active(&account.id, false).await.unwrap(), AccountChange::LastSuperuser);
    assert_eq!(store.set_superuser(&account.id, false).await.unwrap(), AccountChange::LastSuperuser);
    assert_eq!(store.delete(&account.id).await.unwrap(), AccountChange::LastSuperuser);
    assert_same(account, &store.find(&account.id).await.unwrap().unwrap());
    assert_same(account, &store.find_by_login(&account.username).await.unwrap().unwrap());
}

async fn the_last_active_superuser_stays(store: &impl AccountStore) {
    let root = superuser(store, "root").await;
    store.create(new("alice", "alice@example.org")).await.unwrap();
    assert_stays(store, &root).await;
    let second = superuser(store, "second").await;
    assert_eq!(store.set_superuser(&root.id, false).await.unwrap(), AccountChange::Done);
    assert_stays(store, &second).await;
    let third = superuser(store, "third").await;
    assert_eq!(store.set_active(&second.id, false).await.unwrap(), AccountChange::Done);
    assert_stays(store, &third).await;
    let fourth = superuser(store, "fourth").await;
    assert_eq!(store.delete(&third.id).await.unwrap(), AccountChange::Done);
    assert_stays(store, &fourth).await;
}

async fn superusers_that_are_not_active_do_not_count(store: &impl AccountStore) {
    let root = superuser(store, "root").await;
    let inactive = superuser(store, "inactive").await;
    assert_eq!(store.set_active(&inactive.id, false).await.unwrap(), AccountChange::Done);
    let invited = pending(store, "invited", 2_000).await;
    assert_eq!(store.set_superuser(&invited.id, true).await.unwrap(), AccountChange::Done);
    assert_stays(store, &root).await;
    assert_eq!(store.set_active(&inactive.id, false).await.unwrap(), AccountChange::Done, "it is so already");
    assert_eq!(store.set_superuser(&inactive.id, false).await.unwrap(), AccountChange::Done);
    assert_eq!(store.delete(&inactive.id).await.unwrap(), AccountChange::Done);
    assert!(store.open(&invited.id, AccountOpening::new(), at(1_000)).await.unwrap().unwrap().superuser);
    assert_eq!(store.set_superuser(&root.id, false).await.unwrap(), AccountChange::Done, "the invited one counts now");
}

async fn ordinary_accounts_may_all_go(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let bob = store.create(new("bob", "bob@example.org")).await.unwrap();
    assert_eq!(store.set_active(&alice.id, false).await.unwrap(), AccountChange::Done);
    assert_eq!(store.set_superuser(&bob.id, false).await.unwrap(), AccountChange::Done);
    for account in [alice, bob] {
        assert_eq!(store.delete(&account.id).await.unwrap(), AccountChange::Done);
    }
}
