use super::{
    samples::{
        REMEMBERED, assert_untouched, at, begin, cookie, ended, ending, found, found_token, hash, present, revoked,
        session, token, unused,
    },
    sessions::{cookie_session, touched},
};
use crate::store::{EndReason, Rotated, SessionRecord, SessionStore};

pub(super) async fn all<S: SessionStore>(fresh: &impl AsyncFn() -> S) {
    a_session_is_ended_once_and_by_its_user(&fresh().await).await;
    every_reason_is_kept(&fresh().await).await;
    all_sessions_of_a_user_end_but_one(&fresh().await).await;
    all_sessions_of_a_user_end(&fresh().await).await;
}

async fn a_session_is_ended_once_and_by_its_user(store: &impl SessionStore) {
    begin(store).await;
    for user in ["another", "User", "", "s"] {
        assert!(!store.end("s", user, ending(1_500, EndReason::EndedByUser)).await.unwrap(), "{user:?}");
    }
    assert!(!store.end("nobody's", "user", ending(1_500, EndReason::EndedByUser)).await.unwrap());
    assert!(found(store, "s").await == session("s"));
    assert!(revoked(store).await.is_empty());

    assert!(store.end("s", "user", ending(1_500, EndReason::EndedByUser)).await.unwrap());
    assert!(!store.end("s", "user", ending(1_600, EndReason::SignedOut)).await.unwrap(), "it had ended");
    let expected = ended(session("s"), 1_500, EndReason::EndedByUser);
    assert!(found(store, "s").await == expected);
    assert!(found_token(store, 1).await == unused(&expected), "an end uses nothing up");
    assert_eq!(present(1, 2, 1_500).to(store).await, Rotated::Ended(expected));
    assert_eq!(revoked(store).await, ["s"]);
    let listed = store.list("user", at(1_500)).await.unwrap();
    assert!(listed == [session("bystander")], "an ended session is not live");
    assert_untouched(store).await;
}

async fn every_reason_is_kept(store: &impl SessionStore) {
    let reasons = [
        EndReason::SignedOut,
        EndReason::EndedByUser,
        EndReason::Revoked,
        EndReason::PasswordChanged,
        EndReason::TokenReuse,
        EndReason::Deactivated,
        EndReason::Administrator,
        EndReason::TooMany,
        EndReason::Deleted,
    ];
    for (number, reason) in (1..).zip(reasons) {
        let id = reason.name();
        store.begin(cookie_session(id), cookie(number)).await.unwrap();
        assert!(store.end(id, "user", ending(-5, reason)).await.unwrap());
        let expected = ended(cookie_session(id), -5, reason);
        assert!(store.find_by_cookie(&hash(number)).await.unwrap() == Some(expected), "{id}: found, and ended");
    }
}

/// Starts sessions "a" to "d" of "user" and a session of "another". "d" has ended, and "c" has expired by 1900.
async fn begin_many(store: &impl SessionStore) {
    let of_another = SessionRecord { user_id: "another".to_owned(), ..session("another's") };
    store.begin(session("a"), token(1)).await.unwrap();
    store.begin(cookie_session("b"), cookie(2)).await.unwrap();
    store.begin(SessionRecord { absolute_expires_at: at(1_700), ..session("c") }, token(3)).await.unwrap();
    store.begin(session("d"), token(4)).await.unwrap();
    store.begin(of_another, token(5)).await.unwrap();
    assert!(store.end("d", "user", ending(1_200, EndReason::SignedOut)).await.unwrap());
}

async fn all_sessions_of_a_user_end_but_one(store: &impl SessionStore) {
    begin_many(store).await;
    let end = store.end_all("user", Some("a"), ending(1_900, EndReason::PasswordChanged)).await.unwrap();
    assert_eq!(sorted(end), ["b", "c"], "expired is not ended");

    for id in ["b", "c"] {
        assert_eq!(found(store, id).await.ended.unwrap().reason, EndReason::PasswordChanged, "{id}");
        assert!(!touched(store, id, "first", 1_950, 3_000).await, "{id}");
    }
    assert!(found(store, "d").await == ended(session("d"), 1_200, EndReason::SignedOut), "it had ended");
    assert!(found(store, "a").await == session("a"));
    assert_eq!(found(store, "another's").await.ended, None);
    let mut revoked = revoked(store).await;
    assert_eq!(revoked.remove(0), "d", "the session that ended first");
    assert_eq!(sorted(revoked), ["b", "c"]);
    assert!(matches!(present(1, 9, 1_950).to(store).await, Rotated::Won(_)));
    assert!(matches!(present(3, 8, 1_500).to(store).await, Rotated::Ended(_)));
}

async fn all_sessions_of_a_user_end(store: &impl SessionStore) {
    begin_many(store).await;
    let none = store.end_all("User", None, ending(1_900, EndReason::Deactivated)).await.unwrap();
    assert!(none.is_empty(), "case matters");
    // Another user's session cannot be the exception.
    let end = store.end_all("user", Some("another's"), ending(1_900, EndReason::Deactivated)).await.unwrap();
    assert_eq!(sorted(end), ["a", "b", "c"]);
    let again = store.end_all("user", None, ending(1_950, EndReason::SignedOut)).await.unwrap();
    assert!(again.is_empty(), "they had ended");
    assert_eq!(sorted(revoked(store).await), ["a", "b", "c", "d"]);
    assert!(store.list("user", at(1_500)).await.unwrap().is_empty());
    assert_eq!(found(store, "another's").await.ended, None);

    let end = store.end_all("another", None, ending(1_900, EndReason::Deactivated)).await.unwrap();
    assert_eq!(end, ["another's"]);
    assert!(store.revocations(0).await.unwrap().iter().all(|revocation| revocation.remember_until == REMEMBERED));
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}
