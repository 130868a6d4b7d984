//! Changes that are made only while accounts stand as they were when somebody decided.

use std::sync::Arc;

use super::{
    account_openings::pending,
    accounts::{assert_same, hash, new},
    race::at_once,
    samples::at,
    superusers::superuser,
};
use crate::store::{Account, AccountChange, AccountStore, AccountUpdate, CreateError, Standing};

const ROUNDS: usize = 12;

pub(super) async fn all<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    a_change_is_made_while_everybody_stands_so(&fresh().await).await;
    a_change_is_refused_when_anything_they_may_do_has_changed(&fresh().await).await;
    a_change_keeps_the_rules_of_its_method(&fresh().await).await;
    an_account_is_created_while_everybody_stands_so(&fresh().await).await;
    of_two_who_demote_each_other_one_is_refused(fresh().await).await;
    nobody_waits_for_ever_in_a_ring(fresh().await).await;
}

async fn administrator(store: &impl AccountStore, name: &str) -> Account {
    let mut new = new(name, &format!("{name}@example.org"));
    (new.roles, new.scopes) = (vec!["admin".to_owned()], vec!["notes:read".to_owned()]);
    store.create(new).await.unwrap()
}

async fn find(store: &impl AccountStore, id: &str) -> Account {
    store.find(id).await.unwrap().unwrap()
}

async fn a_change_is_made_while_everybody_stands_so(store: &impl AccountStore) {
    // The last superuser stays, so there is another one.
    superuser(store, "root").await;
    let actor = administrator(store, "actor").await;
    let mut expected = administrator(store, "alice").await;
    let (roles, scopes) = (["editor".to_owned()], ["notes:write".to_owned(), "a".to_owned()]);
    let (old_hash, new_hash) = (expected.password_hash.clone(), hash("second"));
    let email = AccountUpdate::Email { old: "alice@example.org", new: "a@example.org", verified_at: Some(at(7)) };
    for update in [
        AccountUpdate::Roles(&roles),
        AccountUpdate::Scopes(&scopes),
        AccountUpdate::Superuser(true),
        AccountUpdate::Superuser(false),
        AccountUpdate::Active(false),
        AccountUpdate::Active(true),
        AccountUpdate::Username("alicia"),
        email,
        AccountUpdate::PasswordHash { old: &old_hash, new: &new_hash },
        AccountUpdate::Roles(&[]),
    ] {
        let standings = [Standing::of(&actor), Standing::of(&expected)];
        let done = store.update_while(&expected.id, update, &standings).await.unwrap();
        assert_eq!(done, AccountChange::Done, "{update:?}");
        let found = find(store, &expected.id).await;
        expected = update.of(&expected, found.updated_at).unwrap();
        assert_same(&expected, &found);
    }
    assert_eq!((expected.username.as_str(), expected.email.as_str()), ("alicia", "a@example.org"));
    let alone = store.update_while(&expected.id, AccountUpdate::Username("alice"), &[]).await.unwrap();
    assert_eq!(alone, AccountChange::Done, "its own former name, and on nobody's behalf");
    assert_same(&actor, &find(store, &actor.id).await);
    assert_eq!(store.find_by_login("a@example.org").await.unwrap().unwrap().id, expected.id);
    assert!(store.find_by_login("alice@example.org").await.unwrap().is_none());
}

/// Each part of a standing is compared, also that of the account that is changed.
async fn a_change_is_refused_when_anything_they_may_do_has_changed(store: &impl AccountStore) {
    superuser(store, "root").await;
    let target = administrator(store, "target").await;
    for part in ["active", "superuser", "roles", "scopes", "pending", "gone"] {
        let actor = match part {
            "pending" => pending(store, "waiting", 2_000).await,
            _ => administrator(store, part).await,
        };
        let before = Standing::of(&actor);
        match part {
            "active" => assert_eq!(store.set_active(&actor.id, false).await.unwrap(), AccountChange::Done),
            "superuser" => assert_eq!(store.set_superuser(&actor.id, true).await.unwrap(), AccountChange::Done),
            "roles" => assert!(store.set_roles(&actor.id, &[]).await.unwrap()),
            "scopes" => assert!(store.set_scopes(&actor.id, &[]).await.unwrap()),
            "pending" => {
                for active in [true, false] {
                    assert_eq!(store.set_active(&actor.id, active).await.unwrap(), AccountChange::Done);
                }
            }
            _ => assert_eq!(store.delete(&actor.id).await.unwrap(), AccountChange::Done),
        }
        let standings = [Standing::of(&target), before];
        for (update, id) in [
            (AccountUpdate::Roles(&[]), &target.id),
            (AccountUpdate::Active(false), &target.id),
            (AccountUpdate::Username("other"), &target.id),
            (AccountUpdate::Scopes(&["more".to_owned()]), &actor.id),
        ] {
            let outcome = store.update_while(id, update, &standings).await.unwrap();
            assert_eq!(outcome, AccountChange::Overtaken, "{part}: {update:?}");
        }
        let none = store.create_while(new("carol", "carol@example.org"), &standings).await.unwrap();
        assert!(none.is_none(), "{part}");
        assert_same(&target, &find(store, &target.id).await);
    }
    assert!(store.find_by_login("carol").await.unwrap().is_none());
    assert!(store.find_by_login("other").await.unwrap().is_none());
}

