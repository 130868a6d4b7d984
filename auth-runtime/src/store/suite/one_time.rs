use std::sync::Arc;

use super::{
    hostile::texts,
    race::{TASKS, at_once},
    removals,
    samples::{at, hash, nearly},
};
use crate::store::{OneTimeRecord, OneTimeTokenStore, Purpose};

/// Checks a store of one-time tokens.
///
/// # Panics
/// Panics at the first mistake of the store.
pub async fn one_time_token_store<S: OneTimeTokenStore>(fresh: impl AsyncFn() -> S) {
    a_token_is_redeemed_once(&fresh().await).await;
    a_token_is_good_for_its_purpose_only(&fresh().await).await;
    a_token_ends_in_the_second_that_it_names(&fresh().await).await;
    a_new_token_makes_the_former_one_void(&fresh().await).await;
    a_token_can_be_made_void(&fresh().await).await;
    a_hash_is_never_stored_twice(&fresh().await).await;
    removals::one_time(&fresh().await).await;
    expired_tokens_are_removed_in_batches(&fresh().await).await;
    hostile_text_is_kept_or_refused(&fresh().await).await;
    one_redemption_wins(fresh().await).await;
    parallel_issues_leave_one_token(fresh().await).await;
}

async fn a_token_is_redeemed_once(store: &impl OneTimeTokenStore) {
    let token = token(1, "alice", Purpose::PasswordReset);
    store.issue_one_time(token.clone()).await.unwrap();
    let nearly = OneTimeRecord { hash: nearly(token.hash), ..token.clone() };
    assert_eq!(redeem(store, &nearly, 1_500).await, None);
    assert_eq!(find(store, &token, 1_500).await.as_ref(), Some(&token));
    assert_eq!(find(store, &token, 1_500).await.as_ref(), Some(&token), "a look-up uses nothing up");
    assert_eq!(redeem(store, &token, 1_500).await.as_ref(), Some(&token));
    assert_eq!((redeem(store, &token, 1_500).await, find(store, &token, 0).await), (None, None));
}

async fn a_token_is_good_for_its_purpose_only(store: &impl OneTimeTokenStore) {
    let (reset, verify) = (token(1, "alice", Purpose::PasswordReset), token(2, "alice", Purpose::EmailVerification));
    store.issue_one_time(reset.clone()).await.unwrap();
    store.issue_one_time(verify.clone()).await.unwrap();
    for (hash, purpose) in [(reset.hash, verify.purpose), (verify.hash, reset.purpose)] {
        assert_eq!(store.find_one_time(&hash, purpose, at(1_500)).await.unwrap(), None);
        assert_eq!(store.redeem_one_time(&hash, purpose, at(1_500)).await.unwrap(), None);
    }
    assert_eq!(redeem(store, &reset, 1_500).await, Some(reset), "a wrong purpose uses nothing up");
    assert_eq!(redeem(store, &verify, 1_500).await, Some(verify), "one token for each purpose");
}

async fn a_token_ends_in_the_second_that_it_names(store: &impl OneTimeTokenStore) {
    let token = token(1, "alice", Purpose::PasswordReset);
    store.issue_one_time(token.clone()).await.unwrap();
    for now in [2_000, i64::MAX] {
        assert_eq!((find(store, &token, now).await, redeem(store, &token, now).await), (None, None), "{now}");
    }
    assert_eq!(redeem(store, &token, 1_999).await, Some(token), "trying late used nothing up");
}

async fn a_new_token_makes_the_former_one_void(store: &impl OneTimeTokenStore) {
    let [first, second, bobs] = [token(1, "alice", RESET), token(2, "alice", RESET), token(3, "bob", RESET)];
    for token in [&first, &bobs, &second] {
        store.issue_one_time(token.clone()).await.unwrap();
    }
    assert_eq!(redeem(store, &first, 1_500).await, None);
    assert_eq!(redeem(store, &second, 1_500).await, Some(second));
    assert_eq!(redeem(store, &bobs, 1_500).await, Some(bobs));
}

async fn a_token_can_be_made_void(store: &impl OneTimeTokenStore) {
    let (reset, verify) = (token(1, "alice", RESET), token(2, "alice", Purpose::EmailVerification));
    store.issue_one_time(reset.clone()).await.unwrap();
    store.issue_one_time(verify.clone()).await.unwrap();
    assert!(!store.void_one_time("bob", RESET).await.unwrap());
    assert!(store.void_one_time("alice", RESET).await.unwrap());
    assert!(!store.void_one_time("alice", RESET).await.unwrap());
    assert_eq!(redeem(store, &reset, 1_500).await, None);
    assert_eq!(redeem(store, &verify, 1_500).await, Some(verify));
}

