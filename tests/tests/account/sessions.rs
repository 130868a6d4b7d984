use std::time::Duration;

use auth_runtime::{account::AdministrationError, store::EndReason};
use serde_json::{Value, json};

use super::{
    failing::Flaky,
    world::{PASSWORD, World, defaults, every_store, post},
};

async fn list(world: &World, token: &str) -> Vec<Value> {
    let answer = world.call("GET", "/auth/sessions", token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_array().unwrap().clone()
}

async fn login_as(world: &World, user_agent: &str, device: &str) -> (String, String) {
    let request = post("/auth/login", "application/json").header("user-agent", user_agent);
    let body = json!({ "username": "alice", "password": PASSWORD, "device": device }).to_string();
    let tokens = world.send(request, body).await;
    (tokens.text("access_token"), tokens.text("refresh_token"))
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        world.join("bob", &[]).await;
        let (phone, _) = login_as(&world, "Phone/1", "Alice's telephone").await;
        world.clock.advance(Duration::from_secs(60));
        let (laptop, refresh) = login_as(&world, "Laptop/2", "").await;
        let bob = world.login("bob", PASSWORD).await.text("access_token");

        let sessions = list(&world, &phone).await;
        let column = |name: &str| sessions.iter().map(|session| session[name].clone()).collect::<Vec<_>>();
        assert_eq!(column("user_agent"), ["Laptop/2", "Phone/1"], "the last used first");
        assert_eq!(column("device"), ["", "Alice's telephone"]);
        assert_eq!(column("current"), [false, true]);
        assert_eq!(column("kind"), ["bearer", "bearer"]);
        assert!(sessions[0]["address"].as_str().unwrap().starts_with("10."), "{sessions:?}");
        assert_eq!(column("created_at"), ["2027-01-15T08:01:00Z", "2027-01-15T08:00:00Z"]);
        assert_eq!(list(&world, &laptop).await[0]["current"], true);
        assert_eq!(list(&world, &bob).await.len(), 1, "a user sees only their own sessions");

        world.clock.advance(Duration::from_secs(60));
        assert_eq!(world.refresh(&refresh).await.status, 200);
        let sessions = list(&world, &phone).await;
        assert_eq!(sessions[0]["last_used_at"], "2027-01-15T08:02:00Z");
        assert_eq!(sessions[0]["expires_at"], "2027-01-22T08:02:00Z", "seven days unused");
    })
    .await;
}

#[tokio::test]
async fn sessions_of_one_second_are_listed_the_newest_first() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        for device in ["1", "2", "3", "4"] {
            login_as(&world, "Phone/1", device).await;
        }
        let (latest, _) = login_as(&world, "Phone/1", "5").await;
        let sessions = list(&world, &latest).await;
        let devices: Vec<_> = sessions.iter().map(|session| session["device"].as_str().unwrap()).collect();
        assert_eq!(devices, ["5", "4", "3", "2", "1"]);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_ended_is_over_at_once() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        world.join("bob", &[]).await;
        let (phone, phone_refresh) = login_as(&world, "Phone/1", "").await;
        let (laptop, _) = login_as(&world, "Laptop/2", "").await;
        let bob = world.login("bob", PASSWORD).await.text("access_token");
        let id = list(&world, &phone).await.iter().find(|session| session["current"] == true).unwrap()["id"].clone();
        let path = format!("/auth/sessions/{}", id.as_str().unwrap());

        world.call("DELETE", &path, &bob).await.assert_problem(404, "no-session");
        assert_eq!(world.me(&phone).await.status, 200);
        assert_eq!(world.call("DELETE", &path, &laptop).await.status, 204);
        world.me(&phone).await.assert_problem(401, "invalid-token");
        world.refresh(&phone_refresh).await.assert_problem(401, "invalid-credentials");
        world.call("DELETE", &path, &laptop).await.assert_problem(404, "no-session");
        for nothing in ["nothing", "%00", "..%2F..", "'%20OR%20'1'='1", &format!("{}%20", id.as_str().unwrap())] {
            let answer = world.call("DELETE", &format!("/auth/sessions/{nothing}"), &laptop).await;
            answer.assert_problem(404, "no-session");
        }
        assert_eq!(list(&world, &laptop).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_has_expired_may_still_be_ended() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let (_, refresh) = login_as(&world, "Phone/1", "").await;
        let id = world.administration().sessions(&alice.id).await.unwrap().remove(0).id;
        world.clock.advance(Duration::from_secs(7 * 24 * 60 * 60));
        let (laptop, _) = login_as(&world, "Laptop/2", "").await;
        assert_eq!(list(&world, &laptop).await.len(), 1, "it is no longer listed");
        let path = format!("/auth/sessions/{id}");
        assert_eq!(world.call("DELETE", &path, &laptop).await.status, 204);
        world.call("DELETE", &path, &laptop).await.assert_problem(404, "no-session");
        world.refresh(&refresh).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn all_others_are_ended_and_the_current_one_goes_on() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let mut others = Vec::new();
        for _ in 0..3 {
            others.push(login_as(&world, "Other/1", "").await);
        }
        let (current, refresh) = login_as(&world, "Mine/1", "").await;
        assert_eq!(world.call("DELETE", "/auth/sessions", &current).await.status, 204);
        for (token, refresh) in others {
            world.me(&token).await.assert_problem(401, "invalid-token");
            world.refresh(&refresh).await.assert_problem(401, "invalid-credentials");
        }
        assert_eq!(world.me(&current).await.status, 200);
        assert_eq!(world.refresh(&refresh).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let (one, one_refresh) = login_as(&world, "One/1", "").await;
        let (two, two_refresh) = login_as(&world, "Two/1", "").await;
        let (three, _) = login_as(&world, "Three/1", "").await;
        assert_eq!(world.call("POST", "/auth/logout", &one).await.status, 204);
        world.me(&one).await.assert_problem(401, "invalid-token");
        world.refresh(&one_refresh).await.assert_problem(401, "invalid-credentials");
        assert_eq!(world.me(&two).await.status, 200);
        assert_eq!(world.call("POST", "/auth/logout/all", &two).await.status, 204);
        world.me(&two).await.assert_problem(401, "invalid-token");
        world.me(&three).await.assert_problem(401, "invalid-token");
        world.refresh(&two_refresh).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn another_process_refuses_an_ended_session_within_five_seconds() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let other = world.beside();
        let (token, _) = login_as(&world, "Phone/1", "").await;
        assert_eq!(other.me(&token).await.status, 200);
        assert_eq!(world.call("POST", "/auth/logout", &token).await.status, 204);
        world.me(&token).await.assert_problem(401, "invalid-token");
        world.clock.advance(Duration::from_secs(5));
        other.me(&token).await.assert_problem(401, "invalid-token");
        // A process that starts now knows of the revocation too.
        world.beside().me(&token).await.assert_problem(401, "invalid-token");
    })
    .await;
}