async fn a_change_keeps_the_rules_of_its_method(store: &impl AccountStore) {
    let root = superuser(store, "root").await;
    let alice = administrator(store, "alice").await;
    let standings = [Standing::of(&root)];
    let update = async |id: &str, update: AccountUpdate<'_>| store.update_while(id, update, &standings).await;
    for withdrawal in [AccountUpdate::Active(false), AccountUpdate::Superuser(false)] {
        assert_eq!(update(&root.id, withdrawal).await.unwrap(), AccountChange::LastSuperuser);
    }
    assert_eq!(update("nobody", AccountUpdate::Roles(&[])).await.unwrap(), AccountChange::Unknown);
    let taken = update(&alice.id, AccountUpdate::Username("Root")).await;
    assert!(matches!(taken, Err(CreateError::UsernameTaken)), "{taken:?}");
    let email = |old, new| AccountUpdate::Email { old, new, verified_at: None };
    let taken = update(&alice.id, email("alice@example.org", "root@example.org")).await;
    assert!(matches!(taken, Err(CreateError::EmailTaken)), "{taken:?}");
    let outdated = update(&alice.id, email("alicia@example.org", "a@example.org")).await.unwrap();
    assert_eq!(outdated, AccountChange::Overtaken, "another address than the one that is replaced");
    let (other, new_hash) = (hash("other"), hash("new"));
    let swap = AccountUpdate::PasswordHash { old: &other, new: &new_hash };
    assert_eq!(update(&alice.id, swap).await.unwrap(), AccountChange::Overtaken, "another hash");
    assert_same(&root, &find(store, &root.id).await);
    assert_same(&alice, &find(store, &alice.id).await);

    assert_eq!(update(&alice.id, AccountUpdate::Username("alicia")).await.unwrap(), AccountChange::Done);
    let retired = store.create(new("alice", "other@example.org")).await;
    assert!(matches!(retired, Err(CreateError::UsernameTaken)), "the former name is retired");
    let waiting = pending(store, "waiting", 2_000).await;
    assert_eq!(update(&waiting.id, AccountUpdate::Active(true)).await.unwrap(), AccountChange::Done);
    assert_eq!(find(store, &waiting.id).await.pending_until, None);
    assert_eq!(store.remove_pending(at(9_000), 10).await.unwrap(), 0, "it is open");
}

async fn an_account_is_created_while_everybody_stands_so(store: &impl AccountStore) {
    let actor = administrator(store, "actor").await;
    let standings = [Standing::of(&actor)];
    let mut wanted = new("carol", "carol@example.org");
    wanted.roles = vec!["admin".to_owned()];
    let created = store.create_while(wanted.clone(), &standings).await.unwrap().unwrap();
    assert_same(&created, &find(store, &created.id).await);
    assert_eq!((created.username.as_str(), created.roles.as_slice()), ("carol", wanted.roles.as_slice()));
    let taken = store.create_while(wanted.clone(), &standings).await;
    assert!(matches!(taken, Err(CreateError::UsernameTaken)), "{taken:?}");
    let mut other = wanted;
    other.username = "other".to_owned();
    let taken = store.create_while(other, &[]).await;
    assert!(matches!(taken, Err(CreateError::EmailTaken)), "{taken:?}");
}

/// Each has read that both are administrators, and takes the other's role.
async fn of_two_who_demote_each_other_one_is_refused(store: impl AccountStore) {
    let store = Arc::new(store);
    for round in 0..ROUNDS {
        let pair = [
            administrator(&*store, &format!("one{round}")).await,
            administrator(&*store, &format!("two{round}")).await,
        ];
        let mut outcomes = at_once(2, |task| {
            let (store, actor, target) = (Arc::clone(&store), pair[task].clone(), pair[1 - task].clone());
            async move {
                let standings = [Standing::of(&actor), Standing::of(&target)];
                store.update_while(&target.id, AccountUpdate::Roles(&[]), &standings).await.unwrap()
            }
        })
        .await;
        outcomes.sort_by_key(|outcome| *outcome != AccountChange::Done);
        assert_eq!(outcomes, [AccountChange::Done, AccountChange::Overtaken], "round {round}");
        let mut left = 0;
        for account in &pair {
            left += usize::from(!find(&*store, &account.id).await.roles.is_empty());
        }
        assert_eq!(left, 1, "round {round}: one administrator is left");
    }
}

/// Each takes something from the next one. A store that locked the accounts in another order each time would deadlock.
async fn nobody_waits_for_ever_in_a_ring(store: impl AccountStore) {
    const RING: usize = 5;
    let store = Arc::new(store);
    superuser(&*store, "root").await;
    for round in 0..ROUNDS {
        let mut ring = Vec::new();
        for number in 0..RING {
            ring.push(administrator(&*store, &format!("r{round}.{number}")).await);
        }
        let outcomes = at_once(RING, |task| {
            let (store, actor, target) = (Arc::clone(&store), ring[task].clone(), ring[(task + 1) % RING].clone());
            async move {
                let standings = [Standing::of(&actor), Standing::of(&target)];
                let update = if task % 2 == 0 { AccountUpdate::Active(false) } else { AccountUpdate::Scopes(&[]) };
                store.update_while(&target.id, update, &standings).await.unwrap()
            }
        })
        .await;
        let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
        let (done, overtaken) = (count(AccountChange::Done), count(AccountChange::Overtaken));
        // All of them cannot be first.
        assert!(done > 0 && overtaken > 0 && done + overtaken == RING, "round {round}: {outcomes:?}");
    }
}
