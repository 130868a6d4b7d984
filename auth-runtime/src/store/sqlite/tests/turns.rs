//! Writers wait for their turn, and readers do not.

use core::time::Duration;

use tokio::{task::JoinSet, time::sleep};

use super::{api_keys::key, failure::one_time_token, *};
use crate::store::{
    Admission, ApiKeyStore, AttemptLimits, AttemptStore, OneTimeTokenStore, Purpose, Touch, suite::samples::label,
};

const MAIL: Purpose = Purpose::PasswordReset;

async fn hurried(dir: &TempDir, patience: Duration) -> SqliteStore {
    let builder = SqliteStore::builder(url(dir.path())).busy_timeout(patience);
    builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap()
}

#[tokio::test]
async fn every_write_takes_a_turn() {
    let Fresh { dir, store } = fresh().await;
    begin(&store).await;
    let store = hurried(&dir, Duration::from_millis(20)).await;
    store.create_key(key(1), 10).await.unwrap();
    let turn = store.turn.lock().await;
    let (client, limits) = (label("third"), AttemptLimits::default());
    let touch = Touch::new("s", &client, at(1_500), at(2_500));

    late("create", store.create(alice())).await;
    late("set_password_hash", store.set_password_hash("id", &"old".into(), &"new".into())).await;
    late("set_email_verified", store.set_email_verified("id", "alice@example.org", at(0))).await;
    late("set_roles", store.set_roles("id", &[])).await;
    late("set_scopes", store.set_scopes("id", &[])).await;
    late("set_active", store.set_active("id", true)).await;
    late("open", store.open("id", AccountOpening::new(), at(0))).await;
    late("remove_pending", store.remove_pending(at(0), 1)).await;
    late("set_active to false", store.set_active("id", false)).await;
    late("set_superuser", store.set_superuser("id", true)).await;
    late("set_superuser to false", store.set_superuser("id", false)).await;
    late("set_username", store.set_username("id", "other")).await;
    late("set_email", store.set_email("id", "old", "new", None)).await;
    late("delete", store.delete("id")).await;

    late("begin", store.begin(session("t"), token(9))).await;
    late("rotate", present(1, 2, 1_500).try_to(&store)).await;
    late("touch", store.touch(touch)).await;
    late("reauthenticated", store.reauthenticated("s", None, at(1_500))).await;
    late("end", store.end("s", "user", ending(1_500, EndReason::SignedOut))).await;
    late("end_all", store.end_all("user", None, ending(1_500, EndReason::SignedOut))).await;
    late("remove_all", store.remove_all("user", ending(1_500, EndReason::Deleted))).await;
    late("reissue", store.reissue("user", at(2_000))).await;
    late("revoke_token", store.revoke_token("jti", at(2_000))).await;
    late("remove_expired", store.remove_expired(at(0), 1)).await;

    late("admit_attempt", store.admit_attempt(&attempt(1, 2), &limits, at(0))).await;
    late("attempt_succeeded", store.attempt_succeeded(&attempt(1, 2), &limits, at(0))).await;
    late("clear_attempts", store.clear_attempts(&attempt(1, 2).account)).await;
    late("forget", store.forget(&attempt(1, 2).account)).await;
    late("remove_expired_attempts", store.remove_expired_attempts(at(0), 1)).await;

    late("issue_one_time", store.issue_one_time(one_time_token())).await;
    late("redeem_one_time", store.redeem_one_time(&hash(7), MAIL, at(0))).await;
    late("void_one_time", store.void_one_time("id", MAIL)).await;
    late("void_all_one_time", store.void_all_one_time("id")).await;
    late("remove_expired_one_time", store.remove_expired_one_time(at(0), 1)).await;

    late("create_key", store.create_key(key(2), 10)).await;
    late("rotate_key", store.rotate_key("1", key(3), at(1_500), 10)).await;
    late("revoke_key", store.revoke_key("user", "1", at(1_500))).await;
    late("revoke_all_keys", store.revoke_all_keys("user", at(1_500))).await;
    late("remove_all_keys", store.remove_all_keys("user")).await;
    late("key_used", store.key_used("1", at(1_500))).await;
    late("remove_expired_keys", store.remove_expired_keys(at(0), 1)).await;

    drop(turn);
    store.create_key(key(2), 10).await.unwrap();
}

/// Asserts that a write fails while another task has the turn. Only the turn blocks it: a write that takes no turn
/// would succeed.
async fn late<T, E>(what: &str, writing: impl Future<Output = Result<T, E>>) {
    assert!(writing.await.is_err(), "`{what}` wrote in another task's turn");
}

#[tokio::test]
async fn no_read_waits_for_a_turn() {
    let Fresh { dir, store } = fresh().await;
    begin(&store).await;
    let store = hurried(&dir, Duration::from_millis(20)).await;
    let _turn = store.turn.lock().await;

    assert!(AccountStore::find(&store, "id").await.unwrap().is_none());
    assert!(store.find_by_login("alice").await.unwrap().is_none());
    assert!(store.find_session("s").await.unwrap().is_some());
    assert!(store.find_by_token(&hash(1)).await.unwrap().is_some());
    assert!(store.find_by_cookie(&hash(1)).await.unwrap().is_none());
    assert!(!SessionStore::list(&store, "user", at(1_000)).await.unwrap().is_empty());
    assert!(store.revocations(0).await.unwrap().is_empty());
    assert!(!store.is_known_client(&attempt(1, 2), at(0)).await.unwrap());
    assert!(store.find_one_time(&hash(7), MAIL, at(0)).await.unwrap().is_none());
    assert!(store.find_key(&hash(1)).await.unwrap().is_none());
    assert!(store.list_keys("user").await.unwrap().is_empty());
}

/// Other tasks write without a pause. A writer that retries after pauses would find the database locked each time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_and_attempts_get_their_turn_while_others_write_without_a_pause() {
    let Fresh { store, dir: _dir } = fresh().await;
    let busy: JoinSet<()> = (0..4)
        .map(|_| {
            let store = store.clone();
            async move {
                loop {
                    let writing = store.begin_writing().await.unwrap();
                    sleep(Duration::from_millis(20)).await;
                    writing.commit().await.unwrap();
                }
            }
        })
        .collect();
    let mut patient: JoinSet<()> = JoinSet::new();
    for number in 0..32 {
        let (keys, attempts) = (store.clone(), store.clone());
        patient.spawn(async move { keys.create_key(key(number), 100).await.unwrap() });
        patient.spawn(async move {
            let (attempt, limits) = (attempt(number, 2), AttemptLimits::default());
            let admission = attempts.admit_attempt(&attempt, &limits, at(0)).await.unwrap();
            assert_eq!(admission, Admission::Admitted);
            attempts.attempt_succeeded(&attempt, &limits, at(0)).await.unwrap();
        });
    }
    patient.join_all().await;
    drop(busy);
    assert_eq!(store.list_keys("user").await.unwrap().len(), 32);
}