#[tokio::test]
async fn how_soon_another_process_refuses_is_a_setting() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let process = |seconds| {
            world.beside_with(
                move |builder| defaults(builder).revocation_delay(Duration::from_secs(seconds)),
                world.clock.clone(),
            )
        };
        let (soon, late) = (process(1), process(60));
        let (token, _) = login_as(&world, "Phone/1", "").await;
        assert_eq!([soon.me(&token).await.status, late.me(&token).await.status], [200, 200]);
        assert_eq!(world.call("POST", "/auth/logout", &token).await.status, 204);
        for (seconds, expected) in [(1, [401, 200]), (29, [401, 200]), (30, [401, 401])] {
            world.clock.advance(Duration::from_secs(seconds));
            assert_eq!([soon.me(&token).await.status, late.me(&token).await.status], expected, "{seconds}");
        }
    })
    .await;
}

#[tokio::test]
async fn requests_with_a_token_read_no_store() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let (token, _) = login_as(&world, "Phone/1", "").await;
    store.take_calls();
    for _ in 0..100 {
        assert_eq!(world.call("GET", "/fresh", &token).await.status, 200);
    }
    assert_eq!(store.take_calls(), 1, "the first request reads the revocations");
    world.clock.advance(Duration::from_secs(5));
    for _ in 0..100 {
        assert_eq!(world.call("GET", "/fresh", &token).await.status, 200);
    }
    assert_eq!(store.take_calls(), 1, "one request reads the revocations every few seconds");
}

/// The clock advances with each request.
#[tokio::test]
async fn the_store_is_asked_for_revocations_once_in_a_while() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let (token, _) = login_as(&world, "Phone/1", "").await;
    store.take_calls();
    for _ in 0..300 {
        world.clock.advance(Duration::from_millis(100));
        assert_eq!(world.call("GET", "/fresh", &token).await.status, 200);
    }
    // The first request reads the revocations. After half of the five seconds, the next request reads them again.
    assert_eq!(store.take_calls(), 12, "in 30 seconds");
}

