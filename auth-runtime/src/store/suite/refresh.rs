use super::{
    hostile, race,
    tokens::{at, claim, token},
};
use crate::store::{Claim, InsertError, RefreshRecord, RefreshStore};

/// Check a refresh-token store.
///
/// # Panics
/// At the first thing that the store does wrong.
pub async fn refresh_store<S: RefreshStore>(fresh: impl AsyncFn() -> S) {
    a_token_is_used_once(&fresh().await).await;
    an_unknown_token_is_unknown(&fresh().await).await;
    a_token_ends_in_the_second_that_it_names(&fresh().await).await;
    a_used_token_stays_used_whatever_the_clock_says(&fresh().await).await;
    a_hash_is_never_stored_twice(&fresh().await).await;
    a_revoked_session_is_over(&fresh().await).await;
    all_sessions_of_a_user_but_one_end(&fresh().await).await;
    expired_tokens_are_removed_in_batches(&fresh().await).await;
    a_revocation_lasts_as_long_as_a_token_of_the_session(&fresh().await).await;
    hostile::refresh_tokens(&fresh().await).await;
    race::one_claim_wins(fresh().await).await;
    race::a_revocation_leaves_no_usable_token(fresh().await).await;
}

async fn a_token_is_used_once(store: &impl RefreshStore) {
    let (first, second) = (token(1), RefreshRecord { auth_time: at(-7), ..token(2) });
    store.insert(first.clone()).await.unwrap();
    store.insert(second.clone()).await.unwrap();

    assert_eq!(claim(store, &first, 1_500).await, Claim::Won(first.clone()));
    for now in [1_500, 1_600] {
        let replayed = Claim::Replayed { record: first.clone(), claimed_at: at(1_500) };
        assert_eq!(claim(store, &first, now).await, replayed);
    }
    assert_eq!(claim(store, &second, 1_600).await, Claim::Won(second), "each token of a session counts for itself");
}

async fn an_unknown_token_is_unknown(store: &impl RefreshStore) {
    store.insert(token(1)).await.unwrap();
    let mut nearly = token(1);
    nearly.hash[31] ^= 1;
    for other in [token(0), token(2), token(255), nearly] {
        assert_eq!(claim(store, &other, 1_500).await, Claim::Unknown);
    }
}

async fn a_token_ends_in_the_second_that_it_names(store: &impl RefreshStore) {
    let (first, second) = (token(1), token(2));
    store.insert(first.clone()).await.unwrap();
    store.insert(second.clone()).await.unwrap();
    assert_eq!(claim(store, &first, 2_000).await, Claim::Expired);
    assert_eq!(claim(store, &first, i64::MAX).await, Claim::Expired);
    assert_eq!(claim(store, &second, 1_999).await, Claim::Won(second));
    assert_eq!(claim(store, &first, 1_999).await, Claim::Won(first), "a late claim did not use the token up");
}

async fn a_used_token_stays_used_whatever_the_clock_says(store: &impl RefreshStore) {
    let token = token(1);
    store.insert(token.clone()).await.unwrap();
    assert_eq!(claim(store, &token, 1_500).await, Claim::Won(token.clone()));
    for now in [i64::MIN, 0, 1_499, 2_000, i64::MAX] {
        let replayed = Claim::Replayed { record: token.clone(), claimed_at: at(1_500) };
        assert_eq!(claim(store, &token, now).await, replayed, "{now}");
    }
}

async fn a_hash_is_never_stored_twice(store: &impl RefreshStore) {
    let token = token(1);
    store.insert(token.clone()).await.unwrap();
    let other = RefreshRecord { user_id: "another".to_owned(), session_id: "t".to_owned(), ..token.clone() };
    assert!(matches!(store.insert(other.clone()).await, Err(InsertError::Store(_))));
    assert_eq!(claim(store, &token, 1_500).await, Claim::Won(token));
    assert!(matches!(store.insert(other.clone()).await, Err(InsertError::Store(_))), "a used one stays used");
    assert!(matches!(claim(store, &other, 1_500).await, Claim::Replayed { .. }));
}

