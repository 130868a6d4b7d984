use secrecy::ExposeSecret;

use super::{
    accounts::{assert_same, hash, new},
    samples::at,
};
use crate::store::{Account, AccountChange, AccountOpening, AccountStore, CreateError};

pub(super) async fn all<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    a_pending_account_is_not_active_and_holds_its_names(&fresh().await).await;
    a_pending_account_is_opened_once_and_in_time(&fresh().await).await;
    an_opening_leaves_what_it_does_not_name(&fresh().await).await;
    what_is_not_pending_is_not_opened(&fresh().await).await;
    an_opening_with_a_taken_name_changes_nothing(&fresh().await).await;
    an_activated_account_is_no_longer_pending(&fresh().await).await;
    pending_accounts_are_removed_in_batches(&fresh().await).await;
}

/// Stores an account that is pending until this second.
pub(super) async fn pending(store: &impl AccountStore, username: &str, until: i64) -> Account {
    let mut new = new(username, &format!("{username}@example.org"));
    new.pending_until = Some(at(until));
    store.create(new).await.unwrap()
}

async fn a_pending_account_is_not_active_and_holds_its_names(store: &impl AccountStore) {
    let bob = pending(store, "bob", 2_000).await;
    assert_eq!((bob.active, bob.pending_until), (false, Some(at(2_000))), "whatever `active` says");
    assert_same(&bob, &store.find(&bob.id).await.unwrap().unwrap());
    assert_same(&bob, &store.find_by_login("bob").await.unwrap().unwrap());
    let taken = store.create(new("BOB", "free@example.org")).await;
    assert!(matches!(taken, Err(CreateError::UsernameTaken)));
    let taken = store.create(new("free", "bob@example.org")).await;
    assert!(matches!(taken, Err(CreateError::EmailTaken)));
    assert_eq!(store.create(new("alice", "alice@example.org")).await.unwrap().pending_until, None);
}

async fn a_pending_account_is_opened_once_and_in_time(store: &impl AccountStore) {
    let bob = pending(store, "bob", 2_000).await;
    let bystander = pending(store, "bystander", 2_000).await;
    let opening = AccountOpening {
        email: Some(bob.email.clone()),
        username: Some("Robert".to_owned()),
        password_hash: Some(hash("second")),
        email_verified_at: Some(at(1_999)),
    };
    for now in [2_000, 2_001, i64::MAX] {
        assert!(store.open(&bob.id, opening.clone(), at(now)).await.unwrap().is_none(), "{now}");
    }
    let to_another = AccountOpening { email: Some("rob@example.org".to_owned()), ..opening.clone() };
    assert!(store.open(&bob.id, to_another, at(1_999)).await.unwrap().is_none(), "the address is another one");
    assert_same(&bob, &store.find(&bob.id).await.unwrap().unwrap());

    let opened = store.open(&bob.id, opening.clone(), at(1_999)).await.unwrap().unwrap();
    assert_eq!((opened.active, opened.pending_until), (true, None));
    assert_eq!((&*opened.username, &opened.email, opened.email_verified_at), ("Robert", &bob.email, Some(at(1_999))));
    assert_eq!(opened.password_hash.expose_secret(), hash("second").expose_secret());
    assert_same(&opened, &store.find(&bob.id).await.unwrap().unwrap());
    assert_same(&opened, &store.find_by_login("ROBERT").await.unwrap().unwrap());
    assert!(store.open(&bob.id, opening, at(1_999)).await.unwrap().is_none(), "it is open");
    assert!(store.find_by_login("bob").await.unwrap().is_none());
    store.create(new("bob", "bob@example.com")).await.expect("nobody has acted under the former name");
    assert_same(&bystander, &store.find(&bystander.id).await.unwrap().unwrap());
}

async fn an_opening_leaves_what_it_does_not_name(store: &impl AccountStore) {
    let mut invited = new("bob", "bob@example.org");
    (invited.pending_until, invited.email_verified_at) = (Some(at(2_000)), Some(at(1_500)));
    (invited.roles, invited.superuser) = (vec!["member".to_owned()], true);
    let bob = store.create(invited).await.unwrap();
    let opened = store.open(&bob.id, AccountOpening::new(), at(1_000)).await.unwrap().unwrap();
    let expected = Account { active: true, pending_until: None, updated_at: opened.updated_at, ..bob };
    assert_same(&expected, &opened);
    assert_same(&expected, &store.find_by_login("bob").await.unwrap().unwrap());
}

