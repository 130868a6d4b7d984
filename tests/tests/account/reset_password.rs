use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    answers::Answer,
    failures::unlimited,
    mailbox::{Mailbox, every_store_with_mail, world_with_mail},
    world::{PASSWORD, World, defaults, every_store, fresh_address, post},
};

const NEW: &str = "another horse battery";

async fn forgot(world: &World, email: &str) -> Answer {
    world.json("/auth/password/forgot", &json!({ "email": email })).await
}

async fn reset(world: &World, token: &str, new: &str) -> Answer {
    world.json("/auth/password/reset", &json!({ "token": token, "new_password": new })).await
}

/// Registers an account, and returns a token that resets its password.
async fn forgetful(world: &World, mailbox: &Mailbox) -> String {
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    assert_eq!(forgot(world, "alice@example.org").await.status, 202);
    mailbox.next("reset").await.token
}

#[tokio::test]
async fn a_token_sets_a_password_once_and_ends_all_sessions() {
    every_store_with_mail(async |world, mailbox| {
        let token = forgetful(&world, &mailbox).await;
        let session = world.login("alice", PASSWORD).await;
        assert_eq!(world.me(&session.text("access_token")).await.status, 200);
        let answer = reset(&world, &token, NEW).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        assert_eq!(mailbox.next("changed").await.to, "alice@example.org");

        world.me(&session.text("access_token")).await.assert_problem(401, "invalid-token");
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        assert_eq!(world.login("alice", NEW).await.status, 200);
        assert_eq!(world.refresh(&session.text("refresh_token")).await.status, 401);
        reset(&world, &token, "a third horse battery").await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(world.login("alice", NEW).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_answer_is_the_same_whether_or_not_there_is_such_an_account() {
    every_store_with_mail(async |world, mailbox| {
        let alice = world.join("alice", &[]).await;
        mailbox.next("verify").await;
        let unknown = forgot(&world, "nobody@example.org").await;
        assert_eq!((unknown.status, unknown.body.as_str()), (202, ""));
        let known = forgot(&world, "ALICE@example.ORG").await;
        assert_eq!(known, unknown);
        let sent = mailbox.next("reset").await;
        assert_eq!(
            (&*sent.to, &*sent.username, sent.expires_in),
            ("alice@example.org", "alice", Duration::from_secs(1_800))
        );
        assert!(mailbox.is_empty().await, "no other address gets mail");

        world.set_active(&alice.id, false).await;
        assert_eq!(forgot(&world, "alice@example.org").await, unknown);
        assert!(mailbox.is_empty().await, "a deactivated account gets no token");
        reset(&world, &sent.token, NEW).await.assert_problem(400, "invalid-one-time-token");
    })
    .await;
}

#[tokio::test]
async fn a_user_name_is_no_address() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    for email in ["alice", "", "a b@example.org", &format!("{}@example.org", "x".repeat(250))] {
        forgot(&world, email).await.assert_problem(422, "invalid-body");
    }
    // The endpoints allow a user name that is an address only if it is the account's own address. This test creates the
    // account directly.
    let new = auth_runtime::store::NewAccount::new("bob@example.org", "bob@example.net", "!".into());
    world.accounts.accounts().create(new).await.unwrap();
    assert_eq!(forgot(&world, "bob@example.org").await.status, 202);
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn few_messages_go_to_one_address_from_any_number_of_clients() {
    every_store_with_mail(async |world, mailbox| {
        world.join("alice", &[]).await;
        mailbox.next("verify").await;
        // The answers do not reveal that a user with this address has just registered and was sent a message.
        let mut seen = Vec::new();
        for email in ["alice@example.org", "nobody@example.org"] {
            let mut answers = Vec::new();
            for _ in 0..4 {
                answers.push(forgot(&world, email).await);
            }
            seen.push(answers);
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0].iter().map(|answer| answer.status).collect::<Vec<_>>(), [202, 202, 202, 429]);
        assert!(!seen[0][3].header("retry-after").is_empty());
        // Requests by strangers do not stop the owner from verifying the address.
        let token = world.login("alice", PASSWORD).await.text("access_token");
        for status in [202, 202, 429] {
            let answer = world.json_as(&token, "/auth/email/send-verification", &Value::Null).await;
            assert_eq!(answer.status, status, "{answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_weak_password_does_not_cost_the_token() {
    every_store_with_mail(async |world, mailbox| {
        let token = forgetful(&world, &mailbox).await;
        for weak in ["short", "password", "alice@example.org", "example.org", &"x".repeat(2_000)] {
            let answer = reset(&world, &token, weak).await;
            answer.assert_problem(422, "invalid-body");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/new_password");
        }
        assert_eq!(reset(&world, &token, NEW).await.status, 204);
    })
    .await;
}

#[tokio::test]
async fn every_bad_token_is_answered_the_same() {
    every_store_with_mail(async |world, mailbox| {
        let token = forgetful(&world, &mailbox).await;
        let refresh = world.login("alice", PASSWORD).await.text("refresh_token");
        let newer = {
            assert_eq!(forgot(&world, "alice@example.org").await.status, 202);
            mailbox.next("reset").await.token
        };
        let flipped = format!("{}{}", if newer.starts_with('A') { "B" } else { "A" }, &newer[1..]);
        let texts = ["", "x", &refresh, &token, &flipped, &newer[1..], &format!("{newer}="), &format!(" {newer}")];
        let mut answers = Vec::new();
        for text in texts {
            answers.push(reset(&world, text, NEW).await);
        }
        answers[0].assert_problem(400, "invalid-one-time-token");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        world.clock.advance(Duration::from_secs(1_800));
        assert_eq!(reset(&world, &newer, NEW).await, answers[0], "an expired token gets the same answer");
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_life_of_a_token_is_the_builders() {
    let (world, mailbox) = world_with_mail(|builder| builder.reset_token_lifetime(Duration::from_secs(60)));
    let token = forgetful(&world, &mailbox).await;
    world.clock.advance(Duration::from_secs(59));
    assert_eq!(reset(&world, &token, "short").await.status, 422);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(reset(&world, &token, NEW).await.status, 400);
}

#[tokio::test]
async fn a_token_is_void_once_the_account_has_another_address() {
    use auth_runtime::{
        secret::SystemEntropy,
        store::{Accounts, SqliteStore},
        testing::ManualClock,
    };

    let clock = ManualClock::at(1_800_000_000);
    let store = SqliteStore::open_with("sqlite::memory:", Arc::new(clock.clone()), Arc::new(SystemEntropy::new()));
    let store = store.await.unwrap();
    let pool = store.pool().clone();
    let (sender, mailbox) = Mailbox::new();
    let world = World::over(|builder| defaults(builder).clock(clock).mail(sender), |_| Accounts::new(store));
    let token = forgetful(&world, &mailbox).await;
    pool_execute(&pool, "UPDATE auth_accounts SET email = 'new@example.org'").await;
    reset(&world, &token, NEW).await.assert_problem(400, "invalid-one-time-token");
    pool_execute(&pool, "UPDATE auth_accounts SET email = 'alice@example.org'").await;
    assert_eq!(reset(&world, &token, NEW).await.status, 204);
}

async fn pool_execute(pool: &sqlx::SqlitePool, sql: &'static str) {
    sqlx::query(sql).execute(pool).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_64_resets_with_one_token_sets_the_password() {
    let (sender, mailbox) = Mailbox::new();
    let memory = (World::in_memory(|builder| unlimited(builder).mail(sender)), mailbox);
    let (sender, mailbox) = Mailbox::new();
    let sqlite = World::on_sqlite_with("sqlite::memory:", |builder| unlimited(builder).mail(sender)).await;
    for (world, mailbox) in [memory, (sqlite, mailbox)] {
        let token = forgetful(&world, &mailbox).await;
        let (world, mut resets) = (Arc::new(world), JoinSet::new());
        for number in 0..64 {
            let (world, token) = (Arc::clone(&world), token.clone());
            resets
                .spawn(async move { (number, reset(&world, &token, &format!("horse number {number}")).await.status) });
        }
        let answers = resets.join_all().await;
        let won: Vec<_> = answers.iter().filter(|(_, status)| *status == 204).map(|(number, _)| *number).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|(_, status)| matches!(status, 204 | 400)), "{answers:?}");
        assert_eq!(world.login("alice", &format!("horse number {}", won[0])).await.status, 200);
    }
}

#[tokio::test]
async fn a_reset_ends_a_cool_down_and_keeps_it_from_its_owner() {
    let few =
        |builder: auth_runtime::auth::AuthBuilder| unlimited(builder).password_failures(3, Duration::from_secs(600));
    let (sender, mailbox) = Mailbox::new();
    let memory = (World::in_memory(|builder| few(builder).mail(sender)), mailbox);
    let (sender, mailbox) = Mailbox::new();
    let sqlite = World::on_sqlite_with("sqlite::memory:", |builder| few(builder).mail(sender)).await;
    for (world, mailbox) in [memory, (sqlite, mailbox)] {
        let token = forgetful(&world, &mailbox).await;
        let guess = async || {
            for _ in 0..4 {
                world.login("alice", "wrong").await;
            }
            assert_eq!(world.login("alice", NEW).await.status, 429);
        };
        guess().await;
        let (home, body) = (fresh_address(), json!({ "token": token, "new_password": NEW }).to_string());
        let answer = world.send_from(home, post("/auth/password/reset", "application/json"), body).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(world.login("alice", "wrong").await.status, 401, "the cool-down is over");
        guess().await;
        assert_eq!(world.login_from(home, "alice", NEW).await.status, 200, "strangers do not lock its owner out again");
    }
}

#[tokio::test]
async fn without_mail_nothing_is_promised() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        forgot(&world, "alice@example.org").await.assert_problem(501, "no-mail");
        forgot(&world, "nobody@example.org").await.assert_problem(501, "no-mail");
        let token = world.login("alice", PASSWORD).await.text("access_token");
        let answer = world.json_as(&token, "/auth/email/send-verification", &Value::Null).await;
        answer.assert_problem(501, "no-mail");
        reset(&world, &"A".repeat(43), NEW).await.assert_problem(400, "invalid-one-time-token");
    })
    .await;
}
