use std::time::Duration;

use super::world::{PASSWORD, World, every_store};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SECOND: Duration = Duration::from_secs(1);

async fn signed_in(world: &World) -> (String, String) {
    world.join("alice", &[]).await;
    let tokens = world.login("alice", PASSWORD).await;
    (tokens.text("access_token"), tokens.text("refresh_token"))
}

#[tokio::test]
async fn an_access_token_ends_after_fifteen_minutes() {
    every_store(async |world| {
        let (token, _) = signed_in(&world).await;
        world.clock.advance(15 * MINUTE - SECOND);
        assert_eq!(world.me(&token).await.status, 200);
        world.clock.advance(SECOND);
        world.me(&token).await.assert_problem(401, "invalid-token");
    })
    .await;
}

#[tokio::test]
async fn an_unused_refresh_token_ends_after_seven_days() {
    every_store(async |world| {
        let (_, refresh_token) = signed_in(&world).await;
        world.clock.advance(7 * DAY);
        world.refresh(&refresh_token).await.assert_problem(401, "invalid-credentials");
        world.token(&format!("grant_type=refresh_token&refresh_token={refresh_token}")).await.assert_refused_grant();
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_works_in_its_last_second_and_its_successor_lives_as_long_again() {
    every_store(async |world| {
        let (_, mut refresh_token) = signed_in(&world).await;
        for _ in 0..3 {
            world.clock.advance(7 * DAY - SECOND);
            let tokens = world.refresh(&refresh_token).await;
            assert_eq!(tokens.status, 200, "{tokens:?}");
            assert_eq!(world.me(&tokens.text("access_token")).await.status, 200);
            refresh_token = tokens.text("refresh_token");
        }
    })
    .await;
}

#[tokio::test]
async fn lifetimes_are_the_builders() {
    let world = World::in_memory(|builder| {
        super::world::defaults(builder)
            .access_token_lifetime(Duration::from_secs(10))
            .refresh_token_lifetime(Duration::from_secs(100))
    });
    world.join("alice", &[]).await;
    let tokens = world.login("alice", PASSWORD).await;
    assert_eq!(tokens.json()["expires_in"], 10);
    world.clock.advance(Duration::from_secs(10));
    world.me(&tokens.text("access_token")).await.assert_problem(401, "invalid-token");
    world.clock.advance(Duration::from_secs(90));
    world.refresh(&tokens.text("refresh_token")).await.assert_problem(401, "invalid-credentials");
}

#[tokio::test]
async fn a_clock_that_jumps_back_admits_nothing_and_breaks_nothing() {
    every_store(async |world| {
        let (token, refresh_token) = signed_in(&world).await;
        world.clock.set_unix(1_700_000_000);
        // A token from the future is refused.
        world.me(&token).await.assert_problem(401, "invalid-token");
        let tokens = world.login("alice", PASSWORD).await;
        assert_eq!(world.me(&tokens.text("access_token")).await.status, 200);
        // The refresh token was not used yet. It can be used once, at any time.
        assert_eq!(world.refresh(&refresh_token).await.status, 200);
        world.clock.set_unix(1_800_000_000);
        world.refresh(&refresh_token).await.assert_problem(401, "invalid-credentials");
        // A used token that comes again much later must be a copy, so its session ends.
        world.me(&token).await.assert_problem(401, "invalid-token");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_its_absolute_life_however_much_it_is_used() {
    let world = World::in_memory(|builder| {
        super::world::defaults(builder).session_lifetime(Duration::from_secs(10 * 24 * 60 * 60))
    });
    let (_, mut refresh_token) = signed_in(&world).await;
    world.clock.advance(6 * DAY);
    refresh_token = world.refresh(&refresh_token).await.text("refresh_token");
    world.clock.advance(4 * DAY - 5 * MINUTE);
    let tokens = world.refresh(&refresh_token).await;
    assert_eq!(tokens.json()["expires_in"], 300, "no access token outlives its session");
    world.clock.advance(5 * MINUTE);
    world.me(&tokens.text("access_token")).await.assert_problem(401, "invalid-token");
    world.refresh(&tokens.text("refresh_token")).await.assert_problem(401, "invalid-credentials");
}