async fn a_revoked_session_is_over(store: &impl RefreshStore) {
    let (used, unused) = (token(1), token(2));
    let foreign = RefreshRecord { session_id: "another".to_owned(), ..token(3) };
    for token in [&used, &unused, &foreign] {
        store.insert(token.clone()).await.unwrap();
    }
    assert_eq!(claim(store, &used, 1_500).await, Claim::Won(used.clone()));

    assert_eq!(store.revoke_session("s", at(1_500)).await.unwrap(), 2);
    assert_eq!(store.revoke_session("s", at(1_600)).await.unwrap(), 0, "once is enough");
    assert_eq!(store.revoke_session("nobody's", at(1_600)).await.unwrap(), 0);
    for token in [used, unused] {
        for now in [0, 1_500, 2_000] {
            assert_eq!(claim(store, &token, now).await, Claim::Revoked(token.clone()));
        }
    }
    // A refresh that was under way when the session ended may not bring it back.
    assert!(matches!(store.insert(token(4)).await, Err(InsertError::SessionRevoked)));
    assert_eq!(claim(store, &token(4), 1_500).await, Claim::Unknown);
    assert_eq!(claim(store, &foreign, 1_500).await, Claim::Won(foreign), "other sessions go on");
}

async fn all_sessions_of_a_user_but_one_end(store: &impl RefreshStore) {
    let of = |number, session: &str, user: &str| RefreshRecord {
        session_id: session.to_owned(),
        user_id: user.to_owned(),
        ..token(number)
    };
    let tokens = [of(1, "a", "alice"), of(2, "b", "alice"), of(3, "b", "alice"), of(4, "c", "bob")];
    for token in &tokens {
        store.insert(token.clone()).await.unwrap();
    }
    assert_eq!(store.revoke_user("alice", Some("a"), at(1_500)).await.unwrap(), 2);
    assert_eq!(store.revoke_user("nobody", None, at(1_500)).await.unwrap(), 0);
    assert_eq!(claim(store, &tokens[0], 1_500).await, Claim::Won(tokens[0].clone()));
    assert_eq!(claim(store, &tokens[1], 1_500).await, Claim::Revoked(tokens[1].clone()));
    assert_eq!(store.revoke_user("alice", None, at(1_500)).await.unwrap(), 1);
    assert_eq!(claim(store, &tokens[0], 1_500).await, Claim::Revoked(tokens[0].clone()));
    assert_eq!(claim(store, &tokens[3], 1_500).await, Claim::Won(tokens[3].clone()));
}

async fn expired_tokens_are_removed_in_batches(store: &impl RefreshStore) {
    // Inserted out of order: token 1 expires last.
    for number in 1..=6 {
        let expires_at = at(3_000 - i64::from(number));
        store.insert(RefreshRecord { expires_at, ..token(number) }).await.unwrap();
    }
    assert_eq!(store.remove_expired(at(2_993), 10).await.unwrap(), 0);
    assert_eq!(store.remove_expired(at(2_997), 0).await.unwrap(), 0);
    assert_eq!(store.remove_expired(at(2_997), 2).await.unwrap(), 2, "tokens 6 and 5");
    assert_eq!(claim(store, &token(4), i64::MAX).await, Claim::Expired, "the oldest go first");
    assert_eq!(store.remove_expired(at(2_997), 10).await.unwrap(), 2, "tokens 4 and 3");
    for number in 3..=6 {
        assert_eq!(claim(store, &token(number), 0).await, Claim::Unknown, "{number}");
    }
    for number in 1..=2 {
        assert!(matches!(claim(store, &token(number), 2_997).await, Claim::Won(_)), "{number}");
    }
    assert_eq!(store.remove_expired(at(i64::MAX), u32::MAX).await.unwrap(), 2, "used ones go, too");
}

async fn a_revocation_lasts_as_long_as_a_token_of_the_session(store: &impl RefreshStore) {
    store.insert(token(1)).await.unwrap();
    store.insert(RefreshRecord { expires_at: at(3_000), ..token(2) }).await.unwrap();
    assert_eq!(store.revoke_session("s", at(1_500)).await.unwrap(), 2);
    assert_eq!(store.remove_expired(at(2_000), 10).await.unwrap(), 1);
    assert!(matches!(store.insert(token(3)).await, Err(InsertError::SessionRevoked)));
}
