use super::{
    api_key_race, hostile, removals,
    samples::{at, hash, nearly},
};
use crate::store::{ApiKeyError, ApiKeyLimit, ApiKeyRecord, ApiKeyStore};

/// Checks a store of API keys.
///
/// # Panics
/// Panics at the first mistake of the store.
pub async fn api_key_store<S: ApiKeyStore>(fresh: impl AsyncFn() -> S) {
    a_key_is_found_as_it_was_created(&fresh().await).await;
    an_unknown_key_is_unknown(&fresh().await).await;
    identifiers_and_hashes_are_never_stored_twice(&fresh().await).await;
    lists_hold_ones_own_keys_in_order(&fresh().await).await;
    a_revoked_key_stays_revoked(&fresh().await).await;
    all_keys_of_one_user_are_revoked(&fresh().await).await;
    uses_only_move_forward(&fresh().await).await;
    a_rotation_brings_the_end_forward(&fresh().await).await;
    an_end_is_never_put_off(&fresh().await).await;
    ended_keys_are_not_rotated(&fresh().await).await;
    a_rotation_that_fails_changes_nothing(&fresh().await).await;
    a_user_has_a_bounded_number_of_keys(&fresh().await).await;
    a_rotation_is_bounded_too(&fresh().await).await;
    ended_keys_are_removed_in_batches(&fresh().await).await;
    hostile_texts_confuse_nothing(&fresh().await).await;
    removals::keys(&fresh().await).await;
    api_key_race::all(&fresh).await;
}

/// Returns a key of user "u" that lives from 1000 to 2000. The number determines its identifier and its hash. The
/// fields that a store sets later have the values that [`ApiKeyRecord::new`] gives, and no others.
pub(super) fn key(number: u8) -> ApiKeyRecord {
    ApiKeyRecord {
        id: format!("{number:03}"),
        user_id: "u".to_owned(),
        name: "deploy".to_owned(),
        hash: hash(number),
        display: "ak_live_Ab3x".to_owned(),
        scopes: vec!["notes:read".to_owned(), "notes:write".to_owned()],
        limit: limit(60, 3_600),
        created_at: at(1_000),
        expires_at: Some(at(2_000)),
        last_used_at: None,
        revoked_at: None,
        replaced_by: None,
    }
}

fn limit(count: u32, per_seconds: u32) -> Option<ApiKeyLimit> {
    Some(ApiKeyLimit { count: count.try_into().unwrap(), per_seconds: per_seconds.try_into().unwrap() })
}

pub(super) async fn found(store: &impl ApiKeyStore, number: u8) -> Option<ApiKeyRecord> {
    store.find_key(&hash(number)).await.unwrap()
}

async fn numbers(store: &impl ApiKeyStore, user_id: &str) -> Vec<String> {
    store.list_keys(user_id).await.unwrap().into_iter().map(|key| key.id).collect()
}

async fn create_all(store: &impl ApiKeyStore, keys: impl IntoIterator<Item = ApiKeyRecord>) {
    for key in keys {
        store.create_key(key, 100).await.unwrap();
    }
}

async fn a_key_is_found_as_it_was_created(store: &impl ApiKeyStore) {
    let keys = [
        key(1),
        ApiKeyRecord { expires_at: None, scopes: Vec::new(), limit: None, ..key(2) },
        ApiKeyRecord { last_used_at: Some(at(-7)), revoked_at: Some(at(0)), limit: limit(u32::MAX, 1), ..key(3) },
        ApiKeyRecord {
            replaced_by: Some("003".to_owned()),
            limit: limit(1, u32::MAX),
            created_at: at(i64::MIN),
            expires_at: Some(at(i64::MAX)),
            ..key(4)
        },
    ];
    create_all(store, keys.clone()).await;
    for (number, key) in (1..).zip(&keys) {
        assert_eq!(found(store, number).await.as_ref(), Some(key));
    }
    assert_eq!(store.list_keys("u").await.unwrap(), keys);
}

