//! Changes of accounts that meet.

use std::sync::Arc;

use super::{
    account_openings::pending,
    accounts::{hash, new},
    race::at_once,
    samples::at,
    superusers::superuser,
};
use crate::store::{AccountChange, AccountOpening, AccountQuery, AccountStore, CreateError};

/// How many tasks meet.
const FEW: usize = 12;

const ROUNDS: usize = 6;

pub(super) async fn all<S: AccountStore>(fresh: &impl AsyncFn() -> S) {
    one_superuser_is_left(fresh().await).await;
    two_superusers_never_both_go(fresh().await).await;
    one_opening_wins(fresh().await).await;
    one_opening_gets_a_name(fresh().await).await;
    an_account_is_opened_or_removed(fresh().await).await;
    nobody_gets_a_name_that_is_being_given_up(fresh().await).await;
    one_of_two_changes_of_an_address_wins(fresh().await).await;
}

/// All superusers resign at once, each in one of three ways.
async fn one_superuser_is_left(store: impl AccountStore) {
    let store = Arc::new(store);
    for round in 0..ROUNDS {
        let mut superusers = active_superusers(&*store).await;
        for number in superusers.len()..FEW {
            superusers.push(superuser(&*store, &format!("{round}.{number}")).await.id);
        }
        let outcomes = at_once(FEW, |task| {
            let (store, id) = (Arc::clone(&store), superusers[task].clone());
            async move { resign(&*store, &id, task + round).await }
        })
        .await;
        let refused = outcomes.iter().filter(|outcome| **outcome == AccountChange::LastSuperuser).count();
        assert_eq!(refused, 1, "round {round}: {outcomes:?}");
        assert_eq!(active_superusers(&*store).await.len(), 1, "round {round}");
    }
}

/// Two administrators take each other's rights away, in each pair of ways.
async fn two_superusers_never_both_go(store: impl AccountStore) {
    let store = Arc::new(store);
    for way in 0..9 {
        let mut pair = active_superusers(&*store).await;
        for number in pair.len()..2 {
            pair.push(superuser(&*store, &format!("{way}.{number}")).await.id);
        }
        let mut outcomes = at_once(2, |task| {
            let (store, id) = (Arc::clone(&store), pair[1 - task].clone());
            async move { resign(&*store, &id, if task == 0 { way % 3 } else { way / 3 }).await }
        })
        .await;
        outcomes.sort_by_key(|outcome| *outcome != AccountChange::Done);
        assert_eq!(outcomes, [AccountChange::Done, AccountChange::LastSuperuser], "way {way}");
        assert_eq!(active_superusers(&*store).await.len(), 1, "way {way}");
    }
}

async fn resign(store: &impl AccountStore, id: &str, way: usize) -> AccountChange {
    match way % 3 {
        0 => store.set_superuser(id, false).await.unwrap(),
        1 => store.set_active(id, false).await.unwrap(),
        _ => store.delete(id).await.unwrap(),
    }
}

async fn active_superusers(store: &impl AccountStore) -> Vec<String> {
    let mut query = AccountQuery::new(100);
    (query.active, query.superuser) = (Some(true), Some(true));
    store.list_accounts(&query).await.unwrap().into_iter().map(|account| account.id).collect()
}

async fn one_opening_wins(store: impl AccountStore) {
    let store = Arc::new(store);
    for round in 0..ROUNDS {
        let invited = pending(&*store, &format!("invited{round}"), 2_000).await;
        let name = |task: usize| format!("name{round}.{task}");
        let opened = at_once(FEW, |task| {
            let (store, id) = (Arc::clone(&store), invited.id.clone());
            let opening = AccountOpening {
                username: Some(name(task)),
                password_hash: Some(hash(&task.to_string())),
                ..AccountOpening::new()
            };
            async move { store.open(&id, opening, at(1_000)).await.unwrap() }
        })
        .await;
        let winners: Vec<_> = opened.iter().flatten().collect();
        assert_eq!(winners.len(), 1, "one opening of an account wins");
        super::accounts::assert_same(winners[0], &store.find(&invited.id).await.unwrap().unwrap());
        for task in 0..FEW {
            let found = store.find_by_login(&name(task)).await.unwrap();
            assert_eq!(found.is_some(), winners[0].username == name(task), "a loser keeps no name: {task}");
        }
    }
}

