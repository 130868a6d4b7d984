//! Access tokens at exact seconds, on processes with different clocks.

use std::time::Duration;

use auth_runtime::{
    auth::{AuthBuilder, Settings},
    testing::ManualClock,
};

use super::world::{PASSWORD, World, defaults, every_store};

const SECOND: Duration = Duration::from_secs(1);

/// Starts another process with a clock that is ahead by this many seconds.
fn ahead(world: &World, seconds: i64) -> World {
    world.beside_with(defaults, ManualClock::at(world.auth.clock().unix().as_seconds() + seconds))
}

/// Adds settings from the environment to the defaults of tests.
pub(super) fn with_settings<const N: usize>(variables: [(&str, &str); N]) -> impl Fn(AuthBuilder) -> AuthBuilder {
    let required = [("ENVIRONMENT", "test"), ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD")];
    let value = |name: &str| Some(variables.iter().chain(&required).find(|(known, _)| *known == name)?.1.to_owned());
    let settings = Settings::from_lookup(value).unwrap();
    move |builder| defaults(builder).settings(&settings)
}

#[tokio::test]
async fn a_token_of_a_clock_that_is_ahead_is_good_for_up_to_a_minute() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        for (seconds, status) in [(0, 200), (1, 200), (60, 200), (61, 401)] {
            let token = ahead(&world, seconds).login("alice", PASSWORD).await.text("access_token");
            assert_eq!(world.me(&token).await.status, status, "{seconds} s ahead");
            let strict = world.beside_with(with_settings([("CLOCK_SKEW_SECONDS", "0")]), world.clock.clone());
            assert_eq!(strict.me(&token).await.status, if seconds == 0 { 200 } else { 401 }, "{seconds} s ahead");
        }
    })
    .await;
}

#[tokio::test]
async fn an_expired_token_is_good_for_no_second_unless_settings_say_so() {
    for leeway in [0, 1, 60] {
        let text = leeway.to_string();
        let world = World::in_memory(with_settings([("TOKEN_EXPIRY_LEEWAY_SECONDS", &text)]));
        world.join("alice", &["auth:introspect"]).await;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        world.clock.advance(Duration::from_secs(899 + leeway));
        assert_eq!(world.me(&token).await.status, 200, "{leeway}");
        let caller = world.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(world.introspect(&caller, &token).await.json()["active"], true, "{leeway}");
        world.clock.advance(SECOND);
        world.me(&token).await.assert_problem(401, "invalid-token");
        assert_eq!(world.introspect(&caller, &token).await.json()["active"], false, "{leeway}");
    }
}

/// While the leeway would accept an expired token, the revoked token is still refused.
#[tokio::test]
async fn a_revoked_token_stays_revoked_while_it_would_be_tolerated() {
    let lenient = with_settings([("TOKEN_EXPIRY_LEEWAY_SECONDS", "60"), ("CLOCK_SKEW_SECONDS", "60")]);
    for revoke_after in [0, 880, 930] {
        let world = World::in_memory(&lenient);
        world.join("alice", &[]).await;
        let token = async || world.login("alice", PASSWORD).await.text("access_token");
        let (ended, revoked, kept) = (token().await, token().await, token().await);
        world.clock.advance(Duration::from_secs(revoke_after));
        assert_eq!(world.call("POST", "/auth/logout", &ended).await.status, 204);
        assert_eq!(world.form("/auth/revoke", &format!("token={revoked}")).await.status, 200);
        world.clock.advance(Duration::from_secs(959 - revoke_after));
        world.tidy_up().await;
        assert_eq!(world.me(&kept).await.status, 200);
        for process in [&world, &world.beside_with(&lenient, world.clock.clone())] {
            for token in [&ended, &revoked] {
                process.me(token).await.assert_problem(401, "invalid-token");
            }
        }
        world.clock.advance(SECOND);
        world.me(&kept).await.assert_problem(401, "invalid-token");
    }
}
