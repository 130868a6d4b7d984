//! Many tasks that change the same API key at once.

use std::sync::Arc;

use super::{
    api_keys::{found, key},
    race::{TASKS, at_once},
    samples::at,
};
use crate::store::{ApiKeyError, ApiKeyStore};

pub(super) async fn all<S: ApiKeyStore>(fresh: &impl AsyncFn() -> S) {
    one_rotation_wins(fresh().await).await;
    a_revocation_is_never_lost(fresh().await).await;
    no_race_exceeds_the_bound(fresh().await).await;
}

async fn one_rotation_wins(store: impl ApiKeyStore) {
    store.create_key(key(255), 100).await.unwrap();
    let store = Arc::new(store);
    let results = at_once(TASKS, |task| {
        let (store, new) = (Arc::clone(&store), key(u8::try_from(task).unwrap()));
        async move { store.rotate_key("255", new, at(1_500), 100).await }
    })
    .await;
    let lost = results.iter().filter(|result| matches!(result, Err(ApiKeyError::Ended))).count();
    assert_eq!((results.iter().filter(|result| result.is_ok()).count(), lost), (1, TASKS - 1), "one rotation wins");
    assert_eq!(store.list_keys("u").await.unwrap().len(), 2, "a loser leaves nothing behind");
}

/// Half of the tasks rotate the key, and the other half revoke it.
async fn a_revocation_is_never_lost(store: impl ApiKeyStore) {
    store.create_key(key(255), 100).await.unwrap();
    let store = Arc::new(store);
    let wins = at_once(TASKS, |task| {
        let (store, new) = (Arc::clone(&store), key(u8::try_from(task).unwrap()));
        async move {
            if task % 2 == 0 {
                assert!(store.revoke_key("u", "255", at(1_500)).await.unwrap());
                return false;
            }
            let rotated = store.rotate_key("255", new, at(1_900), 100).await;
            assert!(matches!(rotated, Ok(()) | Err(ApiKeyError::Ended)), "{rotated:?}");
            rotated.is_ok()
        }
    })
    .await;
    let wins = wins.into_iter().filter(|won| *won).count();
    assert!(wins <= 1, "{wins} rotations won");
    assert_eq!(store.list_keys("u").await.unwrap().len(), 1 + wins);
    assert_eq!(found(&*store, 255).await.unwrap().revoked_at, Some(at(1_500)), "a rotation undid a revocation");
}

async fn no_race_exceeds_the_bound(store: impl ApiKeyStore) {
    let store = Arc::new(store);
    let results = at_once(TASKS, |task| {
        let (store, new) = (Arc::clone(&store), key(u8::try_from(task).unwrap()));
        async move { store.create_key(new, 5).await }
    })
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(ApiKeyError::TooMany))));
    assert_eq!(store.list_keys("u").await.unwrap().len(), 5);
}
