use super::{
    account_openings::pending,
    accounts::{assert_same, new},
    samples::at,
};
use crate::store::{Account, AccountChange, AccountOpening, AccountStore, CreateError};

pub(super) async fn all<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    a_user_name_is_replaced(&fresh().await).await;
    a_taken_user_name_is_refused_and_nothing_changes(&fresh().await).await;
    a_name_that_was_given_up_is_kept_from_others(&fresh().await).await;
    a_user_name_that_is_ones_own_address_is_not_retired(&fresh().await).await;
    the_name_of_a_pending_account_is_not_retired(&fresh().await).await;
    an_address_is_replaced_only_where_it_is_still_the_old_one(&fresh().await).await;
    a_user_name_that_is_the_address_goes_along(&fresh().await).await;
    a_taken_address_is_refused_and_nothing_changes(&fresh().await).await;
    a_deleted_account_is_gone_and_its_user_name_is_retired(&fresh().await).await;
    nobody_takes_the_names_of_a_deleted_account_back(&fresh().await).await;
}

async fn alice_and_bob(store: &impl AccountStore) -> (Account, Account) {
    let alice = store.create(new("Alice", "alice@example.org")).await.unwrap();
    (alice, store.create(new("bob", "bob@example.org")).await.unwrap())
}

async fn found(store: &impl AccountStore, account: &Account) -> Account {
    store.find(&account.id).await.unwrap().unwrap()
}

async fn signs_in(store: &impl AccountStore, login: &str) -> Option<String> {
    store.find_by_login(login).await.unwrap().map(|account| account.id)
}

/// Asserts that only the former owner can get this name, in any way and in any case.
async fn assert_retired(store: &impl AccountStore, name: &str, other: &Account) {
    let (shouted, before) = (name.to_uppercase(), found(store, other).await);
    for name in [name, &shouted] {
        let created = store.create(new(name, "unused@example.org")).await;
        assert!(matches!(created, Err(CreateError::UsernameTaken)), "{name}: {created:?}");
        let created = store.create(new("unused", name)).await;
        assert!(matches!(created, Err(CreateError::EmailTaken)), "{name}: {created:?}");
        let renamed = store.set_username(&other.id, name).await;
        assert!(matches!(renamed, Err(CreateError::UsernameTaken)), "{name}: {renamed:?}");
        let moved = store.set_email(&other.id, &other.email, name, None).await;
        assert!(matches!(moved, Err(CreateError::EmailTaken)), "{name}: {moved:?}");
    }
    let invited = pending(store, "invited", 2_000).await;
    let opening = AccountOpening { username: Some(name.to_owned()), ..AccountOpening::new() };
    assert!(matches!(store.open(&invited.id, opening, at(1_000)).await, Err(CreateError::UsernameTaken)), "{name}");
    assert_same(&invited, &found(store, &invited).await);
    assert_eq!(store.remove_pending(at(2_000), 1).await.unwrap(), 1);
    assert_same(&before, &found(store, other).await);
}

async fn a_user_name_is_replaced(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    assert!(!store.set_username("nobody", "free").await.unwrap());
    assert!(store.set_username(&alice.id, "Alicia").await.unwrap());
    let renamed = found(store, &alice).await;
    assert_same(&Account { username: "Alicia".to_owned(), updated_at: renamed.updated_at, ..alice.clone() }, &renamed);
    assert_eq!(signs_in(store, "ALICIA").await.as_ref(), Some(&alice.id));
    assert_eq!(signs_in(store, "alice").await, None, "the former name signs nobody in");
    assert_eq!(signs_in(store, "alice@example.org").await.as_ref(), Some(&alice.id));

    assert!(store.set_username(&alice.id, "aLICIA").await.unwrap(), "the same name in another case");
    assert_eq!(found(store, &alice).await.username, "aLICIA");
    assert_eq!(signs_in(store, "alicia").await.as_ref(), Some(&alice.id));
    assert!(store.set_username(&alice.id, "Alice@example.org").await.unwrap(), "the account's own address");
    assert_eq!(signs_in(store, "alice@example.org").await.as_ref(), Some(&alice.id));
    assert_same(&bob, &found(store, &bob).await);
}

async fn a_taken_user_name_is_refused_and_nothing_changes(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    for username in ["bob", "BOB", "Bob@example.org"] {
        let refused = store.set_username(&alice.id, username).await;
        assert!(matches!(refused, Err(CreateError::UsernameTaken)), "{username}: {refused:?}");
    }
    assert_same(&alice, &store.find_by_login("alice").await.unwrap().unwrap());
    assert_same(&bob, &store.find_by_login("bob").await.unwrap().unwrap());
}

async fn a_name_that_was_given_up_is_kept_from_others(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    assert!(store.set_username(&alice.id, "alicia").await.unwrap());
    assert_retired(store, "alice", &bob).await;
    assert!(store.set_username(&alice.id, "ALICE").await.unwrap(), "its owner may take it back");
    assert_eq!(signs_in(store, "alice").await.as_ref(), Some(&alice.id));
    assert_retired(store, "alicia", &bob).await;
    assert!(store.set_username(&alice.id, "alison").await.unwrap());
    for name in ["alice", "alicia"] {
        assert_retired(store, name, &bob).await;
    }
}

