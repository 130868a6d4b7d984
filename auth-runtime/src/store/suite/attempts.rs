use std::sync::Arc;

use super::{
    race::{TASKS, at_once},
    removals,
    samples::at,
};
use crate::store::{AccountKey, Admission, Attempt, AttemptLimits, AttemptStore, ClientKey};

/// Three failures, a cool-down of 100 seconds, and two clients that stay known for 1000 seconds.
const LIMITS: AttemptLimits =
    AttemptLimits { max_failures: 3, cool_down_seconds: 100, known_clients: 2, known_client_seconds: 1_000 };

/// Checks a store that counts attempts.
///
/// # Panics
/// Panics at the first mistake of the store.
pub async fn attempt_store<S: AttemptStore>(fresh: impl AsyncFn() -> S) {
    so_many_may_fail_and_no_more(&fresh().await).await;
    a_refused_attempt_does_not_prolong_the_cool_down(&fresh().await).await;
    a_counter_starts_anew_after_the_cool_down(&fresh().await).await;
    a_success_sets_back(&fresh().await).await;
    accounts_are_counted_apart(&fresh().await).await;
    a_withdrawn_attempt_does_not_count(&fresh().await).await;
    a_known_client_is_counted_apart_from_strangers(&fresh().await).await;
    a_client_is_known_for_a_while(&fresh().await).await;
    few_clients_are_known(&fresh().await).await;
    clearing_sets_back_every_counter_and_keeps_clients(&fresh().await).await;
    locks_are_told_by_account(&fresh().await).await;
    removals::attempts(&fresh().await, &LIMITS).await;
    expired_rows_are_removed_in_batches(&fresh().await).await;
    parallel_attempts_are_admitted_up_to_the_limit(fresh().await).await;
    parallel_successes_and_attempts_leave_a_whole_counter(fresh().await).await;
}

async fn locks_are_told_by_account(store: &impl AttemptStore) {
    let (one, two, nobody) = (attempt(1, 1).account, attempt(2, 1).account, attempt(9, 1).account);
    fail(store, 1, 1, 2, 1_000).await;
    fail(store, 2, 1, 3, 1_010).await;
    let told = async |accounts: &[AccountKey], now: i64| store.locked_until(accounts, &LIMITS, at(now)).await.unwrap();
    assert_eq!(told(&[], 1_010).await, []);
    assert_eq!(told(&[one, two, nobody, two], 1_010).await, [None, Some(at(1_110)), None, Some(at(1_110))]);
    // The owner's own address has a counter of its own, which locks later than that of strangers.
    succeed(store, 1, 1, 1_010).await;
    fail(store, 1, 2, 3, 1_020).await;
    fail(store, 1, 1, 3, 1_030).await;
    assert_eq!(told(&[one, two], 1_030).await, [Some(at(1_130)), Some(at(1_110))], "the last counter that refuses");
    assert_eq!(told(&[one, two], 1_110).await, [Some(at(1_130)), None]);
    assert_eq!(told(&[one, two], 1_130).await, [None, None]);
    store.clear_attempts(&one).await.unwrap();
    assert_eq!(told(&[one, two], 1_030).await, [None, Some(at(1_110))], "cleared");
}

async fn so_many_may_fail_and_no_more(store: &impl AttemptStore) {
    fail(store, 1, 1, 3, 1_000).await;
    for now in [1_000, 1_050, 1_099] {
        assert_eq!(admit(store, 1, 1, now).await, Admission::Locked { until: at(1_100) }, "{now}");
    }
    assert_eq!(admit(store, 1, 2, 1_099).await, Admission::Locked { until: at(1_100) }, "strangers count together");
}

async fn a_refused_attempt_does_not_prolong_the_cool_down(store: &impl AttemptStore) {
    fail(store, 1, 1, 3, 1_000).await;
    for now in 1_000..1_100 {
        assert!(matches!(admit(store, 1, 1, now).await, Admission::Locked { .. }));
    }
    assert_eq!(admit(store, 1, 1, 1_100).await, Admission::Admitted);
}

async fn a_counter_starts_anew_after_the_cool_down(store: &impl AttemptStore) {
    fail(store, 1, 1, 2, 1_000).await;
    fail(store, 1, 1, 1, 1_099).await;
    assert_eq!(admit(store, 1, 1, 1_198).await, Admission::Locked { until: at(1_199) }, "by the last failure");
    fail(store, 1, 1, 3, 1_199).await;
    assert!(matches!(admit(store, 1, 1, 1_199).await, Admission::Locked { .. }), "and counts as before");
}

