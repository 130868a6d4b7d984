//! Everything that belongs to one user goes, and nothing of another.

use std::sync::Arc;

use super::{
    api_keys::{found as found_key, key},
    attempts::{attempt, fail, succeed},
    race::at_once,
    samples::{
        assert_untouched, at, begin, cookie, ended, ending, found, found_token, hash, present, revoked, session, token,
    },
    sessions::cookie_session,
};
use crate::store::{
    Admission, ApiKeyRecord, ApiKeyStore, AttemptLimits, AttemptStore, EndReason, Ending, OneTimeRecord,
    OneTimeTokenStore, Purpose, Rotated, SessionRecord, SessionStore,
};

const GONE: Ending = ending(1_900, EndReason::Deleted);

pub(super) async fn sessions<S: SessionStore>(fresh: &impl AsyncFn() -> S) {
    all_sessions_of_a_user_are_removed(&fresh().await).await;
    a_session_is_removed_while_it_is_continued(fresh().await).await;
}

/// Sessions "a" and "c" have refresh tokens, "b" a cookie, and "d" has ended.
async fn all_sessions_of_a_user_are_removed(store: &impl SessionStore) {
    let mine = |session: SessionRecord| SessionRecord { user_id: "mine".to_owned(), ..session };
    begin(store).await;
    store.begin(mine(session("a")), token(11)).await.unwrap();
    store.begin(mine(cookie_session("b")), cookie(12)).await.unwrap();
    store.begin(mine(SessionRecord { absolute_expires_at: at(1_700), ..session("c") }), token(13)).await.unwrap();
    store.begin(mine(session("d")), token(14)).await.unwrap();
    assert!(store.end("d", "mine", ending(1_200, EndReason::SignedOut)).await.unwrap());
    assert!(matches!(present(11, 15, 1_500).to(store).await, Rotated::Won(_)));
    for user in ["Mine", "", "a", "nobody"] {
        assert!(store.remove_all(user, GONE).await.unwrap().is_empty(), "{user:?}");
    }
    assert!(found(store, "d").await == mine(ended(session("d"), 1_200, EndReason::SignedOut)));

    let mut removed = store.remove_all("mine", GONE).await.unwrap();
    removed.sort();
    assert_eq!(removed, ["a", "b", "c"], "those that had not ended");
    for id in ["a", "b", "c", "d"] {
        assert!(store.find_session(id).await.unwrap().is_none(), "{id}");
    }
    for number in [11, 13, 14, 15] {
        assert!(found_token(store, number).await.is_none(), "token {number}");
        assert_eq!(present(number, 99, 1_500).to(store).await, Rotated::Unknown, "token {number}");
    }
    assert!(store.find_by_cookie(&hash(12)).await.unwrap().is_none());
    let mut targets = revoked(store).await;
    assert_eq!(targets.remove(0), "d", "the session that ended first");
    targets.sort();
    assert_eq!(targets, ["a", "b", "c"], "their access tokens are refused");
    assert!(store.remove_all("mine", GONE).await.unwrap().is_empty());
    assert_eq!(store.remove_expired(at(1_999), 10).await.unwrap(), 0, "nothing is left behind");
    assert!(found(store, "s").await == session("s"));
    assert_untouched(store).await;
    // A removed session does not block its identifier and its hash.
    store.begin(session("a"), token(11)).await.unwrap();
    store.begin(cookie_session("b"), cookie(12)).await.unwrap();
}

async fn a_session_is_removed_while_it_is_continued(store: impl SessionStore) {
    let store = Arc::new(store);
    for round in 1..=8_u8 {
        let mine = SessionRecord { user_id: "mine".to_owned(), ..session("mine") };
        store.begin(mine, token(round)).await.unwrap();
        let outcomes = at_once(8, |task| {
            let store = Arc::clone(&store);
            async move {
                if task == 3 {
                    return store.remove_all("mine", GONE).await.unwrap() == ["mine"];
                }
                let rotated = present(round, 100 + round, 1_500).to(&*store).await;
                matches!(rotated, Rotated::Won(_) | Rotated::Again { .. } | Rotated::Unknown)
            }
        })
        .await;
        assert!(outcomes.into_iter().all(|is_fine| is_fine), "round {round}");
        assert!(store.find_session("mine").await.unwrap().is_none(), "round {round}");
        for number in [round, 100 + round] {
            assert!(found_token(&*store, number).await.is_none(), "round {round}: token {number}");
        }
    }
}

