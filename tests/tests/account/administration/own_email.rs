use std::time::Duration;

use serde_json::json;

use super::staff::{find, member, token};
use crate::account::{
    answers::Answer,
    mailbox::{Mailbox, every_store_with_mail},
    world::{PASSWORD, World, defaults, events},
};

async fn ask(world: &World, token: &str, email: &str) -> Answer {
    let body = json!({ "new_email": email, "current_password": PASSWORD });
    world.json_as(token, "/auth/email", &body).await
}

async fn redeem(world: &World, token: &str) -> Answer {
    world.json("/auth/email/change", &json!({ "token": token })).await
}

/// Asks for another address, and returns the token.
async fn asked(world: &World, mailbox: &Mailbox, bearer: &str, email: &str) -> String {
    let answer = ask(world, bearer, email).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{answer:?}");
    mailbox.next("email_change_requested").await;
    mailbox.next("email_change").await.token
}

#[tokio::test]
async fn the_token_of_the_new_address_changes_it_and_the_former_one_is_told_twice() {
    every_store_with_mail(async |world, mailbox| {
        let alice = member(&world, "alice", &[], &[]).await;
        let verification = mailbox.next("verify").await.token;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let reset = mailbox.next("reset").await.token;
        assert_eq!(ask(&world, &alice.token, "alicia@example.org").await.status, 202);
        let told = mailbox.next("email_change_requested").await;
        assert_eq!((&*told.to, &*told.new_email), ("alice@example.org", "alicia@example.org"));
        let sent = mailbox.next("email_change").await;
        assert_eq!((&*sent.to, &*sent.username), ("alicia@example.org", "alice"));
        assert_eq!(sent.expires_in, Duration::from_secs(86_400));
        assert_eq!(world.me(&alice.token).await.json()["email"], "alice@example.org", "not yet");

        let changed = redeem(&world, &sent.token).await;
        assert_eq!((changed.status, changed.body.as_str()), (204, ""));
        let told = mailbox.next("email_changed").await;
        assert_eq!((&*told.to, &*told.new_email), ("alice@example.org", "alicia@example.org"));
        let me = world.me(&alice.token).await.json();
        assert_eq!((&me["email"], &me["email_verified"]), (&json!("alicia@example.org"), &json!(true)));
        assert_eq!(world.login("alicia@example.org", PASSWORD).await.status, 200);
        redeem(&world, &sent.token).await.assert_problem(400, "invalid-one-time-token");
        let body = json!({ "token": reset, "new_password": "another horse battery" });
        world.json("/auth/password/reset", &body).await.assert_problem(400, "invalid-one-time-token");
        let body = json!({ "token": verification });
        world.json("/auth/email/verify", &body).await.assert_problem(400, "invalid-one-time-token");
        let event = format!("user.id={} outcome=\"email_changed\" reason=\"owner\"", alice.id);
        assert!(events().contains(&event), "{event}");
    })
    .await;
}

