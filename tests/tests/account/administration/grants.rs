use std::time::Duration;

use serde_json::{Value, json};

use super::staff::{Member, Rank, assert_told, find, member, path, put, send, superuser, token};
use crate::account::{
    cookies,
    mailbox::every_store_with_mail,
    world::{PASSWORD, World, defaults, every_store},
};

#[tokio::test]
async fn administrators_grant_what_they_hold_and_nothing_else() {
    every_store(async |world| {
        let support = member(&world, "support", &[Rank::Support], &["notes:read"]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        for (what, body, status) in [
            ("/roles", json!({ "roles": ["support"] }), 204),
            ("/roles", json!({ "roles": ["reader"] }), 204),
            ("/roles", json!({ "roles": ["reader", "admin"] }), 403),
            ("/roles", json!({ "roles": ["auditor"] }), 403),
            ("/roles", json!({ "roles": [] }), 204),
            ("/scopes", json!({ "scopes": ["notes:read"] }), 204),
            ("/scopes", json!({ "scopes": ["notes:write"] }), 403),
        ] {
            let before = find(&world, &alice.id).await.unwrap();
            let answer = put(&world, &support, &alice.id, what, &body).await;
            assert_eq!(answer.status, status, "{body} {answer:?}");
            if status == 403 {
                answer.assert_problem(403, "beyond-own-rights");
                let after = find(&world, &alice.id).await.unwrap();
                assert_eq!((after.roles, after.scopes), (before.roles, before.scopes), "{body}");
            }
        }
        let alice_now = find(&world, &alice.id).await.unwrap();
        assert_eq!((alice_now.roles, alice_now.scopes), (vec![], vec!["notes:read".to_owned()]));
        assert_told(&support.id, &alice.id, "set_roles", "outcome=\"administered\"");
        assert_told(&support.id, &alice.id, "set_roles", "outcome=\"refused\" reason=\"role_not_held\"");
        assert_told(&support.id, &alice.id, "set_scopes", "outcome=\"refused\" reason=\"scope_not_held\"");
        world.me(&alice.token).await.assert_problem(401, "invalid-token");
    })
    .await;
}

#[tokio::test]
async fn a_token_with_fewer_scopes_than_its_owner_grants_no_more_than_it_has() {
    every_store(async |world| {
        member(&world, "support", &[Rank::Support], &["notes:read", "notes:write"]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        let form =
            format!("grant_type=password&username=support&scope=notes:read&password={}", PASSWORD.replace(' ', "+"));
        let narrow = Member { id: String::new(), token: world.token(&form).await.text("access_token") };
        let read = json!({ "scopes": ["notes:read"] });
        assert_eq!(put(&world, &narrow, &alice.id, "/scopes", &read).await.status, 204);
        let write = json!({ "scopes": ["notes:write"] });
        put(&world, &narrow, &alice.id, "/scopes", &write).await.assert_problem(403, "beyond-own-rights");
    })
    .await;
}

#[tokio::test]
async fn an_account_with_more_rights_than_the_administrator_is_out_of_reach() {
    every_store(async |world| {
        let support = member(&world, "support", &[Rank::Support], &["notes:read"]).await;
        let boss = member(&world, "boss", &[Rank::Admin], &[]).await;
        let writer = member(&world, "writer", &[], &["notes:write"]).await;
        for (target, reason) in [(&boss, "role_of_account"), (&writer, "scope_of_account")] {
            for (method, what, body) in every_change() {
                let path = path(&target.id, what);
                let answer = send(&world, &support.token, method, &path, &body).await;
                answer.assert_problem(403, "beyond-own-rights");
            }
            for operation in ["set_roles", "set_scopes", "make_superuser", "deactivate", "rename", "change_email"] {
                assert_told(&support.id, &target.id, operation, &format!("outcome=\"refused\" reason=\"{reason}\""));
            }
        }
        for (member, name) in [(&boss, "boss"), (&writer, "writer")] {
            assert_eq!(find(&world, &member.id).await.unwrap().username, name);
            assert_eq!(world.me(&member.token).await.status, 200, "no session has ended");
        }
    })
    .await;
}

/// Returns all endpoints that change an account, with bodies that they accept.
pub(super) fn every_change() -> [(&'static str, &'static str, Value); 13] {
    [
        ("PUT", "/roles", json!({ "roles": [] })),
        ("PUT", "/scopes", json!({ "scopes": [] })),
        ("PUT", "/superuser", json!({ "superuser": true })),
        ("PUT", "/active", json!({ "active": false })),
        ("PUT", "/username", json!({ "username": "someone" })),
        ("PUT", "/email", json!({ "email": "someone@example.org" })),
        ("POST", "/require-reset", Value::Null),
        ("POST", "/unlock", Value::Null),
        ("DELETE", "/sessions", Value::Null),
        ("DELETE", "/sessions/1", Value::Null),
        ("DELETE", "/api-keys", Value::Null),
        ("DELETE", "/api-keys/1", Value::Null),
        ("DELETE", "", Value::Null),
    ]
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_404() {
    let world = World::in_memory(defaults);
    let root = superuser(&world, "root").await;
    let reads = ["", "/sessions", "/api-keys"].map(|what| ("GET", what, Value::Null));
    for (method, what, body) in every_change().into_iter().chain(reads) {
        let path = path("nobody", what);
        send(&world, &root.token, method, &path, &body).await.assert_problem(404, "no-account");
    }
    assert_told(&root.id, "nobody", "delete", "outcome=\"refused\" reason=\"unknown_account\"");
}

#[tokio::test]
async fn changes_need_a_recent_login_and_reading_does_not() {
    let world = World::in_memory(defaults);
    let (root, alice) = (superuser(&world, "root").await, member(&world, "alice", &[], &[]).await);
    let refresh = world.login("root", PASSWORD).await.text("refresh_token");
    world.clock.advance(Duration::from_secs(15 * 60 + 1));
    let stale = world.refresh(&refresh).await.text("access_token");
    for (method, what, body) in every_change() {
        let path = path(&alice.id, what);
        send(&world, &stale, method, &path, &body).await.assert_problem(401, "stale-login");
    }
    assert_eq!(world.call("GET", &path(&alice.id, ""), &stale).await.status, 200);
    assert_eq!(find(&world, &root.id).await.unwrap().username, "root");
}

#[tokio::test]
async fn callers_whom_the_policy_refuses_reach_no_endpoint() {
    let world = World::in_memory(defaults);
    let alice = member(&world, "alice", &[Rank::Reader], &["notes:read"]).await;
    let reads = ["", "/sessions", "/api-keys"].map(|what| ("GET", what, Value::Null));
    for (method, what, body) in every_change().into_iter().chain(reads) {
        let path = path(&alice.id, what);
        send(&world, &alice.token, method, &path, &body).await.assert_problem(403, "forbidden");
    }
    world.call("GET", "/auth/admin/accounts", &alice.token).await.assert_problem(403, "forbidden");
    world.send(axum::http::Request::get("/auth/admin/accounts"), "").await.assert_problem(401, "unauthenticated");
    // A page of another site causes a request with the cookie of an administrator.
    superuser(&world, "root").await;
    let cookie = cookies::cookie(&cookies::sign_in(&world, "root").await);
    let request = axum::http::Request::delete(path(&alice.id, "")).header("cookie", &cookie);
    let answer = world.send(request.header("sec-fetch-site", "cross-site"), "").await;
    answer.assert_problem(403, "cross-site");
    assert!(find(&world, &alice.id).await.is_some());
}

/// The token still has the scope, and says that its holder is an administrator.
#[tokio::test]
async fn rights_that_were_taken_away_a_moment_ago_do_not_count() {
    let world = World::in_memory(defaults);
    let admin = member(&world, "admin", &[Rank::Admin], &["notes:read"]).await;
    let alice = member(&world, "alice", &[], &[]).await;
    assert!(world.accounts.accounts().set_scopes(&admin.id, &[]).await.unwrap());
    let body = json!({ "scopes": ["notes:read"] });
    // The token still has the scope. A new one has it no more.
    put(&world, &admin, &alice.id, "/scopes", &body).await.assert_problem(401, "invalid-token");
    let admin = Member { token: token(&world, "admin").await, ..admin };
    put(&world, &admin, &alice.id, "/scopes", &body).await.assert_problem(403, "beyond-own-rights");
    assert!(world.accounts.accounts().set_roles(&admin.id, &[]).await.unwrap());
    let body = json!({ "roles": ["reader"] });
    put(&world, &admin, &alice.id, "/roles", &body).await.assert_problem(401, "invalid-token");
    assert_eq!(
        world.accounts.accounts().set_active(&admin.id, false).await.unwrap(),
        auth_runtime::store::AccountChange::Done
    );
    put(&world, &admin, &alice.id, "/roles", &body).await.assert_problem(403, "inactive-user");
}

#[tokio::test]
async fn administrators_do_not_take_their_own_last_role_or_scope() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin, Rank::Support], &["notes:read"]).await;
        for (what, body) in [("/roles", json!({ "roles": [] })), ("/scopes", json!({ "scopes": [] }))] {
            let answer = put(&world, &admin, &admin.id, what, &body).await;
            answer.assert_problem(409, "own-account");
            assert!(answer.text("title").contains("your own last role or scope"), "{answer:?}");
        }
        assert_told(&admin.id, &admin.id, "set_roles", "outcome=\"refused\" reason=\"own_last_grant\"");
        let account = find(&world, &admin.id).await.unwrap();
        assert_eq!((account.roles.len(), account.scopes.len()), (2, 1));
        assert_eq!(put(&world, &admin, &admin.id, "/roles", &json!({ "roles": ["support"] })).await.status, 204);
    })
    .await;
}