async fn a_success_sets_back(store: &impl AttemptStore) {
    for _ in 0..3 {
        fail(store, 1, 1, 3, 1_000).await;
        succeed(store, 1, 1, 1_000).await;
    }
    fail(store, 1, 1, 3, 1_000).await;
    assert!(matches!(admit(store, 1, 1, 1_000).await, Admission::Locked { .. }));
}

async fn accounts_are_counted_apart(store: &impl AttemptStore) {
    fail(store, 1, 1, 3, 1_000).await;
    fail(store, 2, 1, 3, 1_000).await;
    succeed(store, 2, 1, 1_000).await;
    assert!(matches!(admit(store, 1, 1, 1_000).await, Admission::Locked { .. }), "other accounts reset nothing");
    fail(store, 3, 1, 1, 1_000).await;
}

async fn a_withdrawn_attempt_does_not_count(store: &impl AttemptStore) {
    let withdraw = async |account, client, now| {
        store.withdraw_attempt(&attempt(account, client), at(now)).await.unwrap();
    };
    fail(store, 1, 1, 2, 1_000).await;
    for _ in 0..10 {
        fail(store, 1, 1, 1, 1_000).await;
        withdraw(1, 1, 1_000).await;
    }
    withdraw(2, 1, 1_000).await;
    fail(store, 1, 1, 1, 1_000).await;
    assert!(matches!(admit(store, 1, 1, 1_000).await, Admission::Locked { .. }), "the others still count");
    // A withdrawal never gives further attempts: not below zero, and not after the cool-down.
    withdraw(3, 1, 1_000).await;
    fail(store, 3, 1, 1, 1_000).await;
    for _ in 0..3 {
        withdraw(3, 1, 1_000).await;
    }
    fail(store, 3, 1, 3, 1_000).await;
    assert!(matches!(admit(store, 3, 1, 1_000).await, Admission::Locked { .. }));
    withdraw(3, 1, 1_100).await;
    fail(store, 3, 1, 3, 1_100).await;
    assert!(matches!(admit(store, 3, 1, 1_100).await, Admission::Locked { .. }));
    // The attempts of a known client have a counter of their own.
    succeed(store, 4, 1, 1_000).await;
    fail(store, 4, 9, 3, 1_000).await;
    fail(store, 4, 1, 3, 1_000).await;
    withdraw(4, 1, 1_000).await;
    assert!(matches!(admit(store, 4, 9, 1_000).await, Admission::Locked { .. }), "strangers stay locked out");
    fail(store, 4, 1, 1, 1_000).await;
    assert!(matches!(admit(store, 4, 1, 1_000).await, Admission::Locked { .. }));
}

async fn a_known_client_is_counted_apart_from_strangers(store: &impl AttemptStore) {
    succeed(store, 1, 1, 1_000).await;
    fail(store, 1, 9, 3, 1_000).await;
    assert!(matches!(admit(store, 1, 8, 1_000).await, Admission::Locked { .. }), "strangers are locked out");
    fail(store, 1, 1, 2, 1_000).await;
    succeed(store, 1, 1, 1_000).await;
    assert!(matches!(admit(store, 1, 8, 1_000).await, Admission::Locked { .. }), "and stay locked out");
    fail(store, 1, 1, 3, 1_000).await;
    assert!(matches!(admit(store, 1, 1, 1_000).await, Admission::Locked { .. }), "a known client has its own limit");
    assert!(matches!(admit(store, 2, 1, 1_000).await, Admission::Admitted), "it is known to one account alone");
}

async fn a_client_is_known_for_a_while(store: &impl AttemptStore) {
    succeed(store, 1, 1, 1_000).await;
    succeed(store, 1, 1, 1_500).await;
    for (account, client, now, known) in
        [(1, 1, 1_500, true), (1, 1, 2_499, true), (1, 1, 2_500, false), (1, 2, 1_500, false), (2, 1, 1_500, false)]
    {
        let found = store.is_known_client(&attempt(account, client), at(now)).await.unwrap();
        assert_eq!(found, known, "{account} {client} {now}");
    }
    fail(store, 1, 9, 3, 2_450).await;
    assert_eq!(admit(store, 1, 1, 2_499).await, Admission::Admitted);
    assert!(matches!(admit(store, 1, 1, 2_500).await, Admission::Locked { .. }), "unknown again");
}

