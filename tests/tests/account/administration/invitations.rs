use std::time::Duration;

use serde_json::{Value, json};

use super::staff::{Member, Rank, assert_told, member, path, send, superuser, token};
use crate::account::{
    answers::Answer,
    cookies,
    failing::{Flaky, fail_at_each_call},
    mailbox::{Mailbox, every_store_with_mail, world_with_mail},
    world::{PASSWORD, World, defaults, post},
};

async fn invite(world: &World, by: &Member, body: &Value) -> Answer {
    send(world, &by.token, "POST", "/auth/admin/invitations", body).await
}

async fn register(world: &World, name: &str, email: &str, token: &str) -> Answer {
    let body = json!({ "username": name, "email": email, "password": PASSWORD, "invitation": token });
    world.json("/auth/register", &body).await
}

#[tokio::test]
async fn an_invited_person_opens_an_account_with_the_roles_of_the_invitation() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &["notes:read"]).await;
        mailbox.next("verify").await;
        let body = json!({ "email": "bob@example.org", "roles": ["support"], "scopes": ["notes:read"] });
        let answer = invite(&world, &admin, &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let id = answer.text("id");
        assert_told(&admin.id, &id, "invite", "outcome=\"administered\"");
        let sent = mailbox.next("invitation").await;
        assert_eq!(sent.to, "bob@example.org");
        assert!(!answer.body.contains(&sent.token), "the token goes to the address alone");
        let listed = world.call("GET", "/auth/admin/accounts?pending=true", &admin.token).await.json();
        assert_eq!((&listed["accounts"][0]["id"], &listed["accounts"][0]["pending"]), (&json!(id), &json!(true)));

        assert_eq!(register(&world, "bob", "bob@example.org", &sent.token).await.status, 201);
        let bob = world.account("bob").await;
        assert_eq!(
            (&*bob.id, bob.roles, bob.scopes),
            (&*id, vec!["support".to_owned()], vec!["notes:read".to_owned()])
        );
        assert!(bob.email_verified_at.is_some());
        invite(&world, &admin, &body).await.assert_problem(409, "taken");
    })
    .await;
}

#[tokio::test]
async fn nobody_invites_to_more_than_they_hold_or_replaces_such_an_invitation() {
    every_store_with_mail(async |world, mailbox| {
        let support = member(&world, "support", &[Rank::Support], &[]).await;
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        for _ in 0..2 {
            mailbox.next("verify").await;
        }
        for body in [
            json!({ "email": "bob@example.org", "roles": ["admin"] }),
            json!({ "email": "bob@example.org", "scopes": ["notes:read"] }),
        ] {
            invite(&world, &support, &body).await.assert_problem(403, "beyond-own-rights");
        }
        let body = json!({ "email": "bob@example.org", "roles": ["admin"] });
        assert_eq!(invite(&world, &admin, &body).await.status, 201);
        mailbox.next("invitation").await;
        let less = json!({ "email": "bob@example.org" });
        invite(&world, &support, &less).await.assert_problem(403, "beyond-own-rights");
        invite(&world, &support, &json!({ "email": "bob" })).await.assert_problem(422, "invalid-body");
        invite(&world, &support, &json!({ "email": "b@example.org", "role": "x" }))
            .await
            .assert_problem(422, "invalid-body");
        assert!(mailbox.is_empty().await);
        assert_told(&support.id, "", "invite", "outcome=\"refused\" reason=\"role_of_account\"");
    })
    .await;
}

