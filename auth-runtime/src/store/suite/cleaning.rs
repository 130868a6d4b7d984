use super::{
    samples::{Presented, at, begin, cookie, ending, found, hash, present, session, token},
    sessions::{cookie_session, touched},
};
use crate::store::{EndReason, Rotated, SessionRecord, SessionStore};

pub(super) async fn all<S: SessionStore>(fresh: &impl AsyncFn() -> S) {
    sessions_that_are_over_are_removed_in_batches(&fresh().await).await;
    a_session_takes_its_credentials_with_it(&fresh().await).await;
    an_ended_session_is_kept_until_it_would_have_expired(&fresh().await).await;
    refresh_tokens_are_removed_in_batches(&fresh().await).await;
    sealed_successors_are_removed_when_they_are_not_answered_any_more(&fresh().await).await;
    revocations_are_removed_in_batches(&fresh().await).await;
}

async fn sessions_that_are_over_are_removed_in_batches(store: &impl SessionStore) {
    let over = |id: &str, idle, absolute| SessionRecord {
        idle_expires_at: at(idle),
        absolute_expires_at: at(absolute),
        ..cookie_session(id)
    };
    for (number, session) in [
        over("a", 1_500, 9_000),
        over("b", 9_000, 1_500),
        over("c", 1_400, 1_300),
        over("d", 1_450, 1_450),
        over("e", 1_501, 9_000),
        over("f", 9_000, 1_501),
    ]
    .into_iter()
    .enumerate()
    {
        store.begin(session, cookie(u8::try_from(number).unwrap())).await.unwrap();
    }
    let left = async || {
        let mut left = String::new();
        for id in ["a", "b", "c", "d", "e", "f"] {
            left.extend(store.find_session(id).await.unwrap().map(|session| session.id));
        }
        left
    };
    assert_eq!(store.remove_expired(at(1_299), 10).await.unwrap(), 0);
    assert_eq!(store.remove_expired(at(1_500), 0).await.unwrap(), 0);
    assert_eq!(left().await, "abcdef");
    assert_eq!(store.remove_expired(at(1_500), 3).await.unwrap(), 3);
    assert_eq!(left().await.len(), 3, "as many as were asked for");
    assert_eq!(store.remove_expired(at(1_500), 3).await.unwrap(), 1);
    assert_eq!(left().await, "ef");
    assert!(store.find_by_cookie(&hash(0)).await.unwrap().is_none());
    assert!(store.find_by_cookie(&hash(4)).await.unwrap().is_some());
    assert_eq!(store.remove_expired(at(i64::MAX), u32::MAX).await.unwrap(), 2);
    assert_eq!(left().await, "");
}

async fn a_session_takes_its_credentials_with_it(store: &impl SessionStore) {
    begin(store).await;
    store.begin(SessionRecord { absolute_expires_at: at(1_600), ..session("short") }, token(10)).await.unwrap();
    assert!(matches!(present(10, 11, 1_500).to(store).await, Rotated::Won(_)));
    remove_all(store, 1_600).await;
    assert!(store.find_session("short").await.unwrap().is_none());
    for number in [10, 11] {
        assert_eq!(present(number, 12, 1_500).to(store).await, Rotated::Unknown, "{number}");
        assert!(store.find_by_token(&hash(number)).await.unwrap().is_none(), "{number}");
    }
    // A removed session does not block its identifier and its hash.
    store.begin(session("short"), token(10)).await.unwrap();
    assert!(matches!(present(1, 2, 1_600).to(store).await, Rotated::Won(_)), "other sessions go on");
}

async fn an_ended_session_is_kept_until_it_would_have_expired(store: &impl SessionStore) {
    begin(store).await;
    assert!(store.end("s", "user", ending(1_500, EndReason::SignedOut)).await.unwrap());
    remove_all(store, 1_999).await;
    assert!(matches!(present(1, 2, 1_999).to(store).await, Rotated::Ended(_)));
    remove_all(store, 2_000).await;
    assert!(store.find_session("s").await.unwrap().is_none());
}

async fn refresh_tokens_are_removed_in_batches(store: &impl SessionStore) {
    store.begin(session("s"), token(1)).await.unwrap();
    for number in 1..=5 {
        let rotation = Presented { grace_seconds: 0, ..present(number, number + 1, 1_500 + i64::from(number)) };
        assert!(matches!(rotation.to(store).await, Rotated::Won(_)), "{number}");
    }
    // Token 1 expires at 2000, and the others at 2501 to 2505. The session goes on.
    assert!(touched(store, "s", "first", 1_600, 4_500).await);
    remove_all(store, 1_999).await;
    assert_eq!(store.remove_expired(at(2_000), 10).await.unwrap(), 1);
    assert_eq!(present(1, 9, 1_500).to(store).await, Rotated::Unknown);
    assert_eq!(store.remove_expired(at(2_504), 0).await.unwrap(), 0);
    assert_eq!(store.remove_expired(at(2_504), 3).await.unwrap(), 3);
    assert_eq!(store.remove_expired(at(2_504), 3).await.unwrap(), 1);
    for number in 1..=5 {
        assert!(store.find_by_token(&hash(number)).await.unwrap().is_none(), "{number}");
    }
    assert!(matches!(present(6, 7, 2_504).to(store).await, Rotated::Won(_)), "the token that is still good");
    assert_eq!(found(store, "s").await.ended, None);
}

async fn sealed_successors_are_removed_when_they_are_not_answered_any_more(store: &impl SessionStore) {
    for number in [1, 2, 3] {
        store.begin(session(&number.to_string()), token(number)).await.unwrap();
        assert!(matches!(present(number, number + 10, 1_500).to(store).await, Rotated::Won(_)));
    }
    assert_eq!(store.remove_expired(at(1_520), 10).await.unwrap(), 0);
    assert!(matches!(present(1, 99, 1_520).to(store).await, Rotated::Again { .. }));
    assert_eq!(store.remove_expired(at(1_521), 2).await.unwrap(), 2);
    assert_eq!(store.remove_expired(at(1_521), 2).await.unwrap(), 1);
    assert_eq!(store.remove_expired(at(1_521), 2).await.unwrap(), 0, "once");
    // The clock goes back. The removed successor is not answered, and the store still knows that the token was used.
    assert!(matches!(present(1, 99, 1_510).to(store).await, Rotated::Reused(_)));
    assert!(matches!(present(12, 99, 1_521).to(store).await, Rotated::Won(_)), "successors go on");
}

async fn revocations_are_removed_in_batches(store: &impl SessionStore) {
    // Added out of order: the first revocation is remembered longest.
    for number in 1..=5 {
        store.revoke_token(&number.to_string(), at(1_500 - number)).await.unwrap();
    }
    store.revoke_token("newest", at(1_200)).await.unwrap();
    assert_eq!(store.remove_expired(at(1_494), 10).await.unwrap(), 0);
    assert_eq!(store.remove_expired(at(1_498), 0).await.unwrap(), 0);
    assert_eq!(store.remove_expired(at(1_498), 3).await.unwrap(), 3);
    assert_eq!(store.remove_expired(at(1_498), 3).await.unwrap(), 1);
    let left = store.revocations(0).await.unwrap();
    assert_eq!((left.len(), left[0].position, left[0].remember_until), (2, 1, at(1_499)));
    assert_eq!(left[1].position, 6, "the newest stays");
}

async fn remove_all(store: &impl SessionStore, now: i64) {
    while store.remove_expired(at(now), 10).await.unwrap() > 0 {}
}
