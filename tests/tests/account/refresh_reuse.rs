use std::{collections::HashSet, sync::Arc, time::Duration};

use auth_runtime::auth::RefreshRetry;
use tokio::task::JoinSet;

use super::{
    answers::Answer,
    world::{PASSWORD, World, defaults, events, every_store, post},
};

async fn refresh_as(world: &World, user_agent: &str, token: &str) -> Answer {
    let request = post("/auth/refresh", "application/json").header("user-agent", user_agent);
    world.send(request, format!(r#"{{"refresh_token":"{token}"}}"#)).await
}

async fn signed_in(world: &World) -> Answer {
    world.join("alice", &[]).await;
    world.login("alice", PASSWORD).await
}

#[tokio::test]
async fn a_lost_answer_is_given_again_for_twenty_seconds() {
    every_store(async |world| {
        let token = signed_in(&world).await.text("refresh_token");
        let first = world.refresh(&token).await;
        for _ in 0..4 {
            world.clock.advance(Duration::from_secs(5));
            let again = world.refresh(&token).await;
            assert_eq!(again.status, 200, "{again:?}");
            assert_eq!(again.text("refresh_token"), first.text("refresh_token"), "one successor, never a second");
            assert_eq!(world.me(&again.text("access_token")).await.status, 200);
        }
        world.clock.advance(Duration::from_secs(1));
        world.refresh(&token).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn a_replay_ends_the_whole_family_and_tells_the_operator() {
    every_store(async |world| {
        let tokens = signed_in(&world).await;
        let mut chain = vec![tokens.text("refresh_token")];
        let mut last = tokens;
        for _ in 0..3 {
            world.clock.advance(Duration::from_secs(60));
            last = world.refresh(chain.last().unwrap()).await;
            chain.push(last.text("refresh_token"));
        }
        let user_id = world.account("alice").await.id;
        world.refresh(&chain[1]).await.assert_problem(401, "invalid-credentials");
        for token in &chain {
            world.refresh(token).await.assert_problem(401, "invalid-credentials");
            world.token(&format!("grant_type=refresh_token&refresh_token={token}")).await.assert_refused_grant();
        }
        world.me(&last.text("access_token")).await.assert_problem(401, "invalid-token");
        let told = |line: &str| line.contains("token_reuse") && line.contains(&user_id);
        assert!(events().lines().any(told), "the operator was not told");
        // Another session of the same user is still live.
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_replay_by_another_program_ends_the_family_at_once() {
    every_store(async |world| {
        let token = signed_in(&world).await.text("refresh_token");
        let successor = refresh_as(&world, "Phone/1", &token).await.text("refresh_token");
        refresh_as(&world, "Thief/1", &token).await.assert_problem(401, "invalid-credentials");
        refresh_as(&world, "Phone/1", &successor).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn a_replay_for_another_client_ends_the_family_at_once() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery&client_id=web";
        let token = world.token(login).await.text("refresh_token");
        let form = |token: &str, client| format!("grant_type=refresh_token&refresh_token={token}&client_id={client}");
        let successor = world.token(&form(&token, "web")).await.text("refresh_token");
        world.token(&form(&token, "app")).await.assert_refused_grant();
        world.token(&form(&successor, "web")).await.assert_refused_grant();
    })
    .await;
}

#[tokio::test]
async fn without_grace_a_second_use_ends_the_family() {
    let world = World::in_memory(|builder| defaults(builder).refresh_grace(Duration::from_secs(0)));
    let token = signed_in(&world).await.text("refresh_token");
    let successor = world.refresh(&token).await.text("refresh_token");
    world.refresh(&token).await.assert_problem(401, "invalid-credentials");
    world.refresh(&successor).await.assert_problem(401, "invalid-credentials");
}

#[tokio::test]
async fn a_retry_at_the_end_of_a_session_is_refused_without_an_alarm() {
    let world = World::in_memory(|builder| defaults(builder).session_lifetime(Duration::from_secs(100)));
    let token = signed_in(&world).await.text("refresh_token");
    let user_id = world.account("alice").await.id;
    world.clock.advance(Duration::from_secs(90));
    assert_eq!(world.refresh(&token).await.status, 200);
    world.clock.advance(Duration::from_secs(10));
    world.refresh(&token).await.assert_problem(401, "invalid-credentials");
    let told = |line: &str| line.contains("token_reuse") && line.contains(&user_id);
    assert!(!events().lines().any(told), "an answer was lost, no token was copied");
}

#[tokio::test]
async fn a_request_refused_before_the_exchange_does_not_use_the_token_up() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery";
        let token = world.token(login).await.text("refresh_token");
        let wide = format!("grant_type=refresh_token&refresh_token={token}&scope=admin");
        world.token(&wide).await.assert_oauth_error(400, "invalid_scope", "The scope exceeds what may be granted.");
        world.set_active(&alice.id, false).await;
        world.token(&format!("grant_type=refresh_token&refresh_token={token}")).await.assert_refused_grant();
        world.set_active(&alice.id, true).await;
        world.clock.advance(Duration::from_secs(3_600));
        assert_eq!(world.token(&format!("grant_type=refresh_token&refresh_token={token}")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn other_faults_of_the_request_do_not_hide_a_copied_token() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery";
        let form = |token: &str, more: &str| format!("grant_type=refresh_token&refresh_token={token}{more}");
        for is_active in [true, false] {
            let used = world.token(login).await.text("refresh_token");
            let tokens = world.token(&form(&used, "")).await;
            world.clock.advance(Duration::from_secs(21));
            world.set_active(&alice.id, is_active).await;
            let told =
                || events().lines().filter(|line| line.contains("token_reuse") && line.contains(&alice.id)).count();
            let before = told();
            world.token(&form(&used, "&scope=admin")).await.assert_refused_grant();
            assert_eq!(told(), before + 1, "the operator was not told");
            world.set_active(&alice.id, true).await;
            world.token(&form(&tokens.text("refresh_token"), "")).await.assert_refused_grant();
            world.me(&tokens.text("access_token")).await.assert_problem(401, "invalid-token");
        }
    })
    .await;
}

#[tokio::test]
async fn a_retry_gets_no_scope_that_it_may_not_have() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery";
        let used = world.token(login).await.text("refresh_token");
        let retry = format!("grant_type=refresh_token&refresh_token={used}");
        let successor = world.token(&retry).await.text("refresh_token");
        let wide = world.token(&format!("{retry}&scope=admin")).await;
        wide.assert_oauth_error(400, "invalid_scope", "The scope exceeds what may be granted.");
        world.set_active(&alice.id, false).await;
        world.token(&retry).await.assert_refused_grant();
        world.set_active(&alice.id, true).await;
        assert_eq!(world.token(&retry).await.text("refresh_token"), successor, "it is the same client still");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_number_of_exchanges_at_once_give_one_successor() {
    every_store(async |world| {
        let mut token = signed_in(&world).await.text("refresh_token");
        let world = Arc::new(world);
        for _ in 0..5 {
            let mut tasks = JoinSet::new();
            for _ in 0..32 {
                let (world, token) = (Arc::clone(&world), token.clone());
                tasks.spawn(async move { world.refresh(&token).await });
            }
            let answers = tasks.join_all().await;
            assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
            let successors: HashSet<_> = answers.iter().map(|answer| answer.text("refresh_token")).collect();
            assert_eq!(successors.len(), 1);
            token = successors.into_iter().next().unwrap();
        }
    })
    .await;
}

/// These programs differ in the `User-Agent`: a page and its server-side renderer, or an app that was updated between a
/// lost answer and its retry.
#[tokio::test]
async fn which_program_may_try_again_is_a_setting() {
    for (retry, is_retry) in [
        (None, false),
        (Some(RefreshRetry::SameClientAndUserAgent), false),
        (Some(RefreshRetry::SameClient), true),
        (Some(RefreshRetry::Never), false),
    ] {
        let change = |builder| match retry {
            Some(retry) => defaults(builder).refresh_retry(retry),
            None => defaults(builder),
        };
        for world in [World::in_memory(change), World::on_sqlite_with("sqlite::memory:", change).await] {
            let token = signed_in(&world).await.text("refresh_token");
            let successor = refresh_as(&world, "Shop/2.0", &token).await.text("refresh_token");
            world.clock.advance(Duration::from_secs(20));
            let second = refresh_as(&world, "Shop/2.1", &token).await;
            if is_retry {
                assert_eq!(second.text("refresh_token"), successor, "{retry:?}: one successor, never a second");
                assert_eq!(world.me(&second.text("access_token")).await.status, 200, "{retry:?}");
                // After the grace period, a retry is refused under every setting.
                world.clock.advance(Duration::from_secs(1));
                refresh_as(&world, "Shop/2.1", &token).await.assert_problem(401, "invalid-credentials");
            } else {
                second.assert_problem(401, "invalid-credentials");
            }
            refresh_as(&world, "Shop/2.0", &successor).await.assert_problem(401, "invalid-credentials");
        }
    }
}

#[tokio::test]
async fn the_same_program_may_try_again_unless_none_may() {
    for (retry, expected) in
        [(RefreshRetry::SameClientAndUserAgent, 200), (RefreshRetry::SameClient, 200), (RefreshRetry::Never, 401)]
    {
        // With `Never`, a grace period has no effect.
        let change = |builder| defaults(builder).refresh_grace(Duration::from_secs(120)).refresh_retry(retry);
        for world in [World::in_memory(change), World::on_sqlite_with("sqlite::memory:", change).await] {
            let token = signed_in(&world).await.text("refresh_token");
            assert_eq!(refresh_as(&world, "Shop/2.0", &token).await.status, 200);
            assert_eq!(refresh_as(&world, "Shop/2.0", &token).await.status, expected, "{retry:?}");
        }
    }
}

#[tokio::test]
async fn another_client_is_a_copy_with_every_setting() {
    for retry in [RefreshRetry::SameClientAndUserAgent, RefreshRetry::SameClient, RefreshRetry::Never] {
        let change = |builder| defaults(builder).refresh_retry(retry);
        for world in [World::in_memory(change), World::on_sqlite_with("sqlite::memory:", change).await] {
            world.join("alice", &[]).await;
            let login = "grant_type=password&username=alice&password=correct+horse+battery&client_id=web";
            let token = world.token(login).await.text("refresh_token");
            let form =
                |token: &str, client| format!("grant_type=refresh_token&refresh_token={token}&client_id={client}");
            let successor = world.token(&form(&token, "web")).await.text("refresh_token");
            world.token(&form(&token, "app")).await.assert_refused_grant();
            world.token(&form(&successor, "web")).await.assert_refused_grant();
        }
    }
}

/// During a rolling release, the processes have different settings.
#[tokio::test]
async fn a_changed_setting_keeps_the_session_of_a_lost_answer() {
    let with = |retry| move |builder| defaults(builder).refresh_retry(retry);
    let strict = with(RefreshRetry::SameClientAndUserAgent);
    let mild = with(RefreshRetry::SameClient);
    every_store(async |world| {
        world.join("alice", &[]).await;
        for (before, after, second, expected) in [
            (strict, mild, "Shop/2.0", 200),
            (strict, mild, "Shop/2.1", 200),
            (mild, strict, "Shop/2.0", 200),
            (mild, strict, "Shop/2.1", 401),
        ] {
            let token = world.login("alice", PASSWORD).await.text("refresh_token");
            let (old, new) =
                (world.beside_with(before, world.clock.clone()), world.beside_with(after, world.clock.clone()));
            assert_eq!(refresh_as(&old, "Shop/2.0", &token).await.status, 200);
            assert_eq!(refresh_as(&new, second, &token).await.status, expected, "{second}");
        }
    })
    .await;
}