async fn what_is_not_pending_is_not_opened(store: &impl AccountStore) {
    assert!(store.open("nobody", AccountOpening::new(), at(0)).await.unwrap().is_none());
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    assert!(store.open(&alice.id, AccountOpening::new(), at(0)).await.unwrap().is_none());
    assert_eq!(store.set_active(&alice.id, false).await.unwrap(), AccountChange::Done);
    let opening = AccountOpening { password_hash: Some(hash("second")), ..AccountOpening::new() };
    assert!(store.open(&alice.id, opening, at(0)).await.unwrap().is_none(), "deactivated is not pending");
    let found = store.find(&alice.id).await.unwrap().unwrap();
    assert!(!found.active, "a deactivated account stays so");
    assert_eq!(found.password_hash.expose_secret(), alice.password_hash.expose_secret());
}

async fn an_opening_with_a_taken_name_changes_nothing(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let bob = pending(store, "bob", 2_000).await;
    for username in ["Alice", "ALICE@example.org"] {
        let opening = AccountOpening {
            username: Some(username.to_owned()),
            password_hash: Some(hash("second")),
            email_verified_at: Some(at(1)),
            ..AccountOpening::new()
        };
        let refused = store.open(&bob.id, opening, at(1_000)).await;
        assert!(matches!(refused, Err(CreateError::UsernameTaken)), "{username}");
        assert_same(&bob, &store.find_by_login("bob").await.unwrap().unwrap());
    }
    assert_same(&alice, &store.find_by_login("alice").await.unwrap().unwrap());
    let own = AccountOpening { username: Some("BOB".to_owned()), ..AccountOpening::new() };
    assert_eq!(store.open(&bob.id, own, at(1_000)).await.unwrap().unwrap().username, "BOB");
}

async fn an_activated_account_is_no_longer_pending(store: &impl AccountStore) {
    let bob = pending(store, "bob", 2_000).await;
    assert_eq!(store.set_active(&bob.id, false).await.unwrap(), AccountChange::Done);
    assert_eq!(store.find(&bob.id).await.unwrap().unwrap().pending_until, Some(at(2_000)), "it was not active");
    assert_eq!(store.set_active(&bob.id, true).await.unwrap(), AccountChange::Done);
    let found = store.find(&bob.id).await.unwrap().unwrap();
    assert_eq!((found.active, found.pending_until), (true, None));
    assert_eq!(store.set_active(&bob.id, false).await.unwrap(), AccountChange::Done);
    assert!(store.open(&bob.id, AccountOpening::new(), at(1_000)).await.unwrap().is_none(), "for good");
    assert_eq!(store.remove_pending(at(9_000), 10).await.unwrap(), 0);
}

async fn pending_accounts_are_removed_in_batches(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    for (username, until) in [("c", 1_500), ("a", 1_300), ("d", 1_501), ("b", 1_400)] {
        pending(store, username, until).await;
    }
    let opened = pending(store, "e", 1_300).await;
    assert!(store.open(&opened.id, AccountOpening::new(), at(1_000)).await.unwrap().is_some());
    assert_eq!(store.set_active(&opened.id, false).await.unwrap(), AccountChange::Done);
    let left = async || {
        let mut left = String::new();
        for username in ["a", "b", "c", "d", "e"] {
            left.extend(store.find_by_login(username).await.unwrap().map(|account| account.username));
        }
        left
    };
    assert_eq!(store.remove_pending(at(1_299), 10).await.unwrap(), 0);
    assert_eq!(store.remove_pending(at(1_500), 0).await.unwrap(), 0);
    assert_eq!(left().await, "abcde");
    assert_eq!(store.remove_pending(at(1_500), 2).await.unwrap(), 2);
    assert_eq!(left().await, "cde", "the oldest go first");
    assert_eq!(store.remove_pending(at(1_500), 10).await.unwrap(), 1);
    assert_eq!(left().await, "de", "an account that was opened stays");
    assert!(store.find_by_login("a@example.org").await.unwrap().is_none());
    store.create(new("a", "a@example.org")).await.expect("a removed account gives its names back");
    assert_eq!(store.remove_pending(at(i64::MAX), u32::MAX).await.unwrap(), 1);
    assert_same(&alice, &store.find(&alice.id).await.unwrap().unwrap());
}