#[tokio::test]
async fn roles_and_scopes_that_cannot_be_used_are_refused_in_words() {
    let world = World::in_memory(defaults);
    let (root, alice) = (superuser(&world, "root").await, member(&world, "alice", &[], &[]).await);
    for (what, body, code) in [
        ("/roles", json!({ "roles": [" canary"] }), "role"),
        ("/roles", json!({ "roles": ["reader", "reader"] }), "unique"),
        ("/scopes", json!({ "scopes": ["can ary"] }), "scope"),
        (
            "/scopes",
            json!({ "scopes": (0..500).map(|number| format!("notes:{number}")).collect::<Vec<_>>() }),
            "token_too_long",
        ),
    ] {
        let answer = put(&world, &root, &alice.id, what, &body).await;
        answer.assert_problem(422, "invalid-body");
        assert_eq!(answer.json()["errors"][0]["code"], code, "{answer:?}");
        assert_eq!(answer.json()["errors"][0]["pointer"], what, "{answer:?}");
        assert!(!answer.body.contains("canary") && !answer.body.contains("can ary"), "{answer:?}");
    }
    put(&world, &root, &alice.id, "/roles", &json!({ "role": [] })).await.assert_problem(422, "invalid-body");
    assert_eq!(find(&world, &alice.id).await.unwrap().roles, [""; 0]);
}

