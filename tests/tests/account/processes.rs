//! Processes that share a store and differ in settings or clocks.

use std::time::Duration;

use auth_runtime::{auth::AuthBuilder, testing::ManualClock};

use super::{
    failing::Flaky,
    world::{PASSWORD, World, defaults, events, every_store},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings before the life of access tokens was lowered to 15 minutes.
fn before(builder: AuthBuilder) -> AuthBuilder {
    defaults(builder).access_token_lifetime(DAY)
}

async fn signed_in_before(world: &World) -> String {
    world.join("alice", &[]).await;
    let before = world.beside_with(before, world.clock.clone());
    before.login("alice", PASSWORD).await.text("access_token")
}

#[tokio::test]
async fn a_lowered_lifetime_holds_for_tokens_that_are_out() {
    every_store(async |world| {
        let token = signed_in_before(&world).await;
        world.clock.advance(Duration::from_secs(900));
        assert_eq!(world.me(&token).await.status, 200);
        world.clock.advance(Duration::from_secs(1));
        let told = events().matches("older_than_lifetime").count();
        world.me(&token).await.assert_problem(401, "invalid-token");
        assert!(events().matches("older_than_lifetime").count() > told, "the operator was not told");
    })
    .await;
}

#[tokio::test]
async fn a_lowered_lifetime_brings_no_revoked_token_back() {
    every_store(async |world| {
        let token = signed_in_before(&world).await;
        assert_eq!(world.call("POST", "/auth/logout", &token).await.status, 204);
        for _ in 0..10 {
            world.clock.advance(Duration::from_secs(600));
            world.tidy_up().await;
            world.me(&token).await.assert_problem(401, "invalid-token");
            world.beside().me(&token).await.assert_problem(401, "invalid-token");
        }
    })
    .await;
}

/// Starts another process with a clock that differs by this many seconds.
fn apart(world: &World, seconds: i64, change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> World {
    world.beside_with(change, ManualClock::at(world.auth.clock().unix().as_seconds() + seconds))
}

#[tokio::test]
async fn clocks_that_are_minutes_apart_bring_no_revoked_token_back() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let (ended, revoked) = (world.login("alice", PASSWORD).await, world.login("alice", PASSWORD).await);
        let (ended, revoked) = (ended.text("access_token"), revoked.text("access_token"));
        assert_eq!(world.form("/auth/revoke", &format!("token={revoked}")).await.status, 200);
        // The process that is behind records an end that is too early.
        apart(&world, -150, defaults).administration().end_sessions(&alice.id).await.unwrap();
        world.clock.advance(Duration::from_secs(899));
        // The process that is ahead removes the rows that have expired by its own clock.
        apart(&world, 150, defaults).tidy_up().await;
        for token in [ended, revoked] {
            world.beside().me(&token).await.assert_problem(401, "invalid-token");
            world.me(&token).await.assert_problem(401, "invalid-token");
        }
    })
    .await;
}

/// A process that is ahead issued the tokens, and a process that is behind ends the session.
#[tokio::test]
async fn a_revocation_outlives_the_tokens_of_a_clock_that_is_ahead() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let token = apart(&world, 150, defaults).login("alice", PASSWORD).await.text("access_token");
        apart(&world, -150, defaults).administration().end_sessions(&alice.id).await.unwrap();
        for _ in 0..13 {
            world.clock.advance(Duration::from_secs(100));
            apart(&world, 150, defaults).tidy_up().await;
            // A new process knows only the revocations that the store still has.
            let behind = apart(&world, -150, defaults);
            assert_eq!(behind.me(&token).await.status, 401);
        }
    })
    .await;
}

/// Sets the longest leeway for expired tokens.
fn lenient(builder: AuthBuilder) -> AuthBuilder {
    defaults(builder).expiry_leeway(Duration::from_secs(60))
}

/// Runs a scenario on every store, once with leeway for expired tokens and once without.
async fn every_process(scenario: impl AsyncFn(World)) {
    for change in [defaults, lenient] {
        scenario(World::in_memory(change)).await;
        scenario(World::on_sqlite_with("sqlite::memory:", change).await).await;
    }
}

async fn set_roles(world: &World, id: &str, role: &str) {
    world.administration().set_roles(id, [role]).await.unwrap();
}

#[tokio::test]
async fn a_change_of_roles_refuses_tokens_of_a_process_whose_clock_is_ahead() {
    every_process(async |world| {
        let alice = world.join("alice", &[]).await;
        let ahead = apart(&world, 60, lenient);
        let token = ahead.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(ahead.me(&token).await.status, 200);
        set_roles(&world, &alice.id, "reader").await;
        for _ in 0..3 {
            ahead.clock.advance(Duration::from_secs(5));
            world.clock.advance(Duration::from_secs(5));
            ahead.me(&token).await.assert_problem(401, "invalid-token");
            world.beside_with(lenient, world.clock.clone()).me(&token).await.assert_problem(401, "invalid-token");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_refreshed_after_a_change_of_roles_is_accepted_at_once() {
    every_process(async |world| {
        let alice = world.join("alice", &[]).await;
        let (ahead, behind) = (apart(&world, 60, lenient), apart(&world, -60, lenient));
        let mut token = world.login("alice", PASSWORD).await.text("refresh_token");
        for (number, process) in [&world, &ahead, &behind, &world.beside()].into_iter().enumerate() {
            set_roles(&world, &alice.id, &format!("reader-{number}")).await;
            let tokens = process.refresh(&token).await;
            assert_eq!(tokens.status, 200, "{tokens:?}");
            token = tokens.text("refresh_token");
            let access = tokens.text("access_token");
            assert_eq!(process.me(&access).await.status, 200);
            let proof = serde_json::json!({ "password": PASSWORD });
            let fresh = process.json_as(&access, "/auth/reauthenticate", &proof).await.text("access_token");
            assert_eq!(process.me(&fresh).await.status, 200);
        }
    })
    .await;
}

#[tokio::test]
async fn a_second_change_of_roles_refuses_what_was_issued_after_the_first() {
    every_process(async |world| {
        let alice = world.join("alice", &[]).await;
        let token = world.login("alice", PASSWORD).await.text("refresh_token");
        set_roles(&world, &alice.id, "admin").await;
        let tokens = world.beside().refresh(&token).await;
        assert_eq!(world.me(&tokens.text("access_token")).await.status, 200);
        set_roles(&world, &alice.id, "reader").await;
        world.me(&tokens.text("access_token")).await.assert_problem(401, "invalid-token");
        let tokens = world.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(world.me(&tokens.text("access_token")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn roles_that_change_during_a_refresh_are_in_no_token_that_is_good() {
    let (world, store) = Flaky::world_with(defaults);
    let alice = world.join("alice", &[]).await;
    let token = world.login("alice", PASSWORD).await.text("refresh_token");
    set_roles(&world, &alice.id, "admin").await;
    let (administration, id) = (world.administration(), alice.id.clone());
    // The roles change after the account is read and before the token is used up.
    store.before(2, async move { administration.set_roles(&id, [""; 0]).await.unwrap() });
    let access = world.refresh(&token).await.text("access_token");
    world.me(&access).await.assert_problem(401, "invalid-token");
}
