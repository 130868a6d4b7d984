//! Ending all sessions of an account also ends the change of the address that one of them has asked for.

use serde_json::{Value, json};

use super::{
    administration::staff::{Rank, member, path, put, send},
    answers::Answer,
    mailbox::{Mailbox, every_store_with_mail},
    world::{PASSWORD, World},
};

/// Somebody who has the password asks for another address. Returns the token that was sent there.
async fn thiefs_token(world: &World, mailbox: &Mailbox) -> String {
    let thief = world.login("alice", PASSWORD).await.text("access_token");
    let body = json!({ "new_email": "thief@example.org", "current_password": PASSWORD });
    assert_eq!(world.json_as(&thief, "/auth/email", &body).await.status, 202);
    mailbox.next("email_change_requested").await;
    mailbox.next("email_change").await.token
}

async fn redeem(world: &World, token: &str) -> Answer {
    world.json("/auth/email/change", &json!({ "token": token })).await
}

#[tokio::test]
async fn a_change_of_the_address_ends_with_all_sessions_whoever_ends_them() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        for _ in 0..2 {
            mailbox.next("verify").await;
        }
        for way in ["everywhere", "others", "administrator", "application", "deactivation"] {
            world.clock.advance(std::time::Duration::from_secs(900));
            let token = thiefs_token(&world, &mailbox).await;
            let own = world.login("alice", PASSWORD).await.text("access_token");
            let status = match way {
                "everywhere" => world.call("POST", "/auth/logout/all", &own).await.status,
                "others" => world.call("DELETE", "/auth/sessions", &own).await.status,
                "administrator" => {
                    let admin = world.login("admin", PASSWORD).await.text("access_token");
                    send(&world, &admin, "DELETE", &path(&alice.id, "/sessions"), &Value::Null).await.status
                }
                "application" => {
                    assert!(world.administration().end_sessions(&alice.id).await.unwrap() > 0);
                    204
                }
                _ => {
                    let (off, on) = (json!({ "active": false }), json!({ "active": true }));
                    let admin = member_again(&world, &admin.id).await;
                    assert_eq!(put(&world, &admin, &alice.id, "/active", &off).await.status, 204);
                    put(&world, &admin, &alice.id, "/active", &on).await.status
                }
            };
            assert!(status < 300, "{way}: {status}");
            redeem(&world, &token).await.assert_problem(400, "invalid-one-time-token");
            assert_eq!(world.account("alice").await.email, "alice@example.org", "{way}");
        }
    })
    .await;
}

async fn member_again(world: &World, id: &str) -> super::administration::staff::Member {
    super::administration::staff::Member {
        id: id.to_owned(),
        token: world.login("admin", PASSWORD).await.text("access_token"),
    }
}

/// People sign out on one device, and follow the link on another one.
#[tokio::test]
async fn a_change_of_the_address_outlives_the_end_of_one_session() {
    every_store_with_mail(async |world, mailbox| {
        world.join("alice", &[]).await;
        mailbox.next("verify").await;
        let own = world.login("alice", PASSWORD).await.text("access_token");
        let body = json!({ "new_email": "alicia@example.org", "current_password": PASSWORD });
        assert_eq!(world.json_as(&own, "/auth/email", &body).await.status, 202);
        mailbox.next("email_change_requested").await;
        let token = mailbox.next("email_change").await.token;
        assert_eq!(world.call("POST", "/auth/logout", &own).await.status, 204);
        assert_eq!(redeem(&world, &token).await.status, 204);
        assert_eq!(world.account("alice").await.email, "alicia@example.org");
    })
    .await;
}
