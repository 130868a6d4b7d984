//! Accounts that wait for their owners.

use auth_runtime::account::{AdministrationError, NewInvitation};
use serde_json::{Value, json};

use super::staff::{Rank, assert_told, find, member, path, send};
use crate::account::{mailbox::every_store_with_mail, world::PASSWORD};

/// What is useless on an account without an owner is refused in words. The invitation stays valid.
#[tokio::test]
async fn a_name_an_address_and_a_reset_wait_for_the_owner() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        mailbox.next("verify").await;
        let administration = world.administration();
        let id = administration.invite(NewInvitation::new("bob@example.org")).await.unwrap().id;
        let invitation = mailbox.next("invitation").await.token;
        for (method, what, body, operation) in [
            ("PUT", "/email", json!({ "email": "robert@example.org" }), "change_email"),
            ("PUT", "/username", json!({ "username": "robert" }), "rename"),
            ("POST", "/require-reset", Value::Null, "require_reset"),
        ] {
            let answer = send(&world, &admin.token, method, &path(&id, what), &body).await;
            answer.assert_problem(409, "account-pending");
            assert!(answer.text("title").contains("invite another address"), "{answer:?}");
            assert_told(&admin.id, &id, operation, "outcome=\"refused\" reason=\"pending\"");
        }
        for outcome in [
            administration.change_email(&id, "robert@example.org").await,
            administration.rename(&id, "robert").await,
            administration.require_reset(&id).await,
        ] {
            assert!(matches!(outcome, Err(AdministrationError::Pending)), "{outcome:?}");
        }
        assert!(mailbox.is_empty().await, "no link that opens nothing");
        // What the account will have is set as for any other.
        administration.set_roles(&id, ["editor"]).await.unwrap();
        administration.set_scopes(&id, ["notes:read"]).await.unwrap();
        administration.unlock(&id).await.unwrap();
        assert_eq!(administration.end_sessions(&id).await.unwrap(), 0);
        assert_eq!(administration.revoke_api_keys(&id).await.unwrap(), 0);
        let body = json!({
            "username": "bob", "email": "bob@example.org", "password": PASSWORD, "invitation": invitation,
        });
        assert_eq!(world.json("/auth/register", &body).await.status, 201);
        assert_eq!(find(&world, &id).await.unwrap().roles, ["editor"]);
    })
    .await;
}

/// The way that the refusal names.
#[tokio::test]
async fn an_invitation_moves_to_another_address_by_a_deletion_and_a_new_invitation() {
    every_store_with_mail(async |world, mailbox| {
        let administration = world.administration();
        let id = administration.invite(NewInvitation::new("bob@example.org")).await.unwrap().id;
        let first = mailbox.next("invitation").await.token;
        administration.delete(&id).await.unwrap();
        administration.invite(NewInvitation::new("robert@example.org")).await.unwrap();
        let second = mailbox.next("invitation").await;
        assert_eq!(second.to, "robert@example.org");
        let body = |email: &str, token: &str| {
            json!({ "username": "bob", "email": email, "password": PASSWORD, "invitation": token })
        };
        let answer = world.json("/auth/register", &body("bob@example.org", &first)).await;
        answer.assert_problem(400, "invalid-one-time-token");
        assert_eq!(world.json("/auth/register", &body("robert@example.org", &second.token)).await.status, 201);
        assert!(mailbox.is_empty().await, "the first address gets no mail about an account that it never had");
    })
    .await;
}
