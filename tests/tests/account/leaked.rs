//! Passwords that leaked elsewhere, at each endpoint that sets one.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use auth_runtime::{
    error::StoreError,
    password::{LeakKey, LeakedPasswords, PasswordPolicy},
};
use serde_json::json;

use super::{
    answers::Answer,
    mailbox::{Mailbox, world_with_mail},
    world::{PASSWORD, World, events},
};

const LEAKED: &str = "a walk in the rain";
const UNLISTED: &str = "a walk in the snow";

/// A list with one password, which counts how often it is asked.
#[derive(Clone, Default)]
struct One {
    asked: Arc<AtomicUsize>,
    /// Whether the list does not answer.
    away: Arc<AtomicBool>,
}

impl LeakedPasswords for One {
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 'a>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            match self.away.load(Ordering::Relaxed) {
                false => Ok(key.digits() == LeakKey::of(&LEAKED.into()).digits()),
                true => Err(StoreError::new("leaks", "away since the morning")),
            }
        })
    }
}

fn world(change: impl FnOnce(PasswordPolicy) -> PasswordPolicy) -> (World, Mailbox, One) {
    let list = One::default();
    let policy = change(PasswordPolicy::default().breached(list.clone()));
    let (world, mailbox) = world_with_mail(|builder| builder.password_policy(policy));
    (world, mailbox, list)
}

#[tokio::test]
async fn a_leaked_password_can_neither_be_chosen_nor_changed_to() {
    let (world, _mailbox, list) = world(|policy| policy);
    let refused = world.register("alice", LEAKED).await;
    refused.assert_problem(422, "invalid-body");
    let message = "was published in a leak of passwords; choose another one";
    let told = json!([{ "pointer": "/password", "code": "password-breached", "message": message }]);
    assert_eq!(refused.json()["errors"], told);
    // A password with another fault is not asked for.
    assert_eq!(world.register("alice", "short").await.status, 422);
    assert_eq!(list.asked.load(Ordering::Relaxed), 1);
    assert_eq!(world.register("alice", PASSWORD).await.status, 201);
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let refused = change(&world, &token, LEAKED).await;
    refused.assert_problem(422, "invalid-body");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/new_password");
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
}

async fn change(world: &World, token: &str, new: &str) -> Answer {
    let body = json!({ "current_password": PASSWORD, "new_password": new });
    world.json_as(token, "/auth/password", &body).await
}

/// Sends a password to each endpoint that sets one: the registration, the change and the reset. Each works once.
async fn set_everywhere(world: &World, mailbox: &Mailbox, list: &One, new: &str) -> Vec<Answer> {
    let away = list.away.swap(false, Ordering::Relaxed);
    for name in ["bob", "carol"] {
        assert_eq!(world.register(name, PASSWORD).await.status, 201);
        mailbox.next("verify").await;
    }
    let token = world.login("bob", PASSWORD).await.text("access_token");
    world.json("/auth/password/forgot", &json!({ "email": "carol@example.org" })).await;
    let reset = json!({ "token": mailbox.next("reset").await.token, "new_password": new });
    list.away.store(away, Ordering::Relaxed);
    let answers = vec![
        world.register("alice", new).await,
        change(world, &token, new).await,
        world.json("/auth/password/reset", &reset).await,
    ];
    if answers[2].status == 503 {
        // The token is not used up.
        list.away.store(false, Ordering::Relaxed);
        let again = json!({ "token": reset["token"], "new_password": UNLISTED });
        assert_eq!(world.json("/auth/password/reset", &again).await.status, 204);
    }
    answers
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

#[tokio::test]
async fn a_list_that_tells_decides_whatever_the_policy_would_do_without_it() {
    for accepts in [false, true] {
        for (new, expected) in [(LEAKED, [422, 422, 422]), (UNLISTED, [201, 204, 204])] {
            let (world, mailbox, list) = world(|policy| if accepts { policy.accept_unchecked() } else { policy });
            let answers = set_everywhere(&world, &mailbox, &list, new).await;
            assert_eq!(statuses(&answers), expected, "{accepts} {new}");
        }
    }
}

#[tokio::test]
async fn no_password_is_set_while_the_list_cannot_tell() {
    for new in [LEAKED, UNLISTED] {
        let (world, mailbox, list) = world(|policy| policy);
        list.away.store(true, Ordering::Relaxed);
        let answers = set_everywhere(&world, &mailbox, &list, new).await;
        for answer in &answers {
            answer.assert_problem(503, "unavailable");
            assert!(!answer.header("retry-after").is_empty() && !answer.body.contains("morning"), "{answer:?}");
        }
        assert_eq!(world.login("alice", new).await.status, 401);
        assert_eq!(world.login("bob", PASSWORD).await.status, 200);
    }
    // The client mends other faults first.
    let (world, _mailbox, list) = world(|policy| policy);
    list.away.store(true, Ordering::Relaxed);
    let refused = world.register("a", UNLISTED).await;
    refused.assert_problem(422, "invalid-body");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/username");
}

#[tokio::test]
async fn a_policy_may_accept_passwords_that_no_list_has_judged_and_says_so() {
    let (world, mailbox, list) = world(PasswordPolicy::accept_unchecked);
    list.away.store(true, Ordering::Relaxed);
    let answers = set_everywhere(&world, &mailbox, &list, UNLISTED).await;
    assert_eq!(statuses(&answers), [201, 204, 204]);
    let events = events();
    let accepted: Vec<_> = events.lines().filter(|event| event.contains("password_accepted_unchecked")).collect();
    assert!(accepted.len() >= 3 && accepted.iter().all(|event| event.contains("away since the morning")), "{events}");
}