async fn one_opening_gets_a_name(store: impl AccountStore) {
    let store = Arc::new(store);
    let mut invited = Vec::new();
    for number in 0..FEW {
        invited.push(pending(&*store, &format!("invited{number}"), 2_000).await.id);
    }
    let opened = at_once(FEW, |task| {
        let (store, id) = (Arc::clone(&store), invited[task].clone());
        let opening = AccountOpening { username: Some("alice".to_owned()), ..AccountOpening::new() };
        async move { store.open(&id, opening, at(1_000)).await }
    })
    .await;
    let mut won = 0;
    for outcome in opened {
        match outcome {
            Ok(opened) => won += usize::from(opened.is_some()),
            Err(CreateError::UsernameTaken) => {}
            Err(other) => panic!("an opening failed: {other:?}"),
        }
    }
    assert_eq!(won, 1, "one account gets the name");
    assert_eq!(store.remove_pending(at(2_000), 100).await.unwrap(), FEW as u64 - 1, "the others are still pending");
}

/// Two processes need not agree about the time.
async fn an_account_is_opened_or_removed(store: impl AccountStore) {
    let store = Arc::new(store);
    for round in 0..ROUNDS * 2 {
        let invited = pending(&*store, &format!("invited{round}"), 2_000).await;
        let outcomes = at_once(2, |task| {
            let (store, id) = (Arc::clone(&store), invited.id.clone());
            async move {
                match (task + round) % 2 {
                    0 => store.open(&id, AccountOpening::new(), at(1_999)).await.unwrap().is_some(),
                    _ => store.remove_pending(at(2_000), 10).await.unwrap() > 0,
                }
            }
        })
        .await;
        let is_opened = outcomes[round % 2];
        let found = store.find(&invited.id).await.unwrap();
        assert_eq!(found.is_some_and(|account| account.active), is_opened, "round {round}: an opened account stays");
        // A store may leave an account that is being opened for the next time.
        assert!(!outcomes.iter().all(|did| *did), "round {round}: opened and removed");
    }
}

/// The name is its owner's until it is retired, and there is no moment between.
async fn nobody_gets_a_name_that_is_being_given_up(store: impl AccountStore) {
    let store = Arc::new(store);
    for round in 0..ROUNDS * 2 {
        let name = format!("name{round}");
        let owner = store.create(new(&name, &format!("{name}@example.org"))).await.unwrap().id;
        let is_refused = at_once(FEW, |task| {
            let (store, owner, name) = (Arc::clone(&store), owner.clone(), name.clone());
            async move {
                match (task, round % 2) {
                    (5, 0) => store.set_username(&owner, &format!("{name}.new")).await.unwrap(),
                    (5, _) => store.delete(&owner).await.unwrap() == AccountChange::Done,
                    _ => {
                        let created = store.create(new(&name, &format!("{name}.{task}@example.org"))).await;
                        matches!(created, Err(CreateError::UsernameTaken))
                    }
                }
            }
        })
        .await;
        assert!(is_refused.into_iter().all(|is_refused| is_refused), "round {round}: somebody got the name");
        assert!(store.find_by_login(&name).await.unwrap().is_none(), "round {round}");
    }
}

async fn one_of_two_changes_of_an_address_wins(store: impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let store = Arc::new(store);
    let changed = at_once(FEW, |task| {
        let (store, alice) = (Arc::clone(&store), alice.clone());
        async move { store.set_email(&alice.id, &alice.email, &format!("{task}@example.org"), None).await.unwrap() }
    })
    .await;
    assert_eq!(changed.iter().filter(|changed| **changed).count(), 1, "one change from one old address wins");
    for (task, is_changed) in changed.into_iter().enumerate() {
        let found = store.find_by_login(&format!("{task}@example.org")).await.unwrap();
        assert_eq!(found.is_some(), is_changed, "a loser keeps no address: {task}");
    }
}
