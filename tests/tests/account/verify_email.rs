use std::time::Duration;

use serde_json::{Value, json};

use super::{
    answers::Answer,
    mailbox::{every_store_with_mail, world_with_mail},
    world::{PASSWORD, World},
};

async fn verify(world: &World, token: &str) -> Answer {
    world.json("/auth/email/verify", &json!({ "token": token })).await
}

#[tokio::test]
async fn registration_sends_a_token_that_verifies_the_address_once() {
    every_store_with_mail(async |world, mailbox| {
        let answer = world.register("alice", PASSWORD).await;
        assert_eq!((answer.status, &answer.json()["email_verified"]), (201, &json!(false)));
        let sent = mailbox.next("verify").await;
        assert_eq!(
            (&*sent.to, &*sent.username, sent.expires_in),
            ("alice@example.org", "alice", Duration::from_secs(86_400))
        );
        let token = world.login("alice", PASSWORD).await.text("access_token");

        world.clock.advance(Duration::from_secs(60));
        let verified = verify(&world, &sent.token).await;
        assert_eq!((verified.status, verified.body.as_str()), (204, ""));
        assert_eq!(world.me(&token).await.json()["email_verified"], true);
        assert_eq!(world.account("alice").await.email_verified_at, Some(world.auth.clock().unix()));
        verify(&world, &sent.token).await.assert_problem(400, "invalid-one-time-token");
    })
    .await;
}

#[tokio::test]
async fn a_token_for_one_purpose_is_no_good_for_the_other() {
    every_store_with_mail(async |world, mailbox| {
        world.register("alice", PASSWORD).await;
        let verification = mailbox.next("verify").await.token;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let reset = mailbox.next("reset").await.token;
        verify(&world, &reset).await.assert_problem(400, "invalid-one-time-token");
        let body = json!({ "token": verification, "new_password": "another horse battery" });
        world.json("/auth/password/reset", &body).await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(verify(&world, &verification).await.status, 204, "and the refused use does not use it up");
    })
    .await;
}

#[tokio::test]
async fn another_token_can_be_asked_for_and_makes_the_first_void() {
    every_store_with_mail(async |world, mailbox| {
        world.register("alice", PASSWORD).await;
        let first = mailbox.next("verify").await.token;
        let bearer = world.login("alice", PASSWORD).await.text("access_token");
        let ask = async || world.json_as(&bearer, "/auth/email/send-verification", &Value::Null).await.status;
        assert_eq!(ask().await, 202);
        let second = mailbox.next("verify").await.token;
        assert_eq!(ask().await, 202);
        let third = mailbox.next("verify").await.token;
        assert_eq!(ask().await, 429, "few messages go to one address");
        for void in [first, second] {
            verify(&world, &void).await.assert_problem(400, "invalid-one-time-token");
        }
        assert_eq!(verify(&world, &third).await.status, 204);
        assert_eq!(ask().await, 202);
        assert!(mailbox.is_empty().await, "a verified address gets no second mail");
        let anonymous = world.json("/auth/email/send-verification", &Value::Null).await;
        anonymous.assert_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_after_a_day_and_with_its_account() {
    every_store_with_mail(async |world, mailbox| {
        world.register("alice", PASSWORD).await;
        let alices = mailbox.next("verify").await.token;
        world.register("bobby", PASSWORD).await;
        let bobbys = mailbox.next("verify").await.token;
        let bobby = world.account("bobby").await;
        world.set_active(&bobby.id, false).await;
        verify(&world, &bobbys).await.assert_problem(400, "invalid-one-time-token");
        world.clock.advance(Duration::from_secs(86_400));
        verify(&world, &alices).await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(world.account("alice").await.email_verified_at, None);
    })
    .await;
}

#[tokio::test]
async fn where_it_is_required_only_verified_accounts_sign_in_and_only_the_owner_is_told() {
    let (world, mailbox) = world_with_mail(|builder| builder.require_verified_email(true));
    world.register("alice", PASSWORD).await;
    mailbox.next("verify").await;
    assert_eq!(world.login("alice", "wrong").await, world.login("nobody", "wrong").await);
    assert!(mailbox.is_empty().await, "a wrong password sends nothing");

    world.login("alice", PASSWORD).await.assert_problem(403, "email-unverified");
    let token = mailbox.next("verify").await.token;
    let form = "grant_type=password&username=alice&password=correct+horse+battery";
    let description = "The e-mail address has to be verified first.";
    world.token(form).await.assert_oauth_error(400, "invalid_grant", description);
    let newer = mailbox.next("verify").await.token;
    assert_eq!(verify(&world, &token).await.status, 400, "a newer one was sent");
    assert_eq!(verify(&world, &newer).await.status, 204);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
}
