//! Processes over one store whose settings or clocks differ.

use std::time::Duration;

use auth_runtime::auth::AuthBuilder;

use super::world::{PASSWORD, World, defaults, events, every_store};

const DAY: u32 = 24 * 60 * 60;

/// As before the life of access tokens was lowered to 15 minutes.
fn before(builder: AuthBuilder) -> AuthBuilder {
    defaults(builder).access_token_seconds(DAY)
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