async fn few_clients_are_known(store: &impl AttemptStore) {
    for (client, now) in [(1, 1_000), (2, 1_001), (1, 1_002), (3, 1_003)] {
        succeed(store, 1, client, now).await;
    }
    fail(store, 1, 9, 3, 1_010).await;
    assert_eq!(admit(store, 1, 1, 1_010).await, Admission::Admitted);
    assert_eq!(admit(store, 1, 3, 1_010).await, Admission::Admitted);
    let forgotten = admit(store, 1, 2, 1_010).await;
    assert!(matches!(forgotten, Admission::Locked { .. }), "the client that signed in longest ago is forgotten");
}

async fn clearing_sets_back_every_counter_and_keeps_clients(store: &impl AttemptStore) {
    succeed(store, 1, 1, 1_000).await;
    for client in [1, 9] {
        fail(store, 1, client, 3, 1_000).await;
    }
    fail(store, 2, 9, 3, 1_000).await;
    store.clear_attempts(&account(1)).await.unwrap();
    store.clear_attempts(&account(7)).await.unwrap();
    for client in [1, 9] {
        fail(store, 1, client, 3, 1_000).await;
    }
    assert!(matches!(admit(store, 2, 9, 1_000).await, Admission::Locked { .. }), "another account's stays");
}

async fn expired_rows_are_removed_in_batches(store: &impl AttemptStore) {
    for number in 1..=4 {
        succeed(store, number, 1, i64::from(number)).await;
        fail(store, number, 9, 1, 1_000 + i64::from(number)).await;
    }
    // Clients expire from 1001 to 1004, and counters from 1101 to 1104.
    assert_eq!(store.remove_expired_attempts(at(1_000), 10).await.unwrap(), 0);
    assert_eq!(store.remove_expired_attempts(at(1_003), 0).await.unwrap(), 0);
    assert_eq!(store.remove_expired_attempts(at(1_003), 2).await.unwrap(), 2);
    assert_eq!(store.remove_expired_attempts(at(1_003), 10).await.unwrap(), 1);
    assert_eq!(store.remove_expired_attempts(at(1_103), 3).await.unwrap(), 3, "rows of both kinds");
    assert_eq!(store.remove_expired_attempts(at(1_103), 10).await.unwrap(), 1);
    assert_eq!(store.remove_expired_attempts(at(i64::MAX), 10).await.unwrap(), 1);
    fail(store, 1, 9, 3, 1_100).await;
    assert!(matches!(admit(store, 1, 9, 1_100).await, Admission::Locked { .. }));
}

async fn parallel_attempts_are_admitted_up_to_the_limit(store: impl AttemptStore) {
    let store = Arc::new(store);
    for account in 1..=8 {
        let admissions = at_once(TASKS, |task| {
            let store = Arc::clone(&store);
            // The attempts come from many clients. The number of clients does not raise the limit.
            async move { admit(&*store, account, u8::try_from(task).unwrap(), 1_000).await }
        })
        .await;
        let admitted = admissions.iter().filter(|admission| **admission == Admission::Admitted).count();
        assert_eq!(admitted, 3, "exactly as many as the limit lets");
    }
}

/// Half of the tasks succeed. Each success admits at most three further attempts.
async fn parallel_successes_and_attempts_leave_a_whole_counter(store: impl AttemptStore) {
    let store = Arc::new(store);
    at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        async move {
            if task % 2 == 0 {
                succeed(&*store, 1, u8::try_from(task).unwrap(), 1_000).await;
            } else {
                let _ = admit(&*store, 1, 255, 1_000).await;
            }
        }
    })
    .await;
    store.clear_attempts(&account(1)).await.unwrap();
    fail(&*store, 1, 255, 3, 1_000).await;
    assert!(matches!(admit(&*store, 1, 255, 1_000).await, Admission::Locked { .. }));
}

pub(in crate::store) fn attempt(account_number: u8, client: u8) -> Attempt {
    Attempt::new(account(account_number), ClientKey::from_bytes([client; 32]))
}

fn account(number: u8) -> AccountKey {
    AccountKey::from_bytes([number; 32])
}

async fn admit(store: &impl AttemptStore, account: u8, client: u8, now: i64) -> Admission {
    store.admit_attempt(&attempt(account, client), &LIMITS, at(now)).await.unwrap()
}

/// Makes this many attempts, which are admitted and do not succeed.
pub(super) async fn fail(store: &impl AttemptStore, account: u8, client: u8, times: usize, now: i64) {
    for time in 0..times {
        assert_eq!(admit(store, account, client, now).await, Admission::Admitted, "attempt {time} of {times}");
    }
}

pub(super) async fn succeed(store: &impl AttemptStore, account: u8, client: u8, now: i64) {
    store.attempt_succeeded(&attempt(account, client), &LIMITS, at(now)).await.unwrap();
}