async fn an_unknown_key_is_unknown(store: &impl ApiKeyStore) {
    store.create_key(key(1), 10).await.unwrap();
    assert_eq!(store.find_key(&nearly(hash(1))).await.unwrap(), None);
    assert_eq!(found(store, 0).await, None);
    assert_eq!(numbers(store, "nobody").await, [""; 0]);
    // Neither another user's name nor another key's identifier gives access to a key.
    for (user_id, id) in [("u", "002"), ("v", "001"), ("", ""), ("U", "001"), ("001", "u"), ("u", "001 ")] {
        assert!(!store.revoke_key(user_id, id, at(1_500)).await.unwrap(), "{user_id} {id}");
        let new = ApiKeyRecord { user_id: user_id.to_owned(), ..key(9) };
        let rotated = store.rotate_key(id, new, at(1_500), 10).await;
        assert!(matches!(rotated, Err(ApiKeyError::Unknown)), "{user_id} {id}: {rotated:?}");
    }
    store.key_used("002", at(1_500)).await.unwrap();
    assert_eq!(found(store, 1).await, Some(key(1)));
    assert_eq!(found(store, 9).await, None);
}

async fn identifiers_and_hashes_are_never_stored_twice(store: &impl ApiKeyStore) {
    create_all(store, [key(1), key(2)]).await;
    let same_hash = ApiKeyRecord { id: "003".to_owned(), user_id: "v".to_owned(), ..key(1) };
    let same_id = ApiKeyRecord { hash: hash(3), user_id: "v".to_owned(), ..key(1) };
    for double in [same_hash, same_id] {
        assert!(matches!(store.create_key(double.clone(), 10).await, Err(ApiKeyError::Store(_))), "{double:?}");
        let of_u = ApiKeyRecord { user_id: "u".to_owned(), ..double };
        assert!(matches!(store.rotate_key("002", of_u, at(1_500), 10).await, Err(ApiKeyError::Store(_))));
    }
    assert_eq!(
        (found(store, 1).await, found(store, 2).await, found(store, 3).await),
        (Some(key(1)), Some(key(2)), None)
    );
    assert_eq!(numbers(store, "v").await, [""; 0]);
}

async fn lists_hold_ones_own_keys_in_order(store: &impl ApiKeyStore) {
    let foreign = ApiKeyRecord { user_id: "v".to_owned(), ..key(2) };
    create_all(store, [key(3), foreign, key(1), ApiKeyRecord { revoked_at: Some(at(1)), ..key(4) }]).await;
    assert_eq!(numbers(store, "u").await, ["001", "003", "004"]);
    assert_eq!(numbers(store, "v").await, ["002"]);
}

async fn a_revoked_key_stays_revoked(store: &impl ApiKeyStore) {
    create_all(store, [key(1), key(2)]).await;
    for now in [1_500, 1_600, 1_400] {
        assert!(store.revoke_key("u", "001", at(now)).await.unwrap(), "doing it again does no harm");
    }
    assert_eq!(found(store, 1).await, Some(ApiKeyRecord { revoked_at: Some(at(1_500)), ..key(1) }));
    assert_eq!(found(store, 2).await, Some(key(2)));
}

async fn all_keys_of_one_user_are_revoked(store: &impl ApiKeyStore) {
    let foreign = ApiKeyRecord { user_id: "v".to_owned(), ..key(4) };
    create_all(store, [key(1), key(2), key(3), foreign.clone()]).await;
    store.revoke_key("u", "002", at(1_400)).await.unwrap();
    assert_eq!(store.revoke_all_keys("u", at(1_500)).await.unwrap(), 2);
    assert_eq!(store.revoke_all_keys("u", at(1_600)).await.unwrap(), 0);
    assert_eq!(store.revoke_all_keys("nobody", at(1_600)).await.unwrap(), 0);
    let times: Vec<_> = store.list_keys("u").await.unwrap().into_iter().map(|key| key.revoked_at.unwrap()).collect();
    assert_eq!(times, [at(1_500), at(1_400), at(1_500)]);
    assert_eq!(found(store, 4).await, Some(foreign));
}

async fn uses_only_move_forward(store: &impl ApiKeyStore) {
    create_all(store, [key(1), key(2)]).await;
    for (now, known) in [(1_500, 1_500), (1_400, 1_500), (1_600, 1_600)] {
        store.key_used("001", at(now)).await.unwrap();
        assert_eq!(found(store, 1).await.unwrap().last_used_at, Some(at(known)));
    }
    assert_eq!(found(store, 2).await, Some(key(2)));
}

