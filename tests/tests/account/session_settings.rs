//! Lifetimes in the settings decide when sessions end.

use std::time::Duration;

use super::{
    clocks::with_settings,
    cookies::{browse, cookie, sign_in},
    world::{PASSWORD, World},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SECOND: Duration = Duration::from_secs(1);

/// Returns the ends of all of Alice's sessions, in days from now.
async fn ends(world: &World) -> Vec<(i64, i64)> {
    let now = world.auth.clock().unix();
    let sessions = world.accounts.sessions().list(&world.account("alice").await.id, now).await.unwrap();
    let days = |end: auth_runtime::clock::UnixTime| end.seconds_since(now) / 86_400;
    sessions.iter().map(|session| (days(session.idle_expires_at), days(session.absolute_expires_at))).collect()
}

#[tokio::test]
async fn an_unused_session_ends_when_settings_say() {
    let world = World::in_memory(with_settings([("REFRESH_TOKEN_EXPIRE_DAYS", "3")]));
    world.join("alice", &[]).await;
    let (token, page) =
        (world.login("alice", PASSWORD).await.text("refresh_token"), cookie(&sign_in(&world, "alice").await));
    assert_eq!(ends(&world).await, [(3, 90), (3, 90)]);
    world.clock.advance(3 * DAY - SECOND);
    let token = {
        let tokens = world.refresh(&token).await;
        assert_eq!(tokens.status, 200, "{tokens:?}");
        assert_eq!(browse(&world, "GET", "/auth/me", &page).await.status, 200);
        tokens.text("refresh_token")
    };
    world.clock.advance(3 * DAY);
    world.refresh(&token).await.assert_problem(401, "invalid-credentials");
    assert_eq!(browse(&world, "GET", "/auth/me", &page).await.status, 401);
}

#[tokio::test]
async fn a_session_in_use_ends_when_settings_say() {
    let world = World::in_memory(with_settings([("SESSION_MAX_DAYS", "9")]));
    world.join("alice", &[]).await;
    let mut token = world.login("alice", PASSWORD).await.text("refresh_token");
    let signed_in = sign_in(&world, "alice").await;
    assert!(signed_in.header("set-cookie").contains("Max-Age=777600;"), "{signed_in:?}");
    assert_eq!(ends(&world).await, [(7, 9), (7, 9)]);
    for time in [4 * DAY, 4 * DAY, DAY - SECOND] {
        world.clock.advance(time);
        let tokens = world.refresh(&token).await;
        assert_eq!(tokens.status, 200, "{tokens:?}");
        assert_eq!(browse(&world, "GET", "/auth/me", &cookie(&signed_in)).await.status, 200);
        token = tokens.text("refresh_token");
    }
    world.clock.advance(SECOND);
    world.refresh(&token).await.assert_problem(401, "invalid-credentials");
    assert_eq!(browse(&world, "GET", "/auth/me", &cookie(&signed_in)).await.status, 401);
}