#[tokio::test]
async fn an_administrator_ends_sessions_and_a_deactivated_account_is_signed_out() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let administration = world.administration();
        let (one, one_refresh) = login_as(&world, "One/1", "").await;
        let (two, two_refresh) = login_as(&world, "Two/1", "").await;
        let sessions = administration.sessions(&alice.id).await.unwrap();
        assert_eq!(sessions.len(), 2);
        let first = sessions.iter().find(|session| session.client.user_agent == "One/1").unwrap();
        administration.end_session(&alice.id, &first.id).await.unwrap();
        let unknown = administration.end_session("somebody else", &sessions[0].id).await;
        assert!(matches!(unknown, Err(AdministrationError::UnknownSession)));
        world.me(&one).await.assert_problem(401, "invalid-token");
        world.refresh(&one_refresh).await.assert_problem(401, "invalid-credentials");

        administration.set_active(&alice.id, false).await.unwrap();
        administration.set_active(&alice.id, true).await.unwrap();
        world.me(&two).await.assert_problem(401, "invalid-token");
        world.refresh(&two_refresh).await.assert_problem(401, "invalid-credentials");
        let (three, _) = login_as(&world, "Three/1", "").await;
        assert_eq!(administration.end_sessions(&alice.id).await.unwrap(), 1);
        world.me(&three).await.assert_problem(401, "invalid-token");
        let unknown = administration.set_active("nobody", false).await;
        assert!(matches!(unknown, Err(AdministrationError::Unknown)));
    })
    .await;
}

#[tokio::test]
async fn a_change_of_roles_or_scopes_is_effective_at_once_and_ends_no_session() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let (token, mut refresh) = login_as(&world, "Phone/1", "").await;
        assert_eq!(world.me(&token).await.status, 200);
        let administration = world.administration();
        administration.set_roles(&alice.id, ["admin"]).await.unwrap();
        world.me(&token).await.assert_problem(401, "invalid-token");
        world.clock.advance(Duration::from_secs(1));
        let tokens = world.refresh(&refresh).await;
        assert_eq!(world.me(&tokens.text("access_token")).await.status, 200);
        refresh = tokens.text("refresh_token");

        administration.set_scopes(&alice.id, [""; 0]).await.unwrap();
        world.me(&tokens.text("access_token")).await.assert_problem(401, "invalid-token");
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(world.refresh(&refresh).await.status, 200);
        let unknown = administration.set_roles("nobody", [""; 0]).await;
        assert!(matches!(unknown, Err(AdministrationError::Unknown)));
    })
    .await;
}

#[tokio::test]
async fn a_guard_that_does_not_know_the_accounts_answers_500() {
    use auth_runtime::{account, auth::Auth, store::Accounts, testing::TestAuth};
    use axum::{body::Body, extract::FromRef, http::Request};
    use tower::ServiceExt;

    #[derive(Clone, FromRef)]
    struct App {
        auth: Auth,
        accounts: Accounts,
    }

    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let app = App { auth: TestAuth::new().auth, accounts: world.accounts.clone() };
    let router = account::routes().with_state(app).into_router();
    let body = json!({ "username": "alice", "password": PASSWORD }).to_string();
    let mut request =
        Request::post("/auth/login").header("content-type", "application/json").body(Body::from(body)).unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(std::net::SocketAddr::from(([10, 0, 0, 1], 1))));
    assert_eq!(router.oneshot(request).await.unwrap().status(), 500);
    assert!(super::world::events().contains("build `Auth` with `.accounts(&accounts)`"));
}

#[tokio::test]
async fn tidying_up_forgets_no_revocation_that_is_still_of_use() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        world.join("bob", &[]).await;
        let (ended, _) = login_as(&world, "One/1", "").await;
        let (copied, used) = login_as(&world, "Two/1", "").await;
        assert_eq!(world.refresh(&used).await.status, 200);
        world.clock.advance(Duration::from_secs(21));
        world.refresh(&used).await.assert_problem(401, "invalid-credentials");
        assert_eq!(world.call("POST", "/auth/logout", &ended).await.status, 204);
        let (demoted, _) = login_as(&world, "Three/1", "").await;
        world.administration().set_roles(&alice.id, ["reader"]).await.unwrap();
        world.clock.advance(Duration::from_secs(5));
        world.tidy_up().await;
        // Another process knows only the revocations that the store still has.
        let other = world.beside();
        for token in [ended, copied, demoted] {
            other.me(&token).await.assert_problem(401, "invalid-token");
        }
    })
    .await;
}

#[tokio::test]
async fn an_administrators_ending_says_so_and_activating_ends_nothing() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let (token, _) = login_as(&world, "One/1", "").await;
        let administration = world.administration();
        administration.set_active(&alice.id, true).await.unwrap();
        assert_eq!(world.me(&token).await.status, 200);
        let id = administration.sessions(&alice.id).await.unwrap().remove(0).id;
        administration.end_session(&alice.id, &id).await.unwrap();
        let session = world.accounts.sessions().find_session(&id).await.unwrap().unwrap();
        assert_eq!(session.ended.unwrap().reason, EndReason::Administrator);
    })
    .await;
}
