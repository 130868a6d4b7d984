use auth_runtime::{
    account::AdministrationError,
    auth::{AuthBuilder, UserNames},
};
use serde_json::json;

use super::staff::{Rank, assert_told, find, member, put};
use crate::account::{
    mailbox::{Mailbox, every_store_with_mail},
    world::{PASSWORD, World, defaults, every_store},
};

#[tokio::test]
async fn a_name_that_was_given_up_is_free_for_nobody_but_its_former_owner() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        let bob = member(&world, "bob", &[], &[]).await;
        let rename =
            async |id: &str, name: &str| put(&world, &admin, id, "/username", &json!({ "username": name })).await;
        assert_eq!(rename(&alice.id, "alicia").await.status, 204);
        assert_told(&admin.id, &alice.id, "rename", "outcome=\"administered\"");
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        assert_eq!(world.login("alicia", PASSWORD).await.status, 200);
        assert_eq!(world.me(&alice.token).await.json()["username"], "alicia", "the session goes on");

        rename(&bob.id, "Alice").await.assert_problem(409, "taken");
        rename(&bob.id, "alicia").await.assert_problem(409, "taken");
        world.register("alice", PASSWORD).await.assert_problem(409, "taken");
        assert_told(&admin.id, &bob.id, "rename", "outcome=\"refused\" reason=\"taken\"");
        let malformed = rename(&bob.id, "b@b").await;
        malformed.assert_problem(422, "invalid-body");
        assert_eq!(malformed.json()["errors"][0]["pointer"], "/username");
        assert_eq!(find(&world, &bob.id).await.unwrap().username, "bob");
        assert_eq!(rename(&alice.id, "alice").await.status, 204, "the former owner");
        assert!(matches!(world.administration().rename("nobody", "other").await, Err(AdministrationError::Unknown)));
    })
    .await;
}

#[tokio::test]
async fn a_new_name_keeps_the_rule_that_is_in_force_for_names() {
    let international = |builder: AuthBuilder| defaults(builder).user_names(UserNames::International);
    let worlds = [World::in_memory(international), World::on_sqlite_with("sqlite::memory:", international).await];
    for world in worlds {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        let rename = async |name: &str| put(&world, &admin, &alice.id, "/username", &json!({ "username": name })).await;
        for bad in ["p\u{430}ypal", "a", "zo\u{200b}e", "z o"] {
            let answer = rename(bad).await;
            answer.assert_problem(422, "invalid-body");
            let message = "must be 2 to 50 letters or digits of one writing system, or underscores";
            assert_eq!(answer.json()["errors"][0]["message"], message, "{bad}");
        }
        assert_eq!(find(&world, &alice.id).await.unwrap().username, "alice");
        assert_eq!(rename("Zoe\u{308}").await.status, 204);
        assert_eq!(find(&world, &alice.id).await.unwrap().username, "Zo\u{eb}", "the composed form");
        assert_eq!(world.login("ZO\u{cb}", PASSWORD).await.status, 200);
    }
    let world = World::in_memory(defaults);
    let (admin, alice) = (member(&world, "admin", &[Rank::Admin], &[]).await, member(&world, "alice", &[], &[]).await);
    let answer = put(&world, &admin, &alice.id, "/username", &json!({ "username": "Zo\u{eb}" })).await;
    answer.assert_problem(422, "invalid-body");
    assert_eq!(answer.json()["errors"][0]["message"], "must be 3 to 50 letters, digits or underscores");
}

async fn with_alice(world: &World, mailbox: &Mailbox) -> [super::staff::Member; 2] {
    let admin = member(world, "admin", &[Rank::Admin], &[]).await;
    mailbox.next("verify").await;
    let alice = member(world, "alice", &[], &[]).await;
    let token = mailbox.next("verify").await.token;
    assert_eq!(world.json("/auth/email/verify", &json!({ "token": token })).await.status, 204);
    [admin, alice]
}

#[tokio::test]
async fn an_address_that_an_administrator_sets_waits_for_its_proof_and_the_former_one_is_told() {
    every_store_with_mail(async |world, mailbox| {
        let [admin, alice] = with_alice(&world, &mailbox).await;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let reset = mailbox.next("reset").await.token;
        let wanted = json!({ "new_email": "third@example.org", "current_password": PASSWORD });
        assert_eq!(world.json_as(&alice.token, "/auth/email", &wanted).await.status, 202);
        mailbox.next("email_change_requested").await;
        let change = mailbox.next("email_change").await.token;

        let email = json!({ "email": "alicia@example.org" });
        assert_eq!(put(&world, &admin, &alice.id, "/email", &email).await.status, 204);
        assert_told(&admin.id, &alice.id, "change_email", "outcome=\"administered\"");
        let told = mailbox.next("email_changed").await;
        assert_eq!((&*told.to, &*told.new_email), ("alice@example.org", "alicia@example.org"));
        let verification = mailbox.next("verify").await;
        assert_eq!(verification.to, "alicia@example.org");
        assert_eq!(world.me(&alice.token).await.json()["email_verified"], false);

        // Tokens that were sent to the former address, or asked for before, are void.
        let body = json!({ "token": reset, "new_password": "another horse battery" });
        world.json("/auth/password/reset", &body).await.assert_problem(400, "invalid-one-time-token");
        let body = json!({ "token": change });
        world.json("/auth/email/change", &body).await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(world.json("/auth/email/verify", &json!({ "token": verification.token })).await.status, 204);
        assert_eq!(world.login("alicia@example.org", PASSWORD).await.status, 200);
        assert_eq!(world.login("alice@example.org", PASSWORD).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_taken_or_is_none_is_refused() {
    every_store_with_mail(async |world, mailbox| {
        let [admin, alice] = with_alice(&world, &mailbox).await;
        let set = async |email: &str| put(&world, &admin, &alice.id, "/email", &json!({ "email": email })).await;
        set("Admin@Example.org").await.assert_problem(409, "taken");
        set("alice").await.assert_problem(422, "invalid-body");
        assert_eq!(set("alice@example.org").await.status, 204);
        assert!(find(&world, &alice.id).await.unwrap().email_verified_at.is_some(), "the same address stays verified");
        assert!(mailbox.is_empty().await);
        let unknown = world.administration().change_email("nobody", "a@example.org").await;
        assert!(matches!(unknown, Err(AdministrationError::Unknown)));
    })
    .await;
}
