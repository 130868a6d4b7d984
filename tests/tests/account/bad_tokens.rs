//! Damaged credentials, and credentials of a kind that the endpoint does not take.

use auth_runtime::testing::TestIdentity;
use axum::http::Request;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::json;

use super::{
    answers::Answer,
    cookies::{browse, cookie, sign_in},
    failing::Flaky,
    mailbox::{Mailbox, every_store_with_mail},
    world::{PASSWORD, World, every_store},
};

/// One valid credential of each kind.
struct Credentials {
    access: String,
    refresh: String,
    cookie: String,
    api_key: String,
    one_time: String,
}

impl Credentials {
    async fn of_alice(world: &World, mailbox: &Mailbox) -> Self {
        world.join("alice", &[]).await;
        mailbox.next("verify").await;
        assert_eq!(world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await.status, 202);
        let one_time = mailbox.next("reset").await.token;
        let tokens = world.login("alice", PASSWORD).await;
        let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
        let cookie = cookie(&sign_in(world, "alice").await).split_once('=').unwrap().1.to_owned();
        let key = world.json_as(&access, "/auth/api-keys", &json!({ "name": "x", "scopes": [] })).await;
        Self { access, refresh, cookie, api_key: key.text("key"), one_time }
    }
}

async fn by_api_key(world: &World, key: &str) -> Answer {
    world.send(Request::get("/auth/me").header("x-api-key", key), "").await
}

async fn by_cookie(world: &World, secret: &str) -> Answer {
    browse(world, "GET", "/auth/me", &format!("__Host-session={secret}")).await
}

async fn reset(world: &World, token: &str) -> Answer {
    world.json("/auth/password/reset", &json!({ "token": token, "new_password": "another horse battery" })).await
}

async fn refresh_by_form(world: &World, token: &str) -> Answer {
    world.token(&format!("grant_type=refresh_token&refresh_token={}", escaped(token))).await
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[tokio::test]
async fn a_credential_of_one_kind_stands_in_for_no_other() {
    every_store_with_mail(async |world, mailbox| {
        let good = Credentials::of_alice(&world, &mailbox).await;
        for token in [&good.access, &good.cookie, &good.api_key, &good.one_time] {
            world.refresh(token).await.assert_problem(401, "invalid-credentials");
            refresh_by_form(&world, token).await.assert_refused_grant();
        }
        for token in [&good.refresh, &good.cookie, &good.one_time] {
            world.me(token).await.assert_problem(401, "invalid-token");
        }
        for token in [&good.access, &good.refresh, &good.api_key, &good.one_time] {
            by_cookie(&world, token).await.assert_problem(401, "unauthenticated");
        }
        for token in [&good.access, &good.refresh, &good.cookie, &good.one_time] {
            by_api_key(&world, token).await.assert_problem(401, "invalid-token");
        }
        for token in [&good.access, &good.refresh, &good.cookie, &good.api_key] {
            reset(&world, token).await.assert_problem(400, "invalid-one-time-token");
        }
        // The refused requests used nothing up.
        assert_eq!(world.me(&good.access).await.status, 200);
        assert_eq!(by_cookie(&world, &good.cookie).await.status, 200);
        assert_eq!(by_api_key(&world, &good.api_key).await.status, 200);
        assert_eq!(world.refresh(&good.refresh).await.status, 200);
        assert_eq!(reset(&world, &good.one_time).await.status, 204);
    })
    .await;
}

/// Returns damaged variants of a token that is 43 characters of base64url.
fn damaged(token: &str) -> Vec<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    vec![
        token[..42].to_owned(),
        token[1..].to_owned(),
        token[..40].to_owned(),
        format!("{token}="),
        format!("{token}A"),
        format!("{token}{token}"),
        format!(" {token}"),
        format!("{token} "),
        format!("{token}\n"),
        format!("{token}\0"),
        format!("\"{token}\""),
        format!("{}={}", &token[..42], &token[42..]),
        with_trailing_bits(token),
        STANDARD.encode(&bytes),
        URL_SAFE_NO_PAD.encode(token),
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        token.chars().map(|char| char::from_u32(u32::from(char) + 0xfee0).unwrap()).collect(),
    ]
}

/// Returns the same bits with extra bits at the end, which a lenient decoder would ignore.
fn with_trailing_bits(token: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (first, last) = token.split_at(42);
    let place = ALPHABET.iter().position(|char| last.as_bytes() == [*char]).unwrap();
    format!("{first}{}", char::from(ALPHABET[place + 1]))
}

#[tokio::test]
async fn a_damaged_refresh_token_is_an_unknown_one_and_asks_no_store() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let token = world.login("alice", PASSWORD).await.text("refresh_token");
    let unknown = "A".repeat(43);
    let expected = world.refresh(&unknown).await;
    expected.assert_problem(401, "invalid-credentials");
    store.take_calls();
    for text in damaged(&token) {
        assert_eq!(world.refresh(&text).await, expected, "{text:?}");
        refresh_by_form(&world, &text).await.assert_refused_grant();
        assert_eq!(world.form("/auth/revoke", &format!("token={}", escaped(&text))).await.status, 200, "{text:?}");
    }
    assert_eq!(store.take_calls(), 0, "the store was asked");
    assert_eq!(world.refresh(&token).await.status, 200, "it is not used up, and its session goes on");
}

#[tokio::test]
async fn a_token_that_is_not_of_this_service_is_not_active_and_revokes_nothing() {
    every_store(async |world| {
        let alice = world.join("alice", &["auth:introspect"]).await;
        let (one, other) = (world.login("alice", PASSWORD).await, world.login("alice", PASSWORD).await);
        let (good, other) = (one.text("access_token"), other.text("access_token"));
        let identity = || TestIdentity::user(&alice.id);
        // The claims are those of a good token; the signature is another token's.
        let forged = format!("{}.{}", good.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
        for token in [
            forged,
            identity().wrong_issuer().token(&world.auth),
            identity().wrong_audience().token(&world.auth),
            identity().expired().token(&world.auth),
            identity().forged().token(&world.auth),
        ] {
            let said = world.introspect(&other, &token).await;
            assert_eq!((said.status, said.body.as_str()), (200, r#"{"active":false}"#), "{token}");
            for client in ["", "&client_id=test"] {
                let answer = world.form("/auth/revoke", &format!("token={token}{client}")).await;
                assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{token}");
            }
        }
        assert_eq!(world.me(&good).await.status, 200);
        assert!(world.accounts.sessions().revocations(0).await.unwrap().is_empty());
    })
    .await;
}