#[tokio::test]
async fn a_role_that_the_application_does_not_have_is_granted_by_no_one() {
    every_store_with_mail(async |world, _| {
        let (root, alice) = (superuser(&world, "root").await, member(&world, "alice", &[], &[]).await);
        let mistyped = json!({ "email": "new@example.org", "roles": ["suport"] });
        let alone = json!({ "roles": ["suport"] });
        let roles = path(&alice.id, "/roles");
        for (method, path, body) in [
            ("PUT", &*roles, &alone),
            ("POST", "/auth/admin/accounts", &mistyped),
            ("POST", "/auth/admin/invitations", &mistyped),
        ] {
            let answer = send(&world, &root.token, method, path, body).await;
            answer.assert_problem(422, "invalid-body");
            let error = &answer.json()["errors"][0];
            assert_eq!((error["pointer"].as_str(), error["code"].as_str()), (Some("/roles"), Some("role")), "{path}");
        }
        assert_told(&root.id, &alice.id, "set_roles", "outcome=\"refused\" reason=\"unusable_grant\"");

        // A role of an earlier release stays, and does not come back once it is gone.
        assert!(world.accounts.accounts().set_roles(&alice.id, &["scribe".to_owned()]).await.unwrap());
        for (roles, status) in [(&["scribe", "reader"][..], 204), (&["reader"], 204), (&["scribe", "reader"], 422)] {
            let answer = put(&world, &root, &alice.id, "/roles", &json!({ "roles": roles })).await;
            assert_eq!(answer.status, status, "{roles:?} {answer:?}");
        }
    })
    .await;
}