#[tokio::test]
async fn a_change_needs_the_password_or_a_login_of_the_last_minutes() {
    every_store_with_mail(async |world, mailbox| {
        let alice = member(&world, "alice", &[], &[]).await;
        mailbox.next("verify").await;
        let wrong = json!({ "new_email": "a@example.org", "current_password": "wrong" });
        world.json_as(&alice.token, "/auth/email", &wrong).await.assert_problem(403, "wrong-password");
        let without = json!({ "new_email": "a@example.org" });
        world.clock.advance(Duration::from_secs(301));
        world.json_as(&alice.token, "/auth/email", &without).await.assert_problem(401, "stale-login");
        world.json("/auth/email", &without).await.assert_problem(401, "unauthenticated");
        assert!(mailbox.is_empty().await);
        let recent = token(&world, "alice").await;
        assert_eq!(world.json_as(&recent, "/auth/email", &without).await.status, 202);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_taken_or_unfit_is_refused_when_asked_and_when_redeemed() {
    every_store_with_mail(async |world, mailbox| {
        let alice = member(&world, "alice", &[], &[]).await;
        member(&world, "bob", &[], &[]).await;
        for _ in 0..2 {
            mailbox.next("verify").await;
        }
        ask(&world, &alice.token, "Bob@example.org").await.assert_problem(409, "taken");
        for (email, code) in [("bob", "email"), ("alice@example.org", "email-unchanged")] {
            let answer = ask(&world, &alice.token, email).await;
            answer.assert_problem(422, "invalid-body");
            assert_eq!(answer.json()["errors"][0]["code"], code);
        }
        let token = asked(&world, &mailbox, &alice.token, "carol@example.org").await;
        world.register("carol", PASSWORD).await;
        mailbox.next("verify").await;
        redeem(&world, &token).await.assert_problem(409, "taken");
        assert_eq!(find(&world, &alice.id).await.unwrap().email, "alice@example.org");
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_with_its_account_with_a_newer_one_and_after_a_day() {
    every_store_with_mail(async |world, mailbox| {
        let alice = member(&world, "alice", &[], &[]).await;
        mailbox.next("verify").await;
        let first = asked(&world, &mailbox, &alice.token, "one@example.org").await;
        let second = asked(&world, &mailbox, &alice.token, "two@example.org").await;
        redeem(&world, &first).await.assert_problem(400, "invalid-one-time-token");
        world.administration().set_active(&alice.id, false).await.unwrap();
        redeem(&world, &second).await.assert_problem(400, "invalid-one-time-token");
        world.administration().set_active(&alice.id, true).await.unwrap();
        let body = json!({ "token": second });
        world.json("/auth/email/verify", &body).await.assert_problem(400, "invalid-one-time-token");
        world.clock.advance(Duration::from_secs(86_400));
        redeem(&world, &second).await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(find(&world, &alice.id).await.unwrap().email, "alice@example.org");
    })
    .await;
}

#[tokio::test]
async fn few_messages_go_to_one_address_and_without_mail_none() {
    let world = World::in_memory(defaults);
    let alice = member(&world, "alice", &[], &[]).await;
    ask(&world, &alice.token, "a@example.org").await.assert_problem(501, "no-mail");

    let (sender, mailbox) = Mailbox::new();
    let world = World::in_memory(|builder| defaults(builder).mail(sender));
    let alice = member(&world, "alice", &[], &[]).await;
    mailbox.next("verify").await;
    for status in [202, 202, 202, 429] {
        assert_eq!(ask(&world, &alice.token, "victim@example.org").await.status, status);
    }
    assert!(world.accounts.accounts().find_by_login("victim@example.org").await.unwrap().is_none());
}

/// An attacker with the password asked for another address. The owner gets a notice, and sets a new password.
#[tokio::test]
async fn a_token_that_the_old_password_asked_for_ends_with_it() {
    every_store_with_mail(async |world, mailbox| {
        let alice = member(&world, "alice", &[], &[]).await;
        mailbox.next("verify").await;
        let mut password = PASSWORD;
        for (way, next) in [("reset", "another horse battery"), ("change", "a third horse battery"), ("require", "")] {
            let thief = world.login("alice", password).await.text("access_token");
            let body = json!({ "new_email": "thief@example.org", "current_password": password });
            assert_eq!(world.json_as(&thief, "/auth/email", &body).await.status, 202);
            mailbox.next("email_change_requested").await;
            let token = mailbox.next("email_change").await.token;
            match way {
                "reset" => {
                    world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
                    let body = json!({ "token": mailbox.next("reset").await.token, "new_password": next });
                    assert_eq!(world.json("/auth/password/reset", &body).await.status, 204);
                    mailbox.next("changed").await;
                }
                "change" => {
                    let own = world.login("alice", password).await.text("access_token");
                    let body = json!({ "current_password": password, "new_password": next });
                    assert_eq!(world.json_as(&own, "/auth/password", &body).await.status, 204);
                    mailbox.next("changed").await;
                }
                _ => world.administration().require_reset(&alice.id).await.unwrap(),
            }
            redeem(&world, &token).await.assert_problem(400, "invalid-one-time-token");
            assert_eq!(find(&world, &alice.id).await.unwrap().email, "alice@example.org", "{way}");
            password = next;
            world.clock.advance(Duration::from_secs(3_600));
        }
    })
    .await;
}
