use std::time::Duration;

use auth_runtime::{
    store::{FirstCredential, SessionStore},
    token::TokenHash,
};
use tokio::time::sleep;

use super::{failing::Flaky, sessions_per_user::old_session};

/// A round calls the store once for each kind of rows: sessions, failed attempts, one-time tokens, API keys and pending
/// accounts.
const ROUND: usize = 5;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn expired_records_are_looked_for_once_a_minute_under_any_load() {
    let (world, store) = Flaky::world();
    for _ in 0..20 {
        world.refresh("x").await.assert_problem(401, "invalid-credentials");
    }
    sleep(Duration::from_secs(1)).await;
    assert_eq!(store.take_calls(), 0, "no request waits for it");
    for _ in 0..3 {
        sleep(MINUTE).await;
        assert_eq!(store.take_calls(), ROUND);
    }
}

#[tokio::test(start_paused = true)]
async fn much_that_has_expired_is_removed_500_rows_at_a_time() {
    let (world, store) = Flaky::world();
    for number in 0..1_200_u16 {
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&number.to_be_bytes());
        let session = old_session("user", number);
        store.inner.begin(session, FirstCredential::cookie(TokenHash::from_bytes(hash))).await.unwrap();
    }
    world.clock.advance(Duration::from_secs(20_000));
    world.refresh("x").await.assert_problem(401, "invalid-credentials");
    sleep(MINUTE + Duration::from_secs(1)).await;
    assert_eq!(store.take_calls(), ROUND + 2);
    assert!(store.inner.find_session("0").await.unwrap().is_none());
    assert!(store.inner.find_session("1199").await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_does_not_stop_the_cleaning_of_the_others() {
    let (world, store) = Flaky::world();
    world.refresh("x").await.assert_problem(401, "invalid-credentials");
    sleep(Duration::from_secs(1)).await;
    for call in 0..ROUND {
        store.fail_at(call);
        sleep(MINUTE).await;
        assert!(!store.is_left_over(), "call {call} was not made");
        assert_eq!(store.take_calls(), ROUND, "call {call} failed");
    }
}
