//! Many tasks that change the same session at once.

use core::time::Duration;
use std::{collections::HashSet, sync::Arc};

use tokio::time::timeout;

use super::{
    race::{TASKS, at_once},
    samples::{Presented, at, begin, cookie, ending, found, hash, present, revoked, session, token},
    sessions::cookie_session,
};
use crate::{
    store::{CookieSwap, EndReason, RevokedTarget, Rotated, SessionStore},
    token::TokenHash,
};

pub(super) async fn all<S: SessionStore>(fresh: &impl AsyncFn() -> S) {
    one_beginning_wins(fresh().await).await;
    one_rotation_wins_and_the_others_get_its_successor(fresh().await).await;
    without_grace_the_others_end_the_family(fresh().await).await;
    an_end_leaves_no_usable_token(fresh().await).await;
    a_session_is_ended_by_one(fresh().await).await;
    one_cookie_swap_wins(fresh().await).await;
    no_revocation_is_missed(fresh().await).await;
}

async fn one_beginning_wins(store: impl SessionStore) {
    let store = Arc::new(store);
    let begun = at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        async move { store.begin(session("s"), token(small(task))).await.is_ok() }
    })
    .await;
    assert_eq!(begun.iter().filter(|won| **won).count(), 1, "one session of an identifier begins");
    let mut kept = 0;
    for task in 0..TASKS {
        kept += usize::from(store.find_by_token(&hash(small(task))).await.unwrap().is_some());
    }
    assert_eq!(kept, 1, "a loser keeps no token");
}

async fn one_rotation_wins_and_the_others_get_its_successor(store: impl SessionStore) {
    begin(&store).await;
    let store = Arc::new(store);
    let mut presented = hash(1);
    for round in 0..8 {
        let rotations = at_once(TASKS, |task| {
            let (store, rotation) = (Arc::clone(&store), rotation(presented, round, task));
            async move { rotation.to(&*store).await }
        })
        .await;
        let kept = successors(&*store, round).await;
        assert_eq!(kept.len(), 1, "a token has one successor");
        let won = rotations.iter().filter(|rotated| matches!(rotated, Rotated::Won(_))).count();
        let told =
            |rotated: &&Rotated| matches!(rotated, Rotated::Again { sealed, .. } if sealed == kept[0].as_bytes());
        let told = rotations.iter().filter(told).count();
        assert_eq!((won, told), (1, TASKS - 1), "one wins, and all others get the successor that it stored");
        presented = kept[0];
    }
    assert!(revoked(&*store).await.is_empty());
    assert_eq!(found(&*store, "s").await.ended, None);
}

async fn without_grace_the_others_end_the_family(store: impl SessionStore) {
    begin(&store).await;
    let store = Arc::new(store);
    let rotations = at_once(TASKS, |task| {
        let (store, rotation) = (Arc::clone(&store), rotation(hash(1), 0, task));
        async move { Presented { grace_seconds: 0, ..rotation }.to(&*store).await }
    })
    .await;
    let count = |is: fn(&Rotated) -> bool| rotations.iter().filter(|rotated| is(rotated)).count();
    assert_eq!(count(|rotated| matches!(rotated, Rotated::Won(_))), 1);
    assert_eq!(count(|rotated| matches!(rotated, Rotated::Reused(_))), 1, "the family ends once");
    assert_eq!(count(|rotated| matches!(rotated, Rotated::Ended(_))), TASKS - 2);
    assert_eq!(successors(&*store, 0).await.len(), 1);
    assert_eq!(revoked(&*store).await, ["s"]);
}

/// Half of the tasks continue the session, and the other half end it.
async fn an_end_leaves_no_usable_token(store: impl SessionStore) {
    let store = Arc::new(store);
    for round in 0..4 {
        let (id, first) = (format!("s{round}"), small(round) + 1);
        store.begin(session(&id), token(first)).await.unwrap();
        let rounds = i64::try_from(round).unwrap();
        at_once(TASKS, |task| {
            let (store, id, rotation) = (Arc::clone(&store), id.clone(), rotation(hash(first), rounds, task));
            async move {
                if task % 2 == 0 {
                    store.end(&id, "user", ending(1_500, EndReason::SignedOut)).await.unwrap();
                } else {
                    let _ = rotation.to(&*store).await;
                }
            }
        })
        .await;
        for hash in successors(&*store, rounds).await.into_iter().chain([hash(first)]) {
            let rotated = Presented { hash, ..present(0, 250, 1_500) }.to(&*store).await;
            assert!(matches!(rotated, Rotated::Ended(_)), "{rotated:?}");
        }
        let revoked = revoked(&*store).await;
        assert_eq!(revoked.iter().filter(|one| **one == id).count(), 1, "{revoked:?}");
    }
}