async fn a_user_name_that_is_ones_own_address_is_not_retired(store: &impl AccountStore) {
    let alice = store.create(new("ALICE@example.org", "alice@example.org")).await.unwrap();
    assert!(store.set_username(&alice.id, "alice").await.unwrap());
    assert_eq!(signs_in(store, "alice@example.org").await.as_ref(), Some(&alice.id), "the address stays");
    assert!(store.set_email(&alice.id, "alice@example.org", "alice@example.com", None).await.unwrap());
    let other = store.create(new("alice@example.org", "alice@example.org")).await.expect("an address is free again");
    assert_eq!(store.delete(&other.id).await.unwrap(), AccountChange::Done);
    store.create(new("alice@example.org", "alice@example.org")).await.expect("and again");
}

async fn the_name_of_a_pending_account_is_not_retired(store: &impl AccountStore) {
    let bob = pending(store, "bob", 2_000).await;
    assert!(store.set_username(&bob.id, "robert").await.unwrap());
    assert!(!found(store, &bob).await.active);
    store.create(new("bob", "bob@example.com")).await.expect("nobody has acted under the name");
    assert_eq!(store.delete(&bob.id).await.unwrap(), AccountChange::Done);
    store.create(new("robert", "bob@example.org")).await.expect("nor under this one");
}

async fn an_address_is_replaced_only_where_it_is_still_the_old_one(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    for (id, old) in [("nobody", "alice@example.org"), (&alice.id, "bob@example.org"), (&alice.id, "Alice@example.org")]
    {
        assert!(!store.set_email(id, old, "new@example.org", Some(at(1))).await.unwrap(), "{id} {old}");
    }
    assert_same(&alice, &found(store, &alice).await);
    assert!(store.set_email(&alice.id, &alice.email, "New@example.org", Some(at(7))).await.unwrap());
    let moved = found(store, &alice).await;
    let expected = Account {
        email: "New@example.org".to_owned(),
        email_verified_at: Some(at(7)),
        updated_at: moved.updated_at,
        ..alice.clone()
    };
    assert_same(&expected, &moved);
    assert_eq!(signs_in(store, "new@EXAMPLE.org").await.as_ref(), Some(&alice.id));
    assert_eq!(signs_in(store, "alice").await.as_ref(), Some(&alice.id));
    assert_eq!(signs_in(store, "alice@example.org").await, None);
    assert!(store.set_email(&alice.id, "New@example.org", "new@example.org", None).await.unwrap(), "another case");
    let moved = found(store, &alice).await;
    assert_eq!(
        (&*moved.email, moved.email_verified_at),
        ("new@example.org", None),
        "what is not proven is not verified"
    );
    assert_eq!(signs_in(store, "new@example.org").await.as_ref(), Some(&alice.id));
    store.create(new("other", "alice@example.org")).await.expect("a former address is free");
    assert_same(&bob, &found(store, &bob).await);
}

async fn a_user_name_that_is_the_address_goes_along(store: &impl AccountStore) {
    let alice = store.create(new("ALICE@example.org", "alice@example.org")).await.unwrap();
    assert!(store.set_email(&alice.id, "alice@example.org", "Alice@example.com", None).await.unwrap());
    let moved = found(store, &alice).await;
    assert_eq!((&*moved.username, &*moved.email), ("Alice@example.com", "Alice@example.com"));
    assert_eq!(signs_in(store, "alice@example.com").await.as_ref(), Some(&alice.id));
    assert_eq!(signs_in(store, "alice@example.org").await, None, "not even by the user name");
    store.create(new("alice@example.org", "alice@example.org")).await.expect("both are free");
}

async fn a_taken_address_is_refused_and_nothing_changes(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    for email in ["bob@example.org", "BOB@example.org", "Bob"] {
        let refused = store.set_email(&alice.id, &alice.email, email, Some(at(1))).await;
        assert!(matches!(refused, Err(CreateError::EmailTaken)), "{email}: {refused:?}");
    }
    assert_same(&alice, &store.find_by_login("alice@example.org").await.unwrap().unwrap());
    assert_same(&bob, &store.find_by_login("bob@example.org").await.unwrap().unwrap());
}

async fn a_deleted_account_is_gone_and_its_user_name_is_retired(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    assert_eq!(store.delete("nobody").await.unwrap(), AccountChange::Unknown);
    assert_eq!(store.delete(&alice.id).await.unwrap(), AccountChange::Done);
    assert_eq!(store.delete(&alice.id).await.unwrap(), AccountChange::Unknown);
    assert!(store.find(&alice.id).await.unwrap().is_none());
    assert_eq!((signs_in(store, "alice").await, signs_in(store, "alice@example.org").await), (None, None));
    assert!(!store.set_username(&alice.id, "alicia").await.unwrap());
    assert_retired(store, "alice", &bob).await;
    store.create(new("other", "alice@example.org")).await.expect("the address is free");
    assert_same(&bob, &found(store, &bob).await);
}

/// Not even an account with the identifier of the deleted one, as an import would make it.
async fn nobody_takes_the_names_of_a_deleted_account_back(store: &impl AccountStore) {
    let (alice, bob) = alice_and_bob(store).await;
    assert!(store.set_username(&alice.id, "alicia").await.unwrap());
    assert_eq!(store.delete(&alice.id).await.unwrap(), AccountChange::Done);
    let mut again = new("free", "alice@example.org");
    again.id = Some(alice.id.clone());
    let again = store.create(again).await.unwrap();
    for name in ["alice", "alicia"] {
        let refused = store.set_username(&again.id, name).await;
        assert!(matches!(refused, Err(CreateError::UsernameTaken)), "{name}: {refused:?}");
        assert_retired(store, name, &bob).await;
    }
}
