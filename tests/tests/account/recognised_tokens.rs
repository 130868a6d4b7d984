//! People whom the application recognised itself, in an app that gets tokens; and how tokens say it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    answers::Answer,
    cookies::{browse, cookie, sign_in},
    recognised_app::{ask_from, begin_in, link_for},
    world::{PASSWORD, World, defaults, events, every_store},
};

async fn finish(world: &World, state: &str, verifier: &str, user: &str) -> Answer {
    world.form("/own/app/finish", &format!("state={state}&verifier={verifier}&user={user}")).await
}

fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn the_app_that_began_gets_tokens_with_the_methods() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        let begun = world.form("/own/app", "").await;
        assert_eq!((begun.status, &begun.json()["expires_in"]), (200, &json!(600)), "{begun:?}");
        assert_eq!(begun.header("set-cookie"), "");
        let (state, verifier) = (begun.text("state"), begun.text("verifier"));
        let tokens = finish(&world, &state, &verifier, &alice.id).await;
        assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "notes:read"), "{tokens:?}");
        let access = tokens.text("access_token");
        assert_eq!(claims(&access)["amr"], json!(["fed", "mfa"]));
        assert_eq!(world.call("GET", "/own/methods", &access).await.json(), json!(["fed", "mfa"]));
        let refreshed = world.refresh(&tokens.text("refresh_token")).await.text("access_token");
        assert_eq!(claims(&refreshed)["amr"], json!(["fed", "mfa"]), "the session remembers");
        // Only once, and only the app that began.
        finish(&world, &state, &verifier, &alice.id).await.assert_problem(403, "sign-in-not-begun");
        assert!(!events().contains(&verifier), "an event tells the verifier");
    })
    .await;
}

/// An attacker begins in an app of their own, and makes the victim's app open where the provider led the attacker.
#[tokio::test]
async fn an_attackers_sign_in_cannot_be_finished_in_the_victims_app() {
    let world = World::in_memory(defaults);
    let mallory = world.join("mallory", &[]).await;
    let (mallorys, alices) = (world.form("/own/app", "").await, world.form("/own/app", "").await);
    let in_browser = begin_in(&world).await;
    let nonce = in_browser.cookie.split_once('=').unwrap().1;
    for (state, verifier) in [
        (mallorys.text("state"), alices.text("verifier")),
        (mallorys.text("state"), String::new()),
        (mallorys.text("state"), "x".to_owned()),
        (String::new(), alices.text("verifier")),
        (in_browser.state.clone(), nonce.to_owned()),
    ] {
        finish(&world, &state, &verifier, &mallory.id).await.assert_problem(403, "sign-in-not-begun");
    }
    let own = finish(&world, &mallorys.text("state"), &mallorys.text("verifier"), &mallory.id).await;
    assert_eq!(own.status, 200);
}

#[tokio::test]
async fn an_app_signs_in_by_a_link() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let begun = world.form("/own/app", "").await;
        let token = link_for(&world, "alice").await.token;
        let form = format!("state={}&verifier={}&token={token}", begun.text("state"), begun.text("verifier"));
        let tokens = world.form("/own/app/finish", &form).await;
        assert_eq!(world.me(&tokens.text("access_token")).await.text("id"), alice.id);
        assert_eq!(claims(&tokens.text("access_token"))["amr"], json!(["otp"]));
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_by_password_says_so() {
    every_store(async |world| {
        world.join("alice", &["auth:introspect"]).await;
        let tokens = world.login("alice", PASSWORD).await;
        let access = tokens.text("access_token");
        assert_eq!(claims(&access)["amr"], json!(["pwd"]));
        assert_eq!(world.introspect(&access, &access).await.json()["amr"], json!(["pwd"]));
        let again = world.json_as(&access, "/auth/reauthenticate", &json!({ "password": PASSWORD })).await;
        assert_eq!(claims(&again.text("access_token"))["amr"], json!(["pwd"]));
        let own = cookie(&sign_in(&world, "alice").await);
        assert_eq!(browse(&world, "GET", "/own/methods", &own).await.json(), json!(["pwd"]));
    })
    .await;
}

/// Login CSRF: Mallory's page makes Alice's browser ask for a link to Mallory's account. The state in Mallory's mail
/// would be good in Alice's browser.
#[tokio::test]
async fn another_site_cannot_begin_a_sign_in_by_post() {
    every_store(async |world| {
        world.join("mallory", &[]).await;
        for site in ["cross-site", "same-site"] {
            let answer = ask_from(&world, site, "mallory").await;
            answer.assert_problem(403, "cross-site");
            assert_eq!(answer.header("set-cookie"), "");
        }
        let no_site = world.form("/own/ask", "user=mallory").await;
        no_site.assert_problem(403, "cross-site");
        assert!(events().contains("reason=\"cross_site\"") && events().contains("reason=\"no_origin\""));
        assert_eq!(ask_from(&world, "same-origin", "mallory").await.status, 200);
    })
    .await;
}