/// Administrators hold the roles that theirs imply, and superusers may grant everything.
#[tokio::test]
async fn whom_an_administrator_may_invite_follows_the_roles_that_they_hold() {
    every_store_with_mail(async |world, mailbox| {
        let support = member(&world, "support", &[Rank::Support], &["notes:read"]).await;
        let root = superuser(&world, "root").await;
        for _ in 0..2 {
            mailbox.next("verify").await;
        }
        for (by, body, status) in [
            (&support, json!({ "email": "a@example.org", "roles": ["reader"], "scopes": ["notes:read"] }), 201),
            (&support, json!({ "email": "b@example.org", "roles": ["support", "auditor"] }), 403),
            (&support, json!({ "email": "c@example.org", "scopes": ["notes:read", "notes:write"] }), 403),
            (&root, json!({ "email": "d@example.org", "roles": ["auditor"], "scopes": ["notes:write"] }), 201),
        ] {
            assert_eq!(invite(&world, by, &body).await.status, status, "{body}");
            let found = world.accounts.accounts().find_by_login(body["email"].as_str().unwrap()).await.unwrap();
            assert_eq!(found.is_some(), status == 201, "{body}");
        }
        for reason in ["role_not_held", "scope_not_held"] {
            assert_told(&support.id, "", "invite", &format!("outcome=\"refused\" reason=\"{reason}\""));
        }
        // An administrator who may invite the person does not take more rights from another's invitation.
        let less = json!({ "email": "d@example.org", "roles": ["reader"] });
        invite(&world, &support, &less).await.assert_problem(403, "beyond-own-rights");
        let waiting = world.account("d@example.org").await;
        assert_eq!((waiting.roles, waiting.scopes), (vec!["auditor".to_owned()], vec!["notes:write".to_owned()]));
        assert_eq!(invite(&world, &root, &less).await.status, 201, "a superuser does");
        assert_eq!(world.account("d@example.org").await.roles, ["reader"]);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_needs_an_administrator_with_a_recent_login() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    let alice = member(&world, "alice", &[Rank::Reader], &[]).await;
    for _ in 0..2 {
        mailbox.next("verify").await;
    }
    let body = json!({ "email": "bob@example.org", "roles": ["reader"] });
    invite(&world, &alice, &body).await.assert_problem(403, "forbidden");
    let request = || post("/auth/admin/invitations", "application/json");
    world.send(request(), body.to_string()).await.assert_problem(401, "unauthenticated");
    // A page of another site causes a request with the cookie of an administrator.
    let cookie = cookies::cookie(&cookies::sign_in(&world, "admin").await);
    let forged = request().header("cookie", &cookie).header("sec-fetch-site", "cross-site");
    world.send(forged, body.to_string()).await.assert_problem(403, "cross-site");
    // The token still says that its holder has the role.
    assert!(world.accounts.accounts().set_roles(&admin.id, &["support".to_owned()]).await.unwrap());
    let more = json!({ "email": "bob@example.org", "roles": ["admin"] });
    invite(&world, &admin, &more).await.assert_problem(401, "invalid-token");
    let tokens = world.login("admin", PASSWORD).await;
    let refresh = tokens.text("refresh_token");
    let admin = Member { token: tokens.text("access_token"), ..admin };
    invite(&world, &admin, &more).await.assert_problem(403, "beyond-own-rights");
    world.clock.advance(Duration::from_secs(15 * 60 + 1));
    let stale = Member { token: world.refresh(&refresh).await.text("access_token"), ..admin };
    invite(&world, &stale, &body).await.assert_problem(401, "stale-login");
    assert!(world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_none());
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn an_invitation_that_no_account_can_have_is_refused_in_words() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    let root = superuser(&world, "root").await;
    mailbox.next("verify").await;
    let long: Vec<String> = (0..500).map(|number| format!("notes:{number}")).collect();
    for (member, names, pointer, code) in [
        ("roles", json!([" canary"]), "/roles", "role"),
        ("roles", json!(["reader", "reader"]), "/roles", "unique"),
        ("scopes", json!(["can ary"]), "/scopes", "scope"),
        ("scopes", json!(["canary", "canary"]), "/scopes", "unique"),
        ("scopes", json!(long), "", "token_too_long"),
    ] {
        let answer = invite(&world, &root, &json!({ "email": "bob@example.org", member: names })).await;
        answer.assert_problem(422, "invalid-body");
        let fault = &answer.json()["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{answer:?}");
        assert!(!answer.body.contains("canary") && !answer.body.contains("can ary"), "{answer:?}");
    }
    assert!(world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_none());
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn without_mail_the_endpoint_invites_nobody() {
    let world = World::in_memory(defaults);
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    invite(&world, &admin, &json!({ "email": "bob@example.org" })).await.assert_problem(501, "no-mail");
    assert!(world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_none());
}

#[tokio::test]
async fn inviting_without_the_store_is_503_and_can_be_repeated() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    mailbox.next("verify").await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let by = Member { id: admin.id.clone(), token: token(&world, "admin").await };
        store.fail_at(call);
        let answer = invite(&world, &by, &json!({ "email": format!("bob{call}@example.org") })).await;
        assert!(answer.status == 201 || mailbox.is_empty().await, "call {call}");
        answer
    })
    .await;
    assert_eq!(calls, 6, "revocations, administrator, address looked up twice, account reserved, token stored");
    mailbox.next("invitation").await;
}

#[tokio::test]
async fn an_invitation_ends_when_its_account_is_deactivated_or_deleted() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        mailbox.next("verify").await;
        for (name, method, what, change) in
            [("bob", "PUT", "/active", json!({ "active": false })), ("carol", "DELETE", "", Value::Null)]
        {
            let email = format!("{name}@example.org");
            let answer = invite(&world, &admin, &json!({ "email": email })).await;
            let sent = mailbox.next("invitation").await;
            let path = path(&answer.text("id"), what);
            assert_eq!(send(&world, &admin.token, method, &path, &change).await.status, 204, "{name}");
            register(&world, name, &email, &sent.token).await.assert_problem(400, "invalid-one-time-token");
            let found = world.accounts.accounts().find(&answer.text("id")).await.unwrap();
            assert!(found.is_none_or(|account| !account.active), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn replacing_an_invitation_without_the_store_is_503_and_can_be_repeated() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    mailbox.next("verify").await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let by = Member { id: admin.id.clone(), token: token(&world, "admin").await };
        let body = json!({ "email": "bob@example.org" });
        assert_eq!(invite(&world, &by, &body).await.status, 201, "call {call}");
        mailbox.next("invitation").await;
        store.fail_at(call);
        let answer = invite(&world, &by, &body).await;
        assert!(answer.status == 201 || mailbox.is_empty().await, "call {call}");
        answer
    })
    .await;
    assert_eq!(calls, 6, "administrator, address looked up twice, account removed, another reserved, token stored");
    mailbox.next("invitation").await;
}
