use auth_tests::http::assert_hardened;
use serde_json::json;

use super::world::{ADA, BEN, CHI, DOV, World};

#[tokio::test]
async fn former_users_sign_in_with_their_former_passwords() {
    let world = World::start().await;
    let (token, _) = world.sign_in(BEN).await;
    let me = world.get("/me", &token).send().await;
    assert_eq!(me.json(), json!({ "id": 2, "display_name": "Ben Ortiz", "joined": "2017-09-30 21:15:00" }));
    let account = world.get("/auth/me", &token).send().await.json();
    assert_eq!((&account["id"], &account["email"]), (&json!("2"), &json!("Ben.Ortiz@example.org")));
    assert_eq!(account["created_at"], "2017-09-30T21:15:00Z");
}

#[tokio::test]
async fn a_sign_in_upgrades_the_hash_in_the_table_and_the_password_stays() {
    const HASH: &str = "SELECT pw_hash FROM users WHERE id = 1";
    let world = World::start().await;
    assert!(world.text(HASH).await.starts_with("$2b$10$"));
    world.sign_in(ADA).await;
    let upgraded = world.text(HASH).await;
    assert!(upgraded.starts_with("$argon2id$"), "{upgraded}");
    world.sign_in(ADA).await;
    assert_eq!(world.text(HASH).await, upgraded);
}

#[tokio::test]
async fn wrong_passwords_unknown_and_disabled_users_get_the_same_answer() {
    let world = World::start().await;
    let wrong = world.login((ADA.0, CHI.1)).await;
    wrong.assert_problem(401, "invalid-credentials");
    for refused in [("nobody@example.org", ADA.1), DOV, ("1", ADA.1), ("Ada Quist", ADA.1)] {
        assert_eq!(world.login(refused).await.fingerprint(), wrong.fingerprint(), "{refused:?}");
    }
}

#[tokio::test]
async fn a_user_whom_other_code_disables_is_refused_at_once() {
    let world = World::start().await;
    let (token, refresh_token) = world.sign_in(CHI).await;
    assert_eq!(world.get("/me", &token).send().await.status, 200);

    world.execute("UPDATE users SET is_disabled = 1 WHERE id = 5").await;
    for path in ["/me", "/members/1"] {
        world.get(path, &token).send().await.assert_problem(403, "inactive-user");
    }
    let refreshed = world.post("/auth/refresh").json(&json!({ "refresh_token": refresh_token })).send().await;
    assert_eq!(refreshed.status, 401, "{refreshed:?}");
    assert_eq!(world.login(CHI).await.status, 401);

    world.execute("UPDATE users SET is_disabled = 0 WHERE id = 5").await;
    world.sign_in(CHI).await;
}

#[tokio::test]
async fn a_user_whom_other_code_deletes_is_refused() {
    let world = World::start().await;
    let (token, _) = world.sign_in(CHI).await;
    world.execute("DELETE FROM users WHERE id = 5").await;
    world.get("/me", &token).send().await.assert_problem(401, "invalid-token");
    assert_eq!(world.login(CHI).await.status, 401);
}

#[tokio::test]
async fn an_administrator_disables_a_member_and_ends_the_sessions() {
    let world = World::start().await;
    let (chi, _) = world.sign_in(CHI).await;
    let disable = |id: &str, token: &str| world.post(&format!("/members/{id}/disable")).bearer(token);
    let (ada, _) = world.sign_in(ADA).await;
    disable("5", &ada).send().await.assert_problem(403, "forbidden");

    world.execute("UPDATE users SET roles = '[\"admin\"]' WHERE id = 1").await;
    let (ada, _) = world.sign_in(ADA).await;
    assert_eq!(disable("5", &ada).send().await.status, 204);
    world.get("/auth/sessions", &chi).send().await.assert_problem(401, "invalid-token");
    assert_eq!(world.text("SELECT CAST(is_disabled AS TEXT) FROM users WHERE id = 5").await, "1");

    let missing = disable("4711", &ada).send().await;
    assert_eq!((missing.status, missing.json()), (404, json!({ "error": "no such member" })));
}

#[tokio::test]
async fn every_answer_has_the_headers_for_browsers() {
    let world = World::start().await;
    let (token, _) = world.sign_in(ADA).await;
    for (status, answer) in [
        (200, world.get("/me", &token).send().await),
        (401, world.get("/me", "unknown").send().await),
        (403, world.post("/members/2/disable").bearer(&token).send().await),
        (404, world.get("/members/999", &token).send().await),
        (405, world.post("/me").send().await),
        (422, world.post("/auth/register").json(&json!({})).send().await),
    ] {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_hardened(&answer, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }
    world.execute("DROP TABLE users").await;
    let failing = world.get("/members/2", &token).send().await;
    assert_eq!(failing.status, 503, "{failing:?}");
    assert_hardened(&failing, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}
