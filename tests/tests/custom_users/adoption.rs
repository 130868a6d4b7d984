use auth_tests::http::Answer;
use serde_json::json;

use super::world::{ADA, CHI, World};

/// The columns of the former application.
const FORMER: &str = "SELECT group_concat(id || email || display_name || is_disabled || joined) FROM users";

#[tokio::test]
async fn the_former_columns_stay_as_they_are_and_are_copied_nowhere() {
    let world = World::start().await;
    let before = world.text(FORMER).await;
    world.sign_in(ADA).await;
    assert_eq!(world.text(FORMER).await, before);

    let own = world.own_database().await;
    let count = async |sql| sqlx::query_scalar::<_, i64>(sql).fetch_one(&own).await.unwrap();
    assert_eq!(count("SELECT count(*) FROM auth_accounts").await, 0);
    assert_eq!(count("SELECT count(*) FROM auth_logins").await, 0);
    assert_eq!(count("SELECT count(*) FROM auth_sessions WHERE user_id = '1'").await, 1);
}

#[tokio::test]
async fn a_new_user_gets_a_row_with_the_next_number() {
    let world = World::start().await;
    let register = async |name: &str, email: &str| -> Answer {
        let new = json!({ "username": name, "email": email, "password": "correct horse battery" });
        world.post("/auth/register").json(&new).send().await
    };
    let opened = register("eve", "eve@example.org").await;
    assert_eq!((opened.status, &opened.json()["id"]), (201, &json!("10")), "{opened:?}");
    assert_eq!(world.text("SELECT display_name FROM users WHERE email = 'eve@example.org'").await, "eve");
    let (token, _) = world.sign_in(("EVE", "correct horse battery")).await;
    assert_eq!(world.get("/me", &token).send().await.json()["id"], 10);

    let taken = register("other", "ADA@example.org").await;
    taken.assert_problem(409, "taken");
    assert_eq!(taken.json()["errors"][0]["pointer"], "/email");
}

#[tokio::test]
async fn a_restart_finds_the_table_adopted_and_the_sessions_alive() {
    let world = World::start().await;
    let (token, refresh_token) = world.sign_in(CHI).await;
    let world = world.crash_and_restart();
    assert_eq!(world.get("/me", &token).send().await.status, 200);
    let refreshed = world.post("/auth/refresh").json(&json!({ "refresh_token": refresh_token })).send().await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
}

#[tokio::test]
async fn errors_of_the_application_keep_their_shape_and_refusals_are_problem_documents() {
    let world = World::start().await;
    let (token, _) = world.sign_in(ADA).await;
    assert_eq!(world.get("/members/2", &token).send().await.json()["display_name"], "Ben Ortiz");
    let missing = world.get("/members/3", &token).send().await;
    assert_eq!((missing.status, missing.json()), (404, json!({ "error": "no such member" })));
    world.get("/members/2", "no-token").send().await.assert_problem(401, "invalid-token");
}
