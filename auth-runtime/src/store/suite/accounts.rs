use secrecy::{ExposeSecret, SecretString};

use super::{
    account_decisions, account_lists, account_names, account_openings, account_races, hostile, pending_cancelled, race,
    samples::at, superusers,
};
use crate::store::{Account, AccountChange, AccountStore, CreateError, NewAccount};

/// Checks a store of accounts.
///
/// # Panics
/// Panics at the first mistake of the store.
pub async fn account_store<S: AccountStore>(fresh: impl AsyncFn() -> S) {
    an_account_is_found_as_it_was_created(&fresh().await).await;
    an_account_may_bring_its_identifier_and_a_verified_address(&fresh().await).await;
    an_empty_store_finds_no_account(&fresh().await).await;
    a_login_is_found_in_any_case(&fresh().await).await;
    a_taken_name_is_refused_and_nothing_is_stored(&fresh().await).await;
    user_names_and_addresses_share_one_space(&fresh().await).await;
    a_user_name_may_equal_its_own_address(&fresh().await).await;
    a_password_hash_is_replaced_only_where_it_is_still_the_old_one(&fresh().await).await;
    an_address_is_verified_only_where_it_is_still_the_same(&fresh().await).await;
    roles_scopes_and_activity_are_set_for_one_account_only(&fresh().await).await;
    hostile::accounts(&fresh().await).await;
    race::one_registration_wins(fresh().await).await;
    race::one_password_change_wins(fresh().await).await;
    account_openings::all(&fresh).await;
    account_names::all(&fresh).await;
    superusers::all(&fresh).await;
    account_lists::all(&fresh).await;
    account_races::all(&fresh).await;
    account_decisions::all(&fresh).await;
    pending_cancelled::check(&fresh).await;
}

async fn an_account_is_found_as_it_was_created(store: &impl AccountStore) {
    let mut new = new("Alice", "Alice@Example.org");
    new.roles = vec!["moderator".to_owned(), "member".to_owned()];
    new.scopes = vec!["notes:write".to_owned()];
    new.superuser = true;
    new.active = false;
    let created = store.create(new.clone()).await.unwrap();

    assert_eq!((&created.username, &created.email), (&new.username, &new.email), "names are kept as typed");
    assert_eq!((&created.roles, &created.scopes), (&new.roles, &new.scopes));
    assert_eq!((created.active, created.superuser), (false, true));
    assert_eq!(created.password_hash.expose_secret(), new.password_hash.expose_secret());
    assert_eq!(created.created_at, created.updated_at);
    assert_same(&created, &store.find(&created.id).await.unwrap().unwrap());
    assert_same(&created, &store.find_by_login("Alice").await.unwrap().unwrap());
    assert_same(&created, &store.find_by_login("Alice@Example.org").await.unwrap().unwrap());
}

async fn an_account_may_bring_its_identifier_and_a_verified_address(store: &impl AccountStore) {
    let mut brought = new("alice", "alice@example.org");
    brought.id = Some("4711".to_owned());
    brought.email_verified_at = Some(at(1_500));
    let alice = store.create(brought).await.unwrap();
    assert_eq!((&*alice.id, alice.email_verified_at), ("4711", Some(at(1_500))));
    assert_same(&alice, &store.find("4711").await.unwrap().unwrap());

    let mut second = new("bob", "bob@example.org");
    second.id = Some("4711".to_owned());
    assert!(matches!(store.create(second.clone()).await, Err(CreateError::IdTaken)), "an identifier is one account's");
    assert!(store.find_by_login("bob").await.unwrap().is_none(), "a refused account reserves no name");
    second.id = Some("4712".to_owned());
    assert_eq!(store.create(second).await.unwrap().email_verified_at, None);
    assert_same(&alice, &store.find("4711").await.unwrap().unwrap());

    let mut third = new("alice", "free@example.org");
    third.id = Some("4713".to_owned());
    assert!(matches!(store.create(third).await, Err(CreateError::UsernameTaken)));
    assert!(store.find("4713").await.unwrap().is_none(), "a refused account reserves no identifier");
}

