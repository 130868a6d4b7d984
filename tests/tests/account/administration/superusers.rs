use auth_runtime::account::AdministrationError;
use serde_json::json;

use super::{
    grants::every_change,
    staff::{Rank, assert_told, find, member, path, put, send, superuser},
};
use crate::account::world::{World, defaults, every_store};

#[tokio::test]
async fn only_superusers_make_superusers_and_change_their_accounts() {
    every_store(async |world| {
        let root = superuser(&world, "root").await;
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        for (method, what, body) in every_change() {
            let answer = send(&world, &admin.token, method, &path(&root.id, what), &body).await;
            answer.assert_problem(403, "beyond-own-rights");
        }
        assert_told(&admin.id, &root.id, "delete", "outcome=\"refused\" reason=\"superuser\"");
        let superuser = json!({ "superuser": true });
        put(&world, &admin, &admin.id, "/superuser", &superuser).await.assert_problem(403, "beyond-own-rights");
        assert_told(&admin.id, &admin.id, "make_superuser", "outcome=\"refused\" reason=\"not_superuser\"");
        assert!(!find(&world, &admin.id).await.unwrap().superuser);

        assert_eq!(put(&world, &root, &admin.id, "/superuser", &superuser).await.status, 204);
        assert!(find(&world, &admin.id).await.unwrap().superuser);
        assert_told(&root.id, &admin.id, "make_superuser", "outcome=\"administered\"");
        let roles = json!({ "roles": ["auditor"] });
        assert_eq!(put(&world, &admin, &root.id, "/roles", &roles).await.status, 204, "superusers may grant all");
        assert_eq!(put(&world, &admin, &root.id, "/superuser", &json!({ "superuser": false })).await.status, 204);
        assert!(!find(&world, &root.id).await.unwrap().superuser);
    })
    .await;
}

#[tokio::test]
async fn the_last_active_superuser_stays_one() {
    every_store(async |world| {
        let root = superuser(&world, "root").await;
        let second = superuser(&world, "second").await;
        let administration = world.administration();
        // An inactive superuser does not count.
        administration.set_active(&second.id, false).await.unwrap();
        put(&world, &root, &root.id, "/superuser", &json!({ "superuser": false }))
            .await
            .assert_problem(409, "last-superuser");
        assert_told(&root.id, &root.id, "unmake_superuser", "outcome=\"refused\" reason=\"last_superuser\"");
        for refused in [
            administration.set_superuser(&root.id, false).await,
            administration.set_active(&root.id, false).await,
            administration.delete(&root.id).await,
        ] {
            assert!(matches!(refused, Err(AdministrationError::LastSuperuser)), "{refused:?}");
        }
        let account = find(&world, &root.id).await.unwrap();
        assert!(account.superuser && account.active);
        assert_eq!(world.me(&root.token).await.status, 200, "the session goes on");
        administration.set_active(&second.id, true).await.unwrap();
        administration.set_superuser(&root.id, false).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn administrators_neither_deactivate_nor_delete_themselves_here() {
    every_store(async |world| {
        superuser(&world, "root").await;
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        put(&world, &admin, &admin.id, "/active", &json!({ "active": false })).await.assert_problem(409, "own-account");
        world.call("DELETE", &path(&admin.id, ""), &admin.token).await.assert_problem(409, "own-account");
        assert_told(&admin.id, &admin.id, "deactivate", "outcome=\"refused\" reason=\"own_account\"");
        assert_eq!(world.me(&admin.token).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn deactivating_signs_out_and_activating_admits_again() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[Rank::Reader], &[]).await;
        assert_eq!(put(&world, &admin, &alice.id, "/active", &json!({ "active": false })).await.status, 204);
        world.me(&alice.token).await.assert_problem(401, "invalid-token");
        assert_eq!(world.login("alice", crate::account::world::PASSWORD).await.status, 401);
        assert_eq!(put(&world, &admin, &alice.id, "/active", &json!({ "active": true })).await.status, 204);
        assert_eq!(world.login("alice", crate::account::world::PASSWORD).await.status, 200);
    })
    .await;
}

/// The first superuser is made by the application's own code.
#[tokio::test]
async fn code_makes_the_first_superuser_by_name() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let administration = world.administration();
    for login in ["alice", "Alice", "alice@example.org"] {
        let alice = administration.find_by_login(login).await.unwrap();
        administration.set_superuser(&alice.id, true).await.unwrap();
    }
    assert!(world.account("alice").await.superuser);
    assert!(matches!(administration.find_by_login("nobody").await, Err(AdministrationError::Unknown)));
    assert!(matches!(administration.set_superuser("nobody", true).await, Err(AdministrationError::Unknown)));
}