async fn a_session_is_ended_by_one(store: impl SessionStore) {
    for number in 0..8 {
        store.begin(session(&format!("s{number}")), token(number)).await.unwrap();
    }
    let store = Arc::new(store);
    let ends = at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        let ending = ending(1_500, EndReason::SignedOut);
        async move {
            if task % 2 == 0 {
                return store.end_all("user", None, ending).await.unwrap();
            }
            let id = format!("s{}", task % 8);
            if store.end(&id, "user", ending).await.unwrap() { vec![id] } else { Vec::new() }
        }
    })
    .await;
    let all: Vec<String> = (0..8).map(|number| format!("s{number}")).collect();
    for mut ids in [ends.concat(), revoked(&*store).await] {
        ids.sort();
        assert_eq!(ids, all, "each was ended once");
    }
}

async fn one_cookie_swap_wins(store: impl SessionStore) {
    store.begin(cookie_session("s"), cookie(255)).await.unwrap();
    let store = Arc::new(store);
    let swapped = at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        let swap = CookieSwap { old: hash(255), new: hash(small(task)) };
        async move { store.reauthenticated("s", Some(swap), at(1_500)).await.unwrap() }
    })
    .await;
    assert_eq!(swapped.iter().filter(|won| **won).count(), 1, "one swap of one cookie wins");
    let mut good = 0;
    for task in 0..TASKS {
        good += usize::from(store.find_by_cookie(&hash(small(task))).await.unwrap().is_some());
    }
    assert_eq!(good, 1, "a session has one cookie");
    assert!(store.find_by_cookie(&hash(255)).await.unwrap().is_none());
}

/// Half of the tasks add revocations. The other half read from their last position until they have seen all.
async fn no_revocation_is_missed(store: impl SessionStore) {
    const ADDED: usize = TASKS / 2 * 4;
    let store = Arc::new(store);
    let seen = at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        async move {
            let mut seen = Vec::new();
            if task % 2 == 0 {
                for number in 0..4 {
                    store.revoke_token(&format!("{task} {number}"), at(9_000)).await.unwrap();
                }
                return seen;
            }
            let mut position = 0;
            while seen.len() < ADDED {
                for revocation in store.revocations(position).await.unwrap() {
                    assert!(revocation.position > position, "in order");
                    position = revocation.position;
                    seen.push(revocation.target);
                }
                tokio::task::yield_now().await;
            }
            seen
        }
    });
    // A reader that missed a revocation would wait for it for ever.
    let seen = timeout(Duration::from_secs(60), seen).await.unwrap();
    let mut counts: Vec<usize> = seen.into_iter().map(|seen| HashSet::<RevokedTarget>::from_iter(seen).len()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [[0; TASKS / 2], [ADDED; TASKS / 2]].concat(), "each is read once");
}

/// Builds this task's rotation in this round. The sealed value is the hash of the successor.
fn rotation(hash: TokenHash, round: i64, task: usize) -> Presented {
    let successor = successor(round, task);
    Presented { hash, successor, sealed: successor.as_bytes().to_vec(), ..present(0, 0, 1_500 + round * 60) }
}

/// Returns the successors of a round that the store has.
async fn successors(store: &impl SessionStore, round: i64) -> Vec<TokenHash> {
    let mut kept = Vec::new();
    for task in 0..TASKS {
        let hash = successor(round, task);
        kept.extend(store.find_by_token(&hash).await.unwrap().map(|_| hash));
    }
    kept
}

fn successor(round: i64, task: usize) -> TokenHash {
    let mut hash = [251; 32];
    hash[0] = u8::try_from(round).unwrap();
    hash[1] = small(task);
    TokenHash::from_bytes(hash)
}

fn small(task: usize) -> u8 {
    u8::try_from(task).unwrap()
}