async fn an_empty_store_finds_no_account(store: &impl AccountStore) {
    for name in ["", "alice", "%", "*"] {
        assert!(store.find(name).await.unwrap().is_none(), "{name:?}");
        assert!(store.find_by_login(name).await.unwrap().is_none(), "{name:?}");
        assert_eq!(store.set_active(name, true).await.unwrap(), AccountChange::Unknown, "{name:?}");
        assert!(!store.set_roles(name, &[]).await.unwrap(), "{name:?}");
        assert!(!store.set_scopes(name, &[]).await.unwrap(), "{name:?}");
        assert!(!store.set_password_hash(name, &hash("a"), &hash("b")).await.unwrap(), "{name:?}");
    }
}

async fn a_login_is_found_in_any_case(store: &impl AccountStore) {
    let alice = store.create(new("Alice", "Alice@Example.org")).await.unwrap();
    let zoe = store.create(new("Zoë", "zoë@straße.example")).await.unwrap();
    for login in ["alice", "ALICE", "aLiCe", "alice@example.org", "ALICE@EXAMPLE.ORG", "ａｌｉｃｅ"] {
        assert_eq!(store.find_by_login(login).await.unwrap().unwrap().id, alice.id, "{login}");
    }
    for login in ["ZOË", "zoe\u{308}", "ZOË@STRASSE.EXAMPLE"] {
        assert_eq!(store.find_by_login(login).await.unwrap().unwrap().id, zoe.id, "{login}");
    }
    // An identifier is not a login, and a login is not an identifier.
    assert!(store.find_by_login(&alice.id).await.unwrap().is_none());
    assert!(store.find("alice").await.unwrap().is_none());
}

async fn a_taken_name_is_refused_and_nothing_is_stored(store: &impl AccountStore) {
    let alice = store.create(new("Alice", "alice@example.org")).await.unwrap();
    for username in ["Alice", "aLICE", "ａｌｉｃｅ"] {
        let refused = store.create(new(username, "free@example.org")).await;
        assert!(matches!(refused, Err(CreateError::UsernameTaken)), "{username}");
    }
    for email in ["alice@example.org", "ALICE@example.ORG"] {
        let refused = store.create(new("free", email)).await;
        assert!(matches!(refused, Err(CreateError::EmailTaken)), "{email}");
    }
    let both = store.create(new("alice", "alice@example.org")).await;
    assert!(matches!(both, Err(CreateError::UsernameTaken)), "the user name is reported first");

    assert!(store.find_by_login("free").await.unwrap().is_none(), "a refused registration reserves no name");
    assert!(store.find_by_login("free@example.org").await.unwrap().is_none());
    store.create(new("free", "free@example.org")).await.unwrap();
    assert_same(&alice, &store.find(&alice.id).await.unwrap().unwrap());
}

async fn user_names_and_addresses_share_one_space(store: &impl AccountStore) {
    let victim = store.create(new("victim", "victim@example.org")).await.unwrap();
    let posing = store.create(new("Victim@Example.org", "attacker@example.org")).await;
    assert!(matches!(posing, Err(CreateError::UsernameTaken)), "a user name may not be another one's address");
    let posing = store.create(new("attacker", "Victim")).await;
    assert!(matches!(posing, Err(CreateError::EmailTaken)), "an address may not be another one's user name");
    assert_eq!(store.find_by_login("victim@example.org").await.unwrap().unwrap().id, victim.id);
}

async fn a_user_name_may_equal_its_own_address(store: &impl AccountStore) {
    let alice = store.create(new("alice@example.org", "Alice@Example.org")).await.unwrap();
    assert_eq!(store.find_by_login("alice@example.org").await.unwrap().unwrap().id, alice.id);
}

