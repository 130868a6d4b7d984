//! Accounts that an administrator creates.

use auth_runtime::{
    account::{AdministrationError, GrantError, NewUser},
    store::AccountStore as _,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::staff::{Member, Rank, assert_told, find, member, send, superuser, token};
use crate::account::{
    answers::Answer,
    failing::Flaky,
    mailbox::{Mailbox, every_store_with_mail, world_with_mail},
    world::{PASSWORD, World, defaults, events, every_store},
};

async fn create(world: &World, by: &Member, body: &Value) -> Answer {
    send(world, &by.token, "POST", "/auth/admin/accounts", body).await
}

#[tokio::test]
async fn a_created_account_is_open_and_its_owner_alone_sets_the_password() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &["notes:read"]).await;
        mailbox.next("verify").await;
        let body = json!({
            "email": "bob@example.org", "username": "bob", "roles": ["support"], "scopes": ["notes:read"],
        });
        let answer = create(&world, &admin, &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let shown = answer.json();
        assert_eq!(
            (&shown["username"], &shown["active"], &shown["pending"]),
            (&json!("bob"), &json!(true), &json!(false))
        );
        assert_eq!((&shown["email_verified"], &shown["locked_until"]), (&json!(false), &Value::Null));
        let id = answer.text("id");
        assert_told(&admin.id, &id, "create", "outcome=\"administered\"");
        assert!(events().contains(&format!("user.id={id} outcome=\"created\"")));
        let sent = mailbox.next("reset").await;
        assert_eq!((&*sent.to, &*sent.username), ("bob@example.org", "bob"));
        assert!(!answer.body.contains(&sent.token), "the token goes to the address alone");
        for password in ["", "!reset-required", PASSWORD] {
            assert_eq!(world.login("bob", password).await.status, 401, "{password}");
        }
        let reset = json!({ "token": sent.token, "new_password": PASSWORD });
        assert_eq!(world.json("/auth/password/reset", &reset).await.status, 204);
        mailbox.next("changed").await;
        assert_eq!(world.login("bob", PASSWORD).await.status, 200);
        let bob = find(&world, &id).await.unwrap();
        assert_eq!((bob.roles, bob.scopes), (vec!["support".to_owned()], vec!["notes:read".to_owned()]));
        assert!(bob.email_verified_at.is_some() && !bob.superuser, "the token came to the address");
        create(&world, &admin, &body).await.assert_problem(409, "taken");
    })
    .await;
}

#[tokio::test]
async fn an_account_without_a_user_name_has_its_address() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        mailbox.next("verify").await;
        let answer = create(&world, &admin, &json!({ "email": "bob@example.org" })).await;
        assert_eq!((answer.status, &*answer.text("username")), (201, "bob@example.org"), "{answer:?}");
        // The token is lost. The owner asks for another one.
        mailbox.next("reset").await;
        world.json("/auth/password/forgot", &json!({ "email": "bob@example.org" })).await;
        let reset = json!({ "token": mailbox.next("reset").await.token, "new_password": PASSWORD });
        assert_eq!(world.json("/auth/password/reset", &reset).await.status, 204);
    })
    .await;
}

#[tokio::test]
async fn nobody_creates_an_account_with_more_than_they_hold_or_with_what_no_account_can_have() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    let support = member(&world, "support", &[Rank::Support], &[]).await;
    let root = superuser(&world, "root").await;
    let alice = member(&world, "alice", &[Rank::Reader], &[]).await;
    for _ in 0..3 {
        mailbox.next("verify").await;
    }
    for more in [json!({ "roles": ["admin"] }), json!({ "scopes": ["notes:read"] })] {
        let mut body = more;
        body["email"] = json!("bob@example.org");
        create(&world, &support, &body).await.assert_problem(403, "beyond-own-rights");
        create(&world, &alice, &body).await.assert_problem(403, "forbidden");
    }
    for (body, status, code, pointer) in [
        (json!({ "email": "bob" }), 422, "invalid-body", "/email"),
        (json!({ "email": "bob@example.org", "username": "b@b" }), 422, "invalid-body", "/username"),
        (json!({ "email": "bob@example.org", "username": "Alice" }), 409, "taken", "/username"),
        (json!({ "email": "Alice@example.org", "username": "bob" }), 409, "taken", "/email"),
        (json!({ "email": "Alice@example.org" }), 409, "taken", "/email"),
        (json!({ "email": "bob@example.org", "roles": ["a", "a"] }), 422, "invalid-body", "/roles"),
        (json!({ "email": "bob@example.org", "scopes": ["a", "a"] }), 422, "invalid-body", "/scopes"),
        (json!({ "email": "bob@example.org", "scopes": ["a b"] }), 422, "invalid-body", "/scopes"),
    ] {
        let answer = create(&world, &root, &body).await;
        answer.assert_problem(status, code);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{answer:?}");
    }
    for unknown in
        [json!({ "email": "bob@example.org", "superuser": true }), json!({ "email": "b@b.org", "password": "" })]
    {
        create(&world, &root, &unknown).await.assert_problem(422, "invalid-body");
    }
    assert!(world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_none());
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn without_mail_the_endpoint_creates_nothing_and_code_gets_the_token() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        create(&world, &admin, &json!({ "email": "bob@example.org" })).await.assert_problem(501, "no-mail");
        let administration = world.administration();
        let mut bob = NewUser::new("bob@example.org");
        bob.roles = vec!["editor".to_owned()];
        let created = administration.create(bob).await.unwrap();
        assert_eq!(
            (created.account.roles.as_slice(), created.expires_in.as_secs()),
            (["editor".to_owned()].as_slice(), 1_800)
        );
        let token = created.token.clone().unwrap();
        assert!(!format!("{created:?}").contains(token.expose_secret()));
        let reset = json!({ "token": token.expose_secret(), "new_password": PASSWORD });
        assert_eq!(world.json("/auth/password/reset", &reset).await.status, 204);
        assert_eq!(world.login("bob@example.org", PASSWORD).await.status, 200);
        let mut carol = NewUser::new("carol@example.org");
        carol.roles = vec!["a".to_owned(), "a".to_owned()];
        let refused = administration.create(carol).await;
        assert!(matches!(refused, Err(AdministrationError::Grant(GrantError::Twice(_)))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn creating_without_the_store_is_503_and_leaves_no_account_without_a_way_in() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    mailbox.next("verify").await;
    for call in 0..4 {
        world.clock.advance(std::time::Duration::from_secs(60));
        let by = Member { id: admin.id.clone(), token: token(&world, "admin").await };
        let email = format!("bob{call}@example.org");
        store.fail_at(call);
        let answer = create(&world, &by, &json!({ "email": email })).await;
        let is_created = store.inner.find_by_login(&email).await.unwrap().is_some();
        // The revocations, the administrator, and the account. The token is stored after the answer.
        assert_eq!((answer.status, is_created), if call < 3 { (503, false) } else { (201, true) }, "{answer:?}");
        assert!(mailbox.is_empty().await && !store.is_left_over() && events().contains(&store.cause), "call {call}");
    }
    world.json("/auth/password/forgot", &json!({ "email": "bob3@example.org" })).await;
    assert_eq!(mailbox.next("reset").await.to, "bob3@example.org");
}
