use std::collections::HashSet;

use super::samples::{GENERATION, at, begin, continued, ended, ending, found, present, session, token};
use crate::store::{EndReason, Reissued, Revocation, RevokedTarget, Rotated, SessionRecord, SessionStore};

pub(super) async fn all<S: SessionStore>(fresh: &impl AsyncFn() -> S) {
    a_token_is_revoked_by_its_identifier(&fresh().await).await;
    tokens_are_issued_anew_and_sessions_go_on(&fresh().await).await;
    revocations_are_read_on_from_any_position(&fresh().await).await;
    a_position_is_never_given_twice(&fresh().await).await;
    the_newest_revocation_is_kept_until_there_is_another_one(&fresh().await).await;
    each_revocation_has_a_mark_of_its_own(&[fresh().await, fresh().await]).await;
}

async fn a_token_is_revoked_by_its_identifier(store: &impl SessionStore) {
    begin(store).await;
    store.revoke_token("jti", at(1_800)).await.unwrap();
    // Tokens and sessions have separate names: the session with the same name goes on.
    store.revoke_token("s", at(1_900)).await.unwrap();
    store.revoke_token("jti", at(1_800)).await.unwrap();

    let revocations = store.revocations(0).await.unwrap();
    let token = |id: &str| RevokedTarget::Token(id.to_owned());
    assert!(revocations.iter().all(|revocation| revocation.before_generation.is_none()));
    assert!(revocations[0].target == token("jti") && revocations[0].remember_until == at(1_800));
    assert!(revocations[1].target == token("s") && revocations[1].remember_until == at(1_900));
    assert!(revocations[2..].iter().all(|revocation| revocation.target == token("jti")), "at most once more");
    assert!(found(store, "s").await == session("s"));
}

async fn tokens_are_issued_anew_and_sessions_go_on(store: &impl SessionStore) {
    begin(store).await;
    store.begin(SessionRecord { user_id: "another".to_owned(), ..session("another's") }, token(2)).await.unwrap();
    store.begin(session("ended"), token(3)).await.unwrap();
    assert!(store.end("ended", "user", ending(1_100, EndReason::SignedOut)).await.unwrap());

    for (already, generation) in [(1, GENERATION + 1), (3, GENERATION + 2)] {
        let mut reissued = store.reissue("user", at(1_900)).await.unwrap();
        reissued.sort_by(|one, other| one.session_id.cmp(&other.session_id));
        assert_eq!(reissued, ["bystander", "s"].map(|id| Reissued { session_id: id.to_owned(), generation }));
        let revocations = store.revocations(already).await.unwrap();
        assert_eq!(revocations.len(), 2, "after the revocation of the ended session");
        for Reissued { session_id, generation } in reissued {
            let target = RevokedTarget::Session(session_id);
            let revocation = revocations.iter().find(|revocation| revocation.target == target).unwrap();
            assert_eq!((revocation.before_generation, revocation.remember_until), (Some(generation), at(1_900)));
        }
    }
    let anew = SessionRecord { generation: GENERATION + 2, ..session("s") };
    assert!(found(store, "s").await == anew);
    assert_eq!(found(store, "another's").await.generation, GENERATION);
    assert!(found(store, "ended").await == ended(session("ended"), 1_100, EndReason::SignedOut));
    assert_eq!(present(1, 9, 1_500).to(store).await, Rotated::Won(continued(anew, 1_500)));
    assert!(matches!(present(255, 254, 1_500).to(store).await, Rotated::Won(_)), "a token of another session is good");
}

async fn revocations_are_read_on_from_any_position(store: &impl SessionStore) {
    begin(store).await;
    for number in 0..5 {
        store.revoke_token(&format!("jti {number}"), at(9_000 - number)).await.unwrap();
    }
    assert!(store.end("s", "user", ending(1_500, EndReason::SignedOut)).await.unwrap());
    let all = store.revocations(0).await.unwrap();
    assert_eq!((all.len(), all[0].position), (6, 1), "the first is 1");
    assert!(all.is_sorted_by(|one, other| one.position < other.position), "in order of their positions");
    assert!(all[5].target == RevokedTarget::Session("s".to_owned()), "in the order in which they were added");

    for (index, revocation) in all.iter().enumerate() {
        assert!(store.revocations(revocation.position).await.unwrap() == all[index + 1..], "after {index}");
    }
    for beyond in [all[5].position + 1, i64::MAX.unsigned_abs(), u64::MAX] {
        assert!(store.revocations(beyond).await.unwrap().is_empty(), "after {beyond}");
    }
}

async fn a_position_is_never_given_twice(store: &impl SessionStore) {
    for id in ["first", "second"] {
        store.revoke_token(id, at(1_500)).await.unwrap();
    }
    let last = newest(store).await;
    assert_eq!(store.remove_expired(at(1_500), 10).await.unwrap(), 1);
    store.revoke_token("third", at(1_500)).await.unwrap();
    let next = newest(store).await;
    assert!(next.position > last.position, "a reader that had read up to {last:?} would miss it");
    assert!(store.revocations(last.position).await.unwrap() == [next]);
}

/// By its newest known revocation, a process sees that it has read this store and no other copy of it.
async fn the_newest_revocation_is_kept_until_there_is_another_one(store: &impl SessionStore) {
    assert!(store.revocations(0).await.unwrap().is_empty());
    for id in ["first", "second", "third"] {
        store.revoke_token(id, at(1_500)).await.unwrap();
        let last = newest(store).await;
        while store.remove_expired(at(i64::MAX), 10).await.unwrap() > 0 {}
        assert!(store.revocations(0).await.unwrap() == [last.clone()], "{id}, with the same mark");
        assert!(store.revocations(last.position - 1).await.unwrap() == [last], "{id}");
    }
}

async fn each_revocation_has_a_mark_of_its_own(stores: &[impl SessionStore; 2]) {
    let mut marks = HashSet::new();
    for store in stores {
        begin(store).await;
        store.revoke_token("jti", at(1_500)).await.unwrap();
        assert_eq!(store.reissue("user", at(1_500)).await.unwrap().len(), 2);
        assert_eq!(store.end_all("user", None, ending(1_500, EndReason::SignedOut)).await.unwrap().len(), 2);
        marks.extend(store.revocations(0).await.unwrap().into_iter().map(|revocation| revocation.mark));
    }
    assert_eq!(marks.len(), 10, "marks tell the positions of two copies of a database apart");
}

async fn newest(store: &impl SessionStore) -> Revocation {
    store.revocations(0).await.unwrap().pop().unwrap()
}
