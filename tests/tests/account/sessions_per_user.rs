use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use auth_runtime::{
    auth::AuthBuilder,
    store::{EndReason, FirstCredential, SessionKind, SessionRecord},
    token::TokenHash,
};
use tokio::task::JoinSet;

use super::{
    cookies,
    failing::{Flaky, fail_at_each_call},
    world::{PASSWORD, World, defaults, events},
};

fn at_most_three(builder: AuthBuilder) -> AuthBuilder {
    defaults(builder).sessions_per_user(3)
}

async fn every_store(scenario: impl AsyncFn(World)) {
    scenario(World::in_memory(at_most_three)).await;
    scenario(World::on_sqlite_with("sqlite::memory:", at_most_three).await).await;
}

/// Returns the identifiers of a user's sessions.
async fn sessions(world: &World, user_id: &str) -> Vec<String> {
    world.administration().sessions(user_id).await.unwrap().into_iter().map(|session| session.id).collect()
}

#[tokio::test]
async fn a_sign_in_beyond_the_maximum_ends_the_session_unused_for_longest() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        world.join("bob", &[]).await;
        let bob = world.login("bob", PASSWORD).await.text("access_token");
        let mut first = world.login("alice", PASSWORD).await;
        let mut others = Vec::new();
        for _ in 0..2 {
            world.clock.advance(Duration::from_secs(60));
            others.push(world.login("alice", PASSWORD).await);
        }
        let unused = sessions(&world, &alice.id).await[1].clone();
        world.clock.advance(Duration::from_secs(60));
        first = world.refresh(&first.text("refresh_token")).await;
        let beside = world.beside();

        world.clock.advance(Duration::from_secs(60));
        let cookie = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        world.me(&others[0].text("access_token")).await.assert_problem(401, "invalid-token");
        beside.me(&others[0].text("access_token")).await.assert_problem(401, "invalid-token");
        world.refresh(&others[0].text("refresh_token")).await.assert_problem(401, "invalid-credentials");
        assert_eq!(cookies::browse(&world, "GET", "/auth/me", &cookie).await.status, 200);
        for token in [&first, &others[1]] {
            assert_eq!(world.me(&token.text("access_token")).await.status, 200);
        }
        assert_eq!(world.me(&bob).await.status, 200, "another user's session goes on");
        assert_eq!(sessions(&world, &alice.id).await.len(), 3);

        let ended = world.accounts.sessions().find_session(&unused).await.unwrap().unwrap();
        assert_eq!(ended.ended.unwrap().reason, EndReason::TooMany);
        let told = |line: &str| line.contains("too_many") && line.contains(&unused) && line.contains("session_ended");
        assert!(events().lines().any(told), "the operator was not told");
    })
    .await;
}

#[tokio::test]
async fn the_new_session_stays_also_where_the_clock_went_back() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        for _ in 0..3 {
            world.login("alice", PASSWORD).await;
        }
        world.clock.set_unix(world.auth.clock().unix().as_seconds() - 3_600);
        let token = world.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(world.me(&token).await.status, 200);
        assert_eq!(sessions(&world, &alice.id).await.len(), 3);
        let cookie = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        assert_eq!(cookies::browse(&world, "GET", "/auth/me", &cookie).await.status, 200);
        assert_eq!(sessions(&world, &alice.id).await.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn simultaneous_sign_ins_leave_at_most_the_maximum_of_sessions() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let mut tasks = JoinSet::new();
        for _ in 0..4 {
            let process = Arc::new(world.beside_with(at_most_three, world.clock.clone()));
            for number in 0..8 {
                let process = Arc::clone(&process);
                tasks.spawn(async move {
                    if number % 2 == 0 {
                        process.login("alice", PASSWORD).await.status
                    } else {
                        cookies::sign_in(&process, "alice").await.status
                    }
                });
            }
        }
        assert!(tasks.join_all().await.iter().all(|status| *status == 200));
        let left = sessions(&world, &alice.id).await.len();
        assert!((1..=3).contains(&left), "{left} sessions");
        let token = world.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(world.me(&token).await.status, 200);
        let left = sessions(&world, &alice.id).await.len();
        assert!((1..=3).contains(&left), "{left} sessions");
    })
    .await;
}

/// The form is sent twice, or the user signs in from two devices in the same second.
#[tokio::test]
async fn one_of_two_simultaneous_sign_ins_remains_with_a_maximum_of_one() {
    for call in 0..8 {
        let (world, store) = Flaky::world_with(|builder| defaults(builder).sessions_per_user(1));
        let alice = world.join("alice", &[]).await;
        let old = world.login("alice", PASSWORD).await.text("access_token");
        let (world, second) = (Arc::new(world), Arc::new(OnceLock::new()));
        let (beside, kept) = (Arc::clone(&world), Arc::clone(&second));
        store.before(call, async move { kept.set(beside.login("alice", PASSWORD).await).unwrap() });

        let first = world.login("alice", PASSWORD).await;
        let second = second.get().unwrap_or_else(|| panic!("a sign-in has no call {call}"));
        assert_eq!((first.status, second.status), (200, 200), "call {call}");
        assert_eq!(sessions(&world, &alice.id).await.len(), 1, "call {call}");
        let mut accepted = 0;
        for token in [first.text("access_token"), second.text("access_token")] {
            accepted += usize::from(world.me(&token).await.status == 200);
        }
        assert_eq!(accepted, 1, "call {call}");
        world.me(&old).await.assert_problem(401, "invalid-token");
    }
}

#[tokio::test]
async fn a_hundred_are_left_of_those_from_before_there_was_a_maximum() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    for number in 0..105_u8 {
        let cookie = FirstCredential::cookie(TokenHash::from_bytes([number; 32]));
        world.accounts.sessions().begin(old_session(&alice.id, number.into()), cookie).await.unwrap();
    }
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    let left = sessions(&world, &alice.id).await;
    assert_eq!(left.len(), 100);
    assert_eq!((&*left[1], &*left[99]), ("104", "6"), "the last used");
}

pub(super) fn old_session(user_id: &str, number: u16) -> SessionRecord {
    let now = World::in_memory(defaults).auth.clock().unix();
    let at = now.plus_seconds(i64::from(number) - 1_000);
    let mut session = SessionRecord::new(number.to_string(), user_id, "first-party", SessionKind::Cookie, at);
    session.idle_expires_at = at.plus_seconds(10_000);
    session.absolute_expires_at = at.plus_seconds(10_000);
    session
}

#[tokio::test]
async fn a_failing_store_signs_no_user_in_and_leaves_no_session_over() {
    let (world, store) = Flaky::world_with(|builder| defaults(builder).sessions_per_user(1));
    let alice = world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let old = world.login("alice", PASSWORD).await.text("access_token");
        store.fail_at(call);
        let answer = world.login("alice", PASSWORD).await;
        if answer.status == 503 {
            assert_eq!(sessions(&world, &alice.id).await.len(), 1, "call {call}");
            assert_eq!(world.me(&old).await.status, 200, "call {call}");
        }
        answer
    })
    .await;
    assert_eq!(calls, 8, "the usual calls, then the user's sessions, and the end of one");
}
