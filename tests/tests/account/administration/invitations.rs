use serde_json::{Value, json};

use super::staff::{Member, Rank, assert_told, member, put, send, token};
use crate::account::{
    answers::Answer,
    failing::{Flaky, fail_at_each_call},
    mailbox::{Mailbox, every_store_with_mail},
    world::{PASSWORD, World, defaults},
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
async fn an_invitation_ends_when_its_account_is_deactivated_or_gets_another_address() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        mailbox.next("verify").await;
        for (name, change) in [
            ("bob", ("/active", json!({ "active": false }))),
            ("carol", ("/email", json!({ "email": "caroline@example.org" }))),
        ] {
            let email = format!("{name}@example.org");
            let answer = invite(&world, &admin, &json!({ "email": email })).await;
            let sent = mailbox.next("invitation").await;
            assert_eq!(put(&world, &admin, &answer.text("id"), change.0, &change.1).await.status, 204, "{name}");
            register(&world, name, &email, &sent.token).await.assert_problem(400, "invalid-one-time-token");
            assert!(!world.accounts.accounts().find(&answer.text("id")).await.unwrap().unwrap().active, "{name}");
        }
    })
    .await;
}
