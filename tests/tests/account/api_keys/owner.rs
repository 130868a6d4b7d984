use auth_runtime::{
    store::ApiKeyRecord,
    token::{ApiKeyFormat, KeyEnvironment},
};
use serde_json::json;

use super::{
    super::world::{PASSWORD, every_store},
    holder::Holder,
    program::Service,
};

#[tokio::test]
async fn an_inactive_owners_keys_stop_working() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &["notes:read"]).await;
        let (key, id) = alice.key(&["notes:read"]).await;
        let account = world.account("alice").await.id;
        let service = Service::of(&world);
        assert_eq!(service.status("/", &key).await, 200);
        world.set_active(&account, false).await;
        for uri in ["/", "/read", "/programs", "/whoever"] {
            let said = service.x_api_key(uri, &key).await;
            assert_eq!((said.status, said.code().as_str()), (401, "invalid-token"), "{uri}");
        }
        alice.create(&json!({ "name": "x", "scopes": [] })).await.assert_problem(403, "inactive-user");
        alice.rotate(&id, &json!({})).await.assert_problem(403, "inactive-user");
        world.set_active(&account, true).await;
        assert_eq!(service.status("/", &key).await, 200);
    })
    .await;
}

#[tokio::test]
async fn a_key_follows_the_scopes_of_its_owner_and_never_grows() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &["notes:read", "notes:write"]).await;
        let (key, _) = alice.key(&["notes:read", "notes:write"]).await;
        let (little, _) = alice.key(&["notes:read"]).await;
        let account = world.account("alice").await.id;
        let service = Service::of(&world);
        for (scopes, expected) in [
            (vec!["notes:read", "notes:write"], [200, 200, 200, 403]),
            (vec!["notes:read"], [200, 403, 200, 403]),
            (vec![], [403, 403, 403, 403]),
            (vec!["notes:write"], [403, 200, 403, 403]),
            (vec!["notes:write", "notes:read", "admin"], [200, 200, 200, 403]),
        ] {
            let owned: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            world.accounts.accounts().set_scopes(&account, &owned).await.unwrap();
            let mut found = Vec::new();
            for key in [&key, &little] {
                for uri in ["/read", "/write"] {
                    found.push(service.status(uri, key).await);
                }
            }
            assert_eq!(found, expected, "{scopes:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_without_an_owner_is_refused() {
    every_store(async |world| {
        let format = ApiKeyFormat::new("ak", KeyEnvironment::Test).unwrap();
        let key = format.mint(world.auth.entropy()).unwrap();
        let mut record = ApiKeyRecord::new("id", "gone", key.hash(), world.auth.clock().unix(), None);
        record.scopes = vec!["notes:read".to_owned()];
        world.accounts.api_keys().create_key(record, 10).await.unwrap();
        let said = Service::of(&world).x_api_key("/read", key.expose()).await;
        assert_eq!((said.status, said.code().as_str()), (401, "invalid-token"));
    })
    .await;
}

#[tokio::test]
async fn an_administrator_revokes_all_keys_of_one_person() {
    every_store(async |world| {
        let service = Service::of(&world);
        let alice = Holder::join(&world, "alice", &[]).await;
        let (one, two) = (alice.key(&[]).await.0, alice.key(&[]).await.0);
        let others = Holder::join(&world, "bob", &[]).await.key(&[]).await.0;
        let id = world.account("alice").await.id;
        assert_eq!(world.administration().revoke_api_keys(&id).await.unwrap(), 2);
        for key in [&one, &two] {
            assert_eq!(service.status("/", key).await, 401);
        }
        assert_eq!(service.status("/", &others).await, 200);
        assert_eq!(world.administration().revoke_api_keys(&id).await.unwrap(), 0, "they are revoked");
        assert_eq!(world.me(&world.login("alice", PASSWORD).await.text("access_token")).await.status, 200);
    })
    .await;
}
