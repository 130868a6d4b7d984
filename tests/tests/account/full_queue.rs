//! More concurrent password checks than the memory allows.

use core::time::Duration;
use std::{num::NonZeroU16, sync::Arc};

use auth_runtime::{
    auth::AuthBuilder,
    password::{Cost, Passwords},
    secret::SystemEntropy,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    answers::Answer,
    failures::Unlimited,
    mailbox::{Mailbox, world_with_mail},
    world::{PASSWORD, World},
};

/// One worker and one place to wait, with production-cost hashes: two requests get in at once.
fn narrow(builder: AuthBuilder) -> AuthBuilder {
    let passwords =
        Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::OWASP).workers(NonZeroU16::MIN).queue(1).build();
    builder.passwords(passwords).limit_store(Unlimited).password_failures(3, Duration::from_secs(600))
}

async fn world() -> (Arc<World>, Mailbox) {
    let (world, mailbox) = world_with_mail(narrow);
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    (Arc::new(world), mailbox)
}

/// Sends twelve requests at once, and returns the answers that were not refused for lack of room.
async fn crowd(world: &Arc<World>, token: &str, path: &'static str, body: impl Fn(usize) -> Value) -> Vec<Answer> {
    let mut requests = JoinSet::new();
    for number in 0..12 {
        let (world, body, token) = (Arc::clone(world), body(number), token.to_owned());
        requests.spawn(async move {
            if token.is_empty() { world.json(path, &body).await } else { world.json_as(&token, path, &body).await }
        });
    }
    let (refused, served): (Vec<_>, Vec<_>) =
        requests.join_all().await.into_iter().partition(|answer| answer.status == 503);
    assert!(!refused.is_empty() && !served.is_empty(), "{path}: {refused:?} {served:?}");
    for answer in &refused {
        answer.assert_problem(503, "unavailable");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1, "{answer:?}");
    }
    served
}

#[tokio::test]
async fn signing_in_is_503_when_the_queue_is_full_and_counts_as_no_failure() {
    let (world, _mailbox) = world().await;
    let body = |_| json!({ "username": "alice", "password": PASSWORD });
    for _ in 0..3 {
        let served = crowd(&world, "", "/auth/login", body).await;
        assert!(served.iter().all(|answer| answer.status == 200), "{served:?}");
    }
    assert_eq!(world.login("alice", "wrong").await.status, 401);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    let unknown = |_| json!({ "username": "nobody", "password": PASSWORD });
    crowd(&world, "", "/auth/login", unknown).await;
}

#[tokio::test]
async fn registering_is_503_when_the_queue_is_full() {
    let (world, _mailbox) = world().await;
    let body =
        |n| json!({ "username": format!("bob{n}"), "email": format!("bob{n}@example.org"), "password": PASSWORD });
    let served = crowd(&world, "", "/auth/register", body).await;
    assert!(served.iter().all(|answer| answer.status == 201), "{served:?}");
}

#[tokio::test]
async fn changing_a_password_is_503_when_the_queue_is_full() {
    let (world, _mailbox) = world().await;
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let body = |n| json!({ "new_password": format!("horse number {n}") });
    let served = crowd(&world, &token, "/auth/password", body).await;
    assert!(served.iter().any(|answer| answer.status == 204), "{served:?}");
    assert!(served.iter().all(|answer| matches!(answer.status, 204 | 409)), "{served:?}");
}

#[tokio::test]
async fn a_full_queue_costs_no_token() {
    let (world, mailbox) = world().await;
    world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
    let token = mailbox.next("reset").await.token;
    // Other requests fill the queue. A reset that is refused then must not use up its token.
    let mut others = JoinSet::new();
    for _ in 0..2 {
        let world = Arc::clone(&world);
        others.spawn(async move { world.login("nobody", PASSWORD).await.status });
    }
    let body = json!({ "token": token, "new_password": "another horse battery" });
    let mut refused = 0;
    let reset = loop {
        tokio::task::yield_now().await;
        let answer = world.json("/auth/password/reset", &body).await;
        if answer.status != 503 {
            break answer;
        }
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1, "{answer:?}");
        refused += 1;
    };
    assert!(refused > 0, "the queue was never full");
    assert_eq!(reset.status, 204, "{reset:?}");
    others.join_all().await;
}