async fn a_rotation_brings_the_end_forward(store: &impl ApiKeyStore) {
    let new = ApiKeyRecord { created_at: at(1_500), expires_at: Some(at(2_500)), ..key(2) };
    create_all(store, [key(1), ApiKeyRecord { expires_at: None, ..key(3) }, key(5)]).await;
    store.rotate_key("001", new.clone(), at(1_600), 10).await.unwrap();
    let replaced = Some("002".to_owned());
    assert_eq!(
        found(store, 1).await,
        Some(ApiKeyRecord { expires_at: Some(at(1_600)), replaced_by: replaced, ..key(1) })
    );
    assert_eq!(found(store, 2).await, Some(new));

    store.rotate_key("003", key(4), at(1_600), 10).await.unwrap();
    assert_eq!(found(store, 3).await.unwrap().expires_at, Some(at(1_600)), "a key without an end has one now");
    // No overlap: the old key ends at once.
    store.rotate_key("005", ApiKeyRecord { created_at: at(1_500), ..key(6) }, at(1_500), 10).await.unwrap();
    assert!(found(store, 5).await.unwrap().has_ended(at(1_500)));
}

async fn an_end_is_never_put_off(store: &impl ApiKeyStore) {
    store.create_key(key(1), 10).await.unwrap();
    store.rotate_key("001", key(2), at(9_999), 10).await.unwrap();
    assert_eq!(found(store, 1).await.unwrap().expires_at, Some(at(2_000)));
}

async fn ended_keys_are_not_rotated(store: &impl ApiKeyStore) {
    let expired = ApiKeyRecord { expires_at: Some(at(1_500)), ..key(1) };
    let revoked = ApiKeyRecord { revoked_at: Some(at(1_900)), ..key(2) };
    let replaced = ApiKeyRecord { replaced_by: Some("000".to_owned()), ..key(3) };
    create_all(store, [expired.clone(), revoked.clone(), replaced.clone()]).await;
    for id in ["001", "002", "003"] {
        let rotated = store.rotate_key(id, ApiKeyRecord { created_at: at(1_500), ..key(9) }, at(1_600), 10).await;
        assert!(matches!(rotated, Err(ApiKeyError::Ended)), "{id}: {rotated:?}");
    }
    assert_eq!(store.list_keys("u").await.unwrap(), [expired, revoked, replaced]);
}

async fn a_rotation_that_fails_changes_nothing(store: &impl ApiKeyStore) {
    create_all(store, [key(1), key(2)]).await;
    let full = store.rotate_key("001", key(3), at(1_500), 2).await;
    assert!(matches!(full, Err(ApiKeyError::TooMany)), "{full:?}");
    let double = store.rotate_key("001", ApiKeyRecord { id: "003".to_owned(), ..key(2) }, at(1_500), 10).await;
    assert!(matches!(double, Err(ApiKeyError::Store(_))), "{double:?}");
    assert_eq!(store.list_keys("u").await.unwrap(), [key(1), key(2)]);
    assert_eq!(store.remove_expired_keys(at(1_999), 10).await.unwrap(), 0, "the old end still counts");
    store.rotate_key("001", key(3), at(1_500), 10).await.unwrap();
}

async fn a_user_has_a_bounded_number_of_keys(store: &impl ApiKeyStore) {
    create_all(store, [key(1), key(2), key(3), ApiKeyRecord { user_id: "v".to_owned(), ..key(9) }]).await;
    assert!(matches!(store.create_key(key(4), 3).await, Err(ApiKeyError::TooMany)));
    assert!(matches!(store.create_key(key(4), 0).await, Err(ApiKeyError::TooMany)));
    assert_eq!(numbers(store, "u").await, ["001", "002", "003"]);

    store.revoke_key("u", "003", at(1_400)).await.unwrap();
    store.revoke_key("u", "002", at(1_500)).await.unwrap();
    store.create_key(key(4), 3).await.unwrap();
    assert_eq!(numbers(store, "u").await, ["001", "002", "004"], "the key that ended first makes room");
    // The store compares with the new key's time, not with the machine's clock.
    assert!(matches!(
        store.create_key(ApiKeyRecord { created_at: at(1_999), ..key(5) }, 1).await,
        Err(ApiKeyError::TooMany)
    ));
    assert_eq!(numbers(store, "u").await, ["001", "002", "004"], "a refused key removes nothing");
    store.create_key(ApiKeyRecord { created_at: at(2_000), ..key(5) }, 1).await.unwrap();
    assert_eq!(numbers(store, "u").await, ["005"]);
    assert_eq!(numbers(store, "v").await, ["009"]);
}

