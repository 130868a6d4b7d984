use auth_runtime::{
    secret::SystemEntropy,
    token::{ApiKeyFormat, KeyEnvironment},
};
use serde_json::json;

use super::{
    super::{
        failing::Flaky,
        world::{World, defaults, events, every_store},
    },
    holder::Holder,
    program::Service,
};

fn mint(prefix: &str, environment: KeyEnvironment) -> String {
    ApiKeyFormat::new(prefix, environment).unwrap().mint(&SystemEntropy::new()).unwrap().expose().to_owned()
}

/// Texts that cannot be the key. The service must refuse them without asking the store.
fn never_keys(key: &str) -> Vec<String> {
    let last = if key.ends_with('0') { "1" } else { "0" };
    vec![
        format!("{}{last}", &key[..key.len() - 1]),
        key[..key.len() - 1].to_owned(),
        key[..20].to_owned(),
        "ak_test_".to_owned(),
        format!("{key}="),
        format!("{key}0"),
        format!("{key}{key}"),
        key.to_ascii_lowercase(),
        key.replace('_', "-"),
        key.replace("test", "live"),
        mint("ak", KeyEnvironment::Live),
        mint("bk", KeyEnvironment::Test),
        format!("ak_test_{}", "a".repeat(100_000)),
    ]
}

#[tokio::test]
async fn texts_that_cannot_be_keys_are_refused_without_a_look_up() {
    let (world, store) = Flaky::world();
    let (key, _) = Holder::join(&world, "alice", &[]).await.key(&[]).await;
    let service = Service::of(&world);
    let unknown = service.x_api_key("/", &mint("ak", KeyEnvironment::Test)).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (401, "invalid-token"));
    store.fail_at(0);
    for text in never_keys(&key) {
        assert_eq!(service.x_api_key("/", &text).await, unknown, "{text:.80}");
        assert_eq!(service.bearer("/", &text).await, unknown, "{text:.80}");
    }
    assert!(store.is_left_over(), "the store was asked");
    assert_eq!(service.status("/", &key).await, 200);
    for reason in ["api_key_checksum", "api_key_shape", "api_key_environment", "api_key_unknown"] {
        assert!(events().contains(reason), "the operator does not learn of {reason}");
    }
}

#[tokio::test]
async fn revoked_expired_and_unknown_keys_look_the_same() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (revoked, id) = alice.key(&[]).await;
        let (expired, _) = alice.key(&[]).await;
        alice.revoke(&id).await;
        world.clock.advance(std::time::Duration::from_secs(90 * 86_400));
        let service = Service::of(&world);
        let unknown = service.x_api_key("/", &mint("ak", KeyEnvironment::Test)).await;
        assert_eq!(unknown.code(), "invalid-token");
        for key in [&revoked, &expired] {
            assert_eq!(service.x_api_key("/", key).await, unknown);
            assert_eq!(service.bearer("/", key).await, unknown);
            assert_eq!(service.bearer("/whoever", key).await.status, 401, "a bad key is not the same as no key");
        }
    })
    .await;
}

#[tokio::test]
async fn two_credentials_and_unreadable_ones_are_400() {
    let world = World::in_memory(defaults);
    let alice = Holder::join(&world, "alice", &[]).await;
    let (key, _) = alice.key(&[]).await;
    let (other, _) = alice.key(&[]).await;
    let service = Service::of(&world);
    let bearer = |text: &str| format!("Bearer {text}").into_bytes();
    let (by_key, by_token) = (bearer(&key), bearer(&alice.token));
    let cases: [&[(&str, &[u8])]; 9] = [
        &[("x-api-key", key.as_bytes()), ("x-api-key", other.as_bytes())],
        &[("x-api-key", key.as_bytes()), ("x-api-key", key.as_bytes())],
        &[("x-api-key", key.as_bytes()), ("authorization", &by_key)],
        &[("x-api-key", key.as_bytes()), ("authorization", &by_token)],
        &[("x-api-key", b""), ("authorization", &by_token)],
        &[("x-api-key", b"")],
        &[("x-api-key", "ak_test_\u{e9}".as_bytes())],
        &[("x-api-key", b"ak_test_a b")],
        &[("authorization", b"Bearer ak_test_a b")],
    ];
    for fields in cases {
        for uri in ["/", "/whoever"] {
            let said = service.get(uri, fields).await;
            assert_eq!((said.status, said.code().as_str()), (400, "invalid-request"), "{fields:?}");
        }
    }
}

#[tokio::test]
async fn a_key_in_the_query_is_no_credential() {
    let world = World::in_memory(defaults);
    let (key, _) = Holder::join(&world, "alice", &[]).await.key(&[]).await;
    let service = Service::of(&world);
    for name in ["api_key", "x-api-key", "X-API-Key", "key", "apikey", "access_token", "token", "authorization"] {
        let said = service.get(&format!("/?{name}={key}"), &[]).await;
        assert_eq!((said.status, said.code().as_str()), (401, "unauthenticated"), "{name}");
        assert_eq!(service.get(&format!("/whoever?{name}={key}"), &[]).await.body, "nobody");
    }
}

#[tokio::test]
async fn an_access_token_is_no_key_and_a_key_no_token() {
    let world = World::in_memory(defaults);
    let alice = Holder::join(&world, "alice", &[]).await;
    let (key, _) = alice.key(&[]).await;
    let service = Service::of(&world);
    assert_eq!(service.status("/", &alice.token).await, 401);
    world.refresh(&key).await.assert_problem(401, "invalid-credentials");
    let refresh_token = world.login("alice", super::super::world::PASSWORD).await.text("refresh_token");
    assert_eq!(service.status("/", &refresh_token).await, 401);
    assert_eq!(service.bearer("/", &refresh_token).await.status, 401);
}

#[tokio::test]
async fn hostile_paths_find_no_key() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (_, id) = alice.key(&[]).await;
        for path in ["%00", "..%2F..", "'%20OR%20'1'='1", "%25", "0", &id.to_uppercase(), &format!("{id}%20")] {
            alice.revoke(path).await.assert_problem(404, "not-found");
            alice.rotate(path, &json!({})).await.assert_problem(404, "not-found");
            world.clock.advance(std::time::Duration::from_secs(6));
        }
        alice.revoke("%ff").await.assert_problem(400, "bad-request");
        assert_eq!(alice.list().await[0]["active"], true);
    })
    .await;
}