async fn a_password_hash_is_replaced_only_where_it_is_still_the_old_one(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let bob = store.create(new("bob", "bob@example.org")).await.unwrap();
    let (first, second) = (alice.password_hash.clone(), hash("second"));

    assert!(store.set_password_hash(&alice.id, &first, &second).await.unwrap());
    assert!(!store.set_password_hash(&alice.id, &first, &hash("third")).await.unwrap(), "the old hash is gone");
    assert!(!store.set_password_hash(&alice.id, &hash("SECOND"), &hash("third")).await.unwrap(), "case matters");

    let found = store.find(&alice.id).await.unwrap().unwrap();
    assert_eq!(found.password_hash.expose_secret(), second.expose_secret());
    assert!(found.updated_at >= alice.updated_at);
    assert_same(&bob, &store.find(&bob.id).await.unwrap().unwrap());
}

async fn an_address_is_verified_only_where_it_is_still_the_same(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let bob = store.create(new("bob", "bob@example.org")).await.unwrap();
    assert_eq!(alice.email_verified_at, None);
    for (id, email) in
        [(&*alice.id, "bob@example.org"), (&*alice.id, "ALICE@example.org"), ("nobody", "bob@example.org")]
    {
        assert!(!store.set_email_verified(id, email, at(1_500)).await.unwrap(), "{email}");
    }
    assert_same(&alice, &store.find(&alice.id).await.unwrap().unwrap());
    for now in [1_500, 1_600] {
        assert!(store.set_email_verified(&alice.id, &alice.email, at(now)).await.unwrap());
        let found = store.find_by_login("alice").await.unwrap().unwrap();
        assert_eq!((found.email_verified_at, found.profile().email_verified), (Some(at(now)), true));
    }
    assert_same(&bob, &store.find(&bob.id).await.unwrap().unwrap());
}

async fn roles_scopes_and_activity_are_set_for_one_account_only(store: &impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let bob = store.create(new("bob", "bob@example.org")).await.unwrap();
    let roles = ["admin".to_owned(), "quote\"d".to_owned(), "a,b [c]".to_owned()];
    let scopes = ["notes:read".to_owned()];

    assert!(store.set_roles(&alice.id, &roles).await.unwrap());
    assert!(store.set_scopes(&alice.id, &scopes).await.unwrap());
    assert_eq!(store.set_active(&alice.id, false).await.unwrap(), AccountChange::Done);
    let found = store.find(&alice.id).await.unwrap().unwrap();
    assert_eq!((&found.roles[..], &found.scopes[..], found.active), (&roles[..], &scopes[..], false));
    assert_eq!(found.created_at, alice.created_at);

    assert!(store.set_roles(&alice.id, &[]).await.unwrap());
    assert_eq!(store.set_active(&alice.id, true).await.unwrap(), AccountChange::Done);
    assert_eq!(
        store.set_active(&alice.id, true).await.unwrap(),
        AccountChange::Done,
        "setting the same value again is no failure"
    );
    let found = store.find(&alice.id).await.unwrap().unwrap();
    assert_eq!((found.roles.len(), &found.scopes[..], found.active), (0, &scopes[..], true));
    assert_same(&bob, &store.find(&bob.id).await.unwrap().unwrap());
}

pub(super) fn new(username: &str, email: &str) -> NewAccount {
    NewAccount::new(username, email, hash("first"))
}

pub(super) fn hash(password: &str) -> SecretString {
    SecretString::from(format!("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ${password}"))
}

/// Asserts that two accounts are equal in every field. A new field does not compile until it is compared here.
pub(super) fn assert_same(one: &Account, other: &Account) {
    let Account {
        id,
        username,
        email,
        email_verified_at,
        password_hash,
        roles,
        scopes,
        active,
        superuser,
        pending_until,
        created_at,
        updated_at,
    } = one;
    assert_eq!((id, username, email), (&other.id, &other.username, &other.email));
    assert_eq!((email_verified_at, roles, scopes), (&other.email_verified_at, &other.roles, &other.scopes));
    assert_eq!((active, superuser, pending_until), (&other.active, &other.superuser, &other.pending_until));
    assert_eq!((created_at, updated_at), (&other.created_at, &other.updated_at));
    assert_eq!(password_hash.expose_secret(), other.password_hash.expose_secret());
}