async fn a_hash_is_never_stored_twice(store: &impl OneTimeTokenStore) {
    let token = token(1, "alice", RESET);
    store.issue_one_time(token.clone()).await.unwrap();
    let same = OneTimeRecord { user_id: "mallory".to_owned(), ..token.clone() };
    assert!(store.issue_one_time(same).await.is_err());
    assert_eq!(redeem(store, &token, 1_500).await, Some(token));
}

async fn expired_tokens_are_removed_in_batches(store: &impl OneTimeTokenStore) {
    for number in 1..=6 {
        let expires_at = at(3_000 - i64::from(number));
        store.issue_one_time(OneTimeRecord { expires_at, ..numbered(number) }).await.unwrap();
    }
    assert_eq!(store.remove_expired_one_time(at(2_993), 10).await.unwrap(), 0);
    assert_eq!(store.remove_expired_one_time(at(2_997), 0).await.unwrap(), 0);
    assert_eq!(store.remove_expired_one_time(at(2_997), 2).await.unwrap(), 2, "tokens 6 and 5");
    assert!(find(store, &numbered(4), 0).await.is_some(), "the oldest go first");
    assert_eq!(store.remove_expired_one_time(at(2_997), 10).await.unwrap(), 2, "tokens 4 and 3");
    assert!(find(store, &numbered(3), 0).await.is_none());
    assert_eq!(store.remove_expired_one_time(at(i64::MAX), u32::MAX).await.unwrap(), 2);
}

async fn hostile_text_is_kept_or_refused(store: &impl OneTimeTokenStore) {
    let bystander = token(255, "bystander", RESET);
    store.issue_one_time(bystander.clone()).await.unwrap();
    for (number, text) in (1..).zip(texts()) {
        let hostile = OneTimeRecord { email: text.clone(), ..token(number, &text, RESET) };
        if store.issue_one_time(hostile.clone()).await.is_ok() {
            assert_eq!(redeem(store, &hostile, 1_500).await, Some(hostile));
        }
        assert!(!matches!(store.void_one_time(&text, RESET).await, Ok(true)), "token {number} was used up");
        assert!(matches!(store.void_all_one_time(&text).await, Ok(0)), "token {number} was used up");
    }
    assert_eq!(redeem(store, &bystander, 1_500).await, Some(bystander));
}

async fn one_redemption_wins(store: impl OneTimeTokenStore) {
    let store = Arc::new(store);
    for number in 1..=8 {
        let token = numbered(number);
        store.issue_one_time(token.clone()).await.unwrap();
        let redeemed = at_once(TASKS, |_| {
            let (store, token) = (Arc::clone(&store), token.clone());
            async move { redeem(&*store, &token, 1_500).await }
        })
        .await;
        assert_eq!(redeemed.iter().flatten().collect::<Vec<_>>(), [&token], "one redemption of a token wins");
    }
}

async fn parallel_issues_leave_one_token(store: impl OneTimeTokenStore) {
    let store = Arc::new(store);
    at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        async move { store.issue_one_time(token(u8::try_from(task).unwrap(), "alice", RESET)).await.unwrap() }
    })
    .await;
    let mut live = 0;
    for number in 0..64 {
        live += usize::from(redeem(&*store, &token(number, "alice", RESET), 1_500).await.is_some());
    }
    assert_eq!(live, 1, "an account has one token for a purpose");
}

const RESET: Purpose = Purpose::PasswordReset;

/// Returns a token that lives until 2000.
fn token(number: u8, user_id: &str, purpose: Purpose) -> OneTimeRecord {
    OneTimeRecord {
        hash: hash(number),
        purpose,
        user_id: user_id.to_owned(),
        email: format!("{user_id}@example.org"),
        expires_at: at(2_000),
    }
}

/// Returns a token of an account that has no other token.
fn numbered(number: u8) -> OneTimeRecord {
    token(number, &number.to_string(), RESET)
}

async fn find(store: &impl OneTimeTokenStore, token: &OneTimeRecord, now: i64) -> Option<OneTimeRecord> {
    store.find_one_time(&token.hash, token.purpose, at(now)).await.unwrap()
}

async fn redeem(store: &impl OneTimeTokenStore, token: &OneTimeRecord, now: i64) -> Option<OneTimeRecord> {
    store.redeem_one_time(&token.hash, token.purpose, at(now)).await.unwrap()
}