async fn a_rotation_is_bounded_too(store: &impl ApiKeyStore) {
    create_all(store, [key(1), key(2)]).await;
    let rotated = store.rotate_key("001", ApiKeyRecord { created_at: at(1_500), ..key(3) }, at(1_501), 2).await;
    assert!(matches!(rotated, Err(ApiKeyError::TooMany)), "{rotated:?}");
    // Without an overlap, the old key makes room for the new one.
    store.rotate_key("001", ApiKeyRecord { created_at: at(1_500), ..key(3) }, at(1_500), 2).await.unwrap();
    assert_eq!(numbers(store, "u").await, ["002", "003"]);
}

async fn ended_keys_are_removed_in_batches(store: &impl ApiKeyStore) {
    // Key 1 expires last. Key 5 was revoked before it would have expired. Key 6 never ends. Key 7 ends only because it
    // is revoked.
    for number in 1..=5 {
        store
            .create_key(ApiKeyRecord { expires_at: Some(at(3_000 - i64::from(number))), ..key(number) }, 10)
            .await
            .unwrap();
    }
    create_all(store, [6, 7].map(|number| ApiKeyRecord { expires_at: None, ..key(number) })).await;
    store.revoke_key("u", "005", at(1_500)).await.unwrap();
    store.revoke_key("u", "007", at(1_600)).await.unwrap();

    assert_eq!(store.remove_expired_keys(at(1_499), 10).await.unwrap(), 0);
    assert_eq!(store.remove_expired_keys(at(2_997), 0).await.unwrap(), 0);
    assert_eq!(store.remove_expired_keys(at(2_997), 1).await.unwrap(), 1);
    assert_eq!(found(store, 5).await, None, "the key that ended first is removed first");
    assert_eq!(store.remove_expired_keys(at(2_997), 10).await.unwrap(), 3);
    assert_eq!(numbers(store, "u").await, ["001", "002", "006"]);
    assert_eq!(store.remove_expired_keys(at(i64::MAX), u32::MAX).await.unwrap(), 2);
    assert_eq!(numbers(store, "u").await, ["006"], "a key without an end stays");
}

async fn hostile_texts_confuse_nothing(store: &impl ApiKeyStore) {
    let bystander = ApiKeyRecord { user_id: "bystander".to_owned(), id: "bystander".to_owned(), ..key(255) };
    store.create_key(bystander.clone(), 10).await.unwrap();
    for (number, text) in (1..).zip(hostile::texts()) {
        // The store may fail here, but it must not act on another user's key.
        assert!(!matches!(store.revoke_key(&text, "bystander", at(0)).await, Ok(true)));
        assert!(!matches!(store.revoke_key("bystander", &text, at(0)).await, Ok(true)));
        assert!(
            store.list_keys(&text).await.is_ok_and(|keys| keys.is_empty()) || store.list_keys(&text).await.is_err()
        );
        let hostile = ApiKeyRecord {
            id: text.clone(),
            user_id: text.clone(),
            name: text.clone(),
            display: text.clone(),
            scopes: vec![text.clone(), String::new()],
            ..key(number)
        };
        match store.create_key(hostile.clone(), 10).await {
            Ok(()) => {
                assert_eq!(found(store, number).await.as_ref(), Some(&hostile));
                assert_eq!(store.list_keys(&text).await.unwrap(), [hostile]);
                store.key_used(&text, at(1_500)).await.unwrap();
                assert_eq!(store.revoke_all_keys(&text, at(1_500)).await.unwrap(), 1, "exactly its own key");
            }
            Err(ApiKeyError::Store(_)) => assert_eq!(found(store, number).await, None),
            Err(other) => panic!("key {number}: {other}"),
        }
    }
    assert_eq!(found(store, 255).await, Some(bystander));
}