pub(super) async fn keys(store: &impl ApiKeyStore) {
    let foreign = ApiKeyRecord { user_id: "v".to_owned(), ..key(4) };
    for key in [key(1), key(2), key(3), foreign.clone()] {
        store.create_key(key, 10).await.unwrap();
    }
    assert!(store.revoke_key("u", "002", at(1_400)).await.unwrap());
    assert_eq!(store.remove_all_keys("nobody").await.unwrap(), 0);
    assert_eq!(store.remove_all_keys("u").await.unwrap(), 3, "in any state");
    assert_eq!(store.remove_all_keys("u").await.unwrap(), 0);
    for number in 1..=3 {
        assert_eq!(found_key(store, number).await, None, "{number}");
    }
    assert!(store.list_keys("u").await.unwrap().is_empty());
    assert_eq!(found_key(store, 4).await, Some(foreign));
    store.create_key(key(1), 1).await.unwrap();
}

pub(super) async fn attempts(store: &impl AttemptStore, limits: &AttemptLimits) {
    for account in [1, 2] {
        succeed(store, account, 1, 1_000).await;
        fail(store, account, 1, 3, 1_000).await;
        fail(store, account, 9, 3, 1_000).await;
    }
    store.forget(&attempt(1, 1).account).await.unwrap();
    store.forget(&attempt(3, 1).account).await.unwrap();
    assert!(!store.is_known_client(&attempt(1, 1), at(1_000)).await.unwrap(), "its clients are strangers");
    fail(store, 1, 1, 2, 1_000).await;
    fail(store, 1, 9, 1, 1_000).await;
    for client in [1, 9] {
        let admission = store.admit_attempt(&attempt(1, client), limits, at(1_000)).await.unwrap();
        assert!(matches!(admission, Admission::Locked { .. }), "they share one counter: {client}");
        let admission = store.admit_attempt(&attempt(2, client), limits, at(1_000)).await.unwrap();
        assert!(matches!(admission, Admission::Locked { .. }), "another account stays as it is: {client}");
    }
    assert!(store.is_known_client(&attempt(2, 1), at(1_000)).await.unwrap());
    assert_eq!(store.remove_expired_attempts(at(i64::MAX), u32::MAX).await.unwrap(), 4, "no other row is left");
}

pub(super) async fn one_time(store: &impl OneTimeTokenStore) {
    let token = |number: u8, user_id: &str, purpose| {
        OneTimeRecord::new(hash(number), purpose, user_id, format!("{user_id}@example.org"), at(2_000))
    };
    let mine: Vec<_> = (1..).zip(Purpose::ALL).map(|(number, purpose)| token(number, "mine", purpose)).collect();
    let foreign = token(9, "another", Purpose::Invitation);
    for record in mine.iter().chain([&foreign]) {
        store.issue_one_time(record.clone()).await.unwrap();
    }
    for record in &mine {
        let kept = store.find_one_time(&record.hash, record.purpose, at(1_500)).await.unwrap();
        assert_eq!(kept.as_ref(), Some(record), "one token for each purpose");
    }
    assert_eq!(store.void_all_one_time("nobody").await.unwrap(), 0);
    assert_eq!(store.void_all_one_time("mine").await.unwrap(), Purpose::ALL.len() as u64);
    assert_eq!(store.void_all_one_time("mine").await.unwrap(), 0);
    for record in &mine {
        let redeemed = store.redeem_one_time(&record.hash, record.purpose, at(1_500)).await.unwrap();
        assert_eq!(redeemed, None, "{:?}", record.purpose);
    }
    let kept = store.redeem_one_time(&foreign.hash, foreign.purpose, at(1_500)).await.unwrap();
    assert_eq!(kept, Some(foreign));
}
