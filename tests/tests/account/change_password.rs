use std::time::Duration;

use auth_runtime::token::NewAccessToken;
use serde_json::json;

use super::{
    answers::Answer,
    mailbox::every_store_with_mail,
    world::{PASSWORD, World, every_store},
};

const NEW: &str = "another horse battery";
const MINUTE: Duration = Duration::from_secs(60);

async fn change(world: &World, token: &str, current: Option<&str>, new: &str) -> Answer {
    let body = match current {
        Some(current) => json!({ "current_password": current, "new_password": new }),
        None => json!({ "new_password": new }),
    };
    world.json_as(token, "/auth/password", &body).await
}

#[tokio::test]
async fn a_change_takes_the_old_password_and_ends_all_other_sessions() {
    every_store_with_mail(async |world, mailbox| {
        world.join("alice", &[]).await;
        mailbox.next("verify").await;
        let (here, there) = (world.login("alice", PASSWORD).await, world.login("alice", PASSWORD).await);
        world.clock.advance(6 * MINUTE);
        let answer = change(&world, &here.text("access_token"), Some(PASSWORD), NEW).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        let told = mailbox.next("changed").await;
        assert_eq!((&*told.to, &*told.username), ("alice@example.org", "alice"));

        assert_eq!(world.me(&here.text("access_token")).await.status, 200);
        world.me(&there.text("access_token")).await.assert_problem(401, "invalid-token");
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        assert_eq!(world.login("alice", NEW).await.status, 200);
        assert_eq!(world.refresh(&here.text("refresh_token")).await.status, 200, "the session that made it goes on");
        world.refresh(&there.text("refresh_token")).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn without_the_old_password_the_login_has_to_be_fresh() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        world.clock.advance(5 * MINUTE + Duration::from_secs(1));
        let stale = change(&world, &token, None, NEW).await;
        stale.assert_problem(401, "stale-login");
        let challenge = stale.header("www-authenticate");
        assert!(challenge.contains(r#"error="insufficient_user_authentication""#), "{challenge}");
        assert!(challenge.contains("max_age=300"), "{challenge}");
        assert_eq!(world.login("alice", PASSWORD).await.status, 200, "nothing has changed");

        let tokens = world.login("alice", PASSWORD).await;
        world.clock.advance(5 * MINUTE);
        assert_eq!(change(&world, &tokens.text("access_token"), None, NEW).await.status, 204);
        // A refresh is no new authentication.
        let refreshed = world.refresh(&tokens.text("refresh_token")).await.text("access_token");
        world.clock.advance(MINUTE);
        change(&world, &refreshed, None, "a third horse battery").await.assert_problem(401, "stale-login");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_old_password_is_refused_and_counts_as_a_failure() {
    let few = |builder| super::failures::unlimited(builder).password_failures(3, Duration::from_secs(600));
    for world in [World::in_memory(few), World::on_sqlite_with("sqlite::memory:", few).await] {
        world.join("alice", &[]).await;
        // From another address, so that the failures below count for an unknown client.
        let token = world.login("alice", PASSWORD).await.text("access_token");
        for wrong in ["wrong", "", &"x".repeat(2_000)] {
            change(&world, &token, Some(wrong), NEW).await.assert_problem(403, "wrong-password");
        }
        let locked = change(&world, &token, Some(PASSWORD), NEW).await;
        locked.assert_problem(429, "quota-exceeded");
        assert_eq!(locked.header("retry-after"), "600");
        assert_eq!(world.login("alice", PASSWORD).await.status, 429, "one counter for both");
        world.clock.advance(10 * MINUTE);
        assert_eq!(change(&world, &token, Some(PASSWORD), NEW).await.status, 204);
    }
}

#[tokio::test]
async fn wrong_old_passwords_are_few_a_minute() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        let mut statuses = Vec::new();
        for _ in 0..15 {
            statuses.push(change(&world, &token, Some("wrong"), NEW).await.status);
        }
        assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 10, "{statuses:?}");
        assert!(statuses[10..].iter().all(|status| *status == 429), "{statuses:?}");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_is_a_good_one_and_another_one() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        for new in ["short", "password", "alice@example.org", "alice123", &"x".repeat(2_000), PASSWORD] {
            for current in [Some(PASSWORD), None] {
                let answer = change(&world, &token, current, new).await;
                answer.assert_problem(422, "invalid-body");
                assert_eq!(answer.json()["errors"][0]["pointer"], "/new_password", "{answer:?}");
                assert!(!answer.body.contains(&format!("\"{new}\"")), "{answer:?}");
            }
        }
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn changing_a_password_needs_a_token_and_a_live_account() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        world.json("/auth/password", &body).await.assert_problem(401, "unauthenticated");
        change(&world, "x", Some(PASSWORD), NEW).await.assert_problem(401, "invalid-token");
        let tokens = world.login("alice", PASSWORD).await;
        change(&world, &tokens.text("refresh_token"), Some(PASSWORD), NEW).await.assert_problem(401, "invalid-token");
        world.set_active(&alice.id, false).await;
        change(&world, &tokens.text("access_token"), Some(PASSWORD), NEW).await.assert_problem(403, "inactive-user");
    })
    .await;
}

#[tokio::test]
async fn an_old_hash_is_no_obstacle() {
    use auth_runtime::store::NewAccount;

    every_store(async |world| {
        let old = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";
        let alice = NewAccount::new("alice", "alice@example.org", old.into());
        let alice = world.accounts.accounts().create(alice).await.unwrap();
        let token = auth_runtime::testing::TestIdentity::user(&alice.id).token(&world.auth);
        assert_eq!(change(&world, &token, Some(PASSWORD), NEW).await.status, 204);
        assert_eq!(world.login("alice", NEW).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_change_makes_a_link_that_is_under_way_void() {
    every_store_with_mail(async |world, mailbox| {
        world.join("alice", &[]).await;
        mailbox.next("verify").await;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let link = mailbox.next("reset").await.token;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(change(&world, &token, Some(PASSWORD), NEW).await.status, 204);
        let body = json!({ "token": link, "new_password": "a thief's new password" });
        world.json("/auth/password/reset", &body).await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(world.login("alice", NEW).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_token_of_an_unknown_session_changes_no_password_and_creates_no_key() {
    every_store(async |world| {
        let (alice, now) = (world.join("alice", &["notes:read"]).await, world.auth.clock().unix());
        let new = NewAccessToken::new(&alice.id, "app").scope("notes:read").auth_time(now);
        for (new, statuses) in [(new.session("nowhere"), [401, 401]), (new, [201, 204])] {
            let token = world.auth.tokens().issue(&new, now, world.auth.entropy()).unwrap();
            let key = json!({ "name": "deploy", "scopes": ["notes:read"] });
            let made = world.json_as(token.expose(), "/auth/api-keys", &key).await.status;
            let changed = change(&world, token.expose(), Some(PASSWORD), NEW).await.status;
            assert_eq!([made, changed], statuses);
        }
    })
    .await;
}
