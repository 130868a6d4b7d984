use super::world::{PASSWORD, World, every_store};

async fn deactivated(world: &World) -> (String, String) {
    let alice = world.join("alice", &[]).await;
    let tokens = world.login("alice", PASSWORD).await;
    world.set_active(&alice.id, false).await;
    (tokens.text("access_token"), tokens.text("refresh_token"))
}

#[tokio::test]
async fn a_deactivated_account_is_told_so_only_where_it_has_proved_itself() {
    every_store(async |world| {
        let (token, _) = deactivated(&world).await;
        let answer = world.me(&token).await;
        answer.assert_problem(403, "inactive-user");
        assert_eq!(answer.header("www-authenticate"), "");
    })
    .await;
}

#[tokio::test]
async fn a_deactivated_account_signs_in_like_one_that_is_not_there() {
    every_store(async |world| {
        deactivated(&world).await;
        let unknown = world.login("nobody", PASSWORD).await;
        unknown.assert_problem(401, "invalid-credentials");
        assert_eq!(world.login("alice", PASSWORD).await, unknown);
        assert_eq!(world.login("alice", "wrong").await, unknown);
        world.token("grant_type=password&username=alice&password=correct+horse+battery").await.assert_refused_grant();
    })
    .await;
}

#[tokio::test]
async fn a_deactivated_account_does_not_refresh() {
    every_store(async |world| {
        let (_, refresh_token) = deactivated(&world).await;
        world.token(&format!("grant_type=refresh_token&refresh_token={refresh_token}")).await.assert_refused_grant();
        world.refresh(&refresh_token).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_active_again_signs_in() {
    every_store(async |world| {
        let (token, _) = deactivated(&world).await;
        let alice = world.account("alice").await;
        world.set_active(&alice.id, true).await;
        assert_eq!(world.me(&token).await.status, 200);
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    })
    .await;
}
