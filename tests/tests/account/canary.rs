use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_runtime::{
    clock::Clock,
    limit::{Answer, Charge, LimitStore, Verdict},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::ExposeSecret;
use serde_json::json;
use tempfile::TempDir;

use super::{
    cookies,
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults, events},
};

const WRONG: &str = "canary-of-a-wrong-password";

#[tokio::test]
async fn no_secret_is_in_an_event_or_in_a_body_where_it_does_not_belong() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("accounts.db").display());
    let (sender, mailbox) = Mailbox::new();
    let in_memory = (World::in_memory(|builder| defaults(builder).mail(sender)), mailbox, "canary-in-memory-7731");
    let (sender, mailbox) = Mailbox::new();
    let on_file = World::on_sqlite_with(&url, |builder| defaults(builder).mail(sender)).await;
    let mut tokens = Vec::new();
    for (world, mailbox, password) in [in_memory, (on_file, mailbox, "canary-on-sqlite-9042")] {
        let mut secrets = live(&world, password).await;
        tokens = forget(&world, &mailbox, password).await;
        secrets.extend(tokens.iter().cloned());
        let events = events();
        assert!(events.contains("signed_in") && events.contains("refused"), "no events were collected");
        for secret in &secrets {
            assert!(!events.contains(secret.as_str()), "{secret} is in the events");
        }
    }
    let stored = stored_bytes(&folder);
    for secret in tokens.iter().map(String::as_str).chain(["canary-on-sqlite-9042", WRONG]) {
        assert!(!contains(&stored, secret), "{secret} is in the database");
    }
    assert!(contains(&stored, "$argon2id$"), "the database was not read");
}

/// Acts as users and attackers do, and returns every secret that was involved.
async fn live(world: &World, password: &str) -> Vec<String> {
    let mut plain = Vec::new();
    plain.push(world.register("alice", password).await);
    plain.push(world.register("alice", password).await);
    plain.push(world.register("al", password).await);
    plain.push(world.login("alice", WRONG).await);
    plain.push(world.token(&format!("grant_type=password&username=alice&password={WRONG}")).await);
    plain.push(world.json("/auth/login", &json!({ "username": "alice", "password": [password] })).await);
    plain.push(world.json("/auth/login", &json!({ "username": password, "password": password })).await);

    let first = world.login("alice", password).await;
    let second = world.refresh(&first.text("refresh_token")).await;
    plain.push(world.me(&second.text("access_token")).await);
    plain.push(world.me(&second.text("refresh_token")).await);
    plain.push(world.me(&format!("{}x", second.text("access_token"))).await);

    // An attacker uses a copied refresh token.
    world.clock.advance(Duration::from_secs(60));
    plain.push(world.refresh(&first.text("refresh_token")).await);
    assert_eq!(plain.last().unwrap().status, 401);

    let hash = world.account("alice").await.password_hash.expose_secret().to_owned();
    let mut secrets = vec![password.to_owned(), WRONG.to_owned(), hash];
    for tokens in [&first, &second] {
        assert_eq!(tokens.status, 200, "{tokens:?}");
        assert!(!tokens.body.contains(password));
        let token = tokens.text("access_token");
        secrets.push(token.rsplit('.').next().unwrap().to_owned());
        secrets.push(tokens.text("refresh_token"));
    }
    for answer in &plain {
        for secret in &secrets {
            assert!(!answer.body.contains(secret.as_str()), "{secret} in {answer:?}");
        }
    }
    secrets
}

/// Changes and resets a password and verifies an address. Returns every secret that was involved.
async fn forget(world: &World, mailbox: &Mailbox, password: &str) -> Vec<String> {
    let (changed, reset) = (format!("{password}-changed"), format!("{password}-reset"));
    let verification = mailbox.next("verify").await.token;
    let bearer = world.login("alice", password).await.text("access_token");
    let wrong = json!({ "current_password": WRONG, "new_password": changed });
    let right = json!({ "current_password": password, "new_password": changed });
    let mut answers = Vec::new();
    for body in [&wrong, &right, &right] {
        answers.push(world.json_as(&bearer, "/auth/password", body).await);
    }
    answers.push(world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await);
    mailbox.next("changed").await;
    let token = mailbox.next("reset").await.token;
    let (weak, good) =
        (json!({ "token": token, "new_password": "short" }), json!({ "token": token, "new_password": reset }));
    for body in [&weak, &good, &good] {
        answers.push(world.json("/auth/password/reset", body).await);
    }
    for _ in 0..2 {
        answers.push(world.json("/auth/email/verify", &json!({ "token": verification })).await);
    }
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [403, 204, 403, 202, 422, 204, 400, 204, 400]);
    let hash = world.account("alice").await.password_hash.expose_secret().to_owned();
    let secrets = vec![changed, reset, token, verification, hash];
    for answer in &answers {
        for secret in secrets.iter().map(String::as_str).chain([password, WRONG]) {
            assert!(!answer.body.contains(secret), "{secret} in {answer:?}");
        }
    }
    // The new hash belongs in the database, so it is left out.
    secrets.into_iter().take(4).collect()
}

#[tokio::test]
async fn refresh_tokens_are_kept_as_hashes() {
    let folder = TempDir::new().unwrap();
    let world = World::on_sqlite(&format!("sqlite://{}", folder.path().join("accounts.db").display())).await;
    world.join("alice", &[]).await;
    let token = world.login("alice", PASSWORD).await.text("refresh_token");
    assert!(!contains(&stored_bytes(&folder), &token));
    let hash = auth_runtime::token::RefreshToken::parse(&token).unwrap().hash();
    let found = world.accounts.sessions().find_by_token(&hash).await.unwrap();
    assert!(found.is_some_and(|token| !token.is_used && token.session.ended.is_none()));
    // The successor is kept for a retry. Only the holder of the old token can read it.
    let successor = world.refresh(&token).await.text("refresh_token");
    assert!(!contains(&stored_bytes(&folder), &successor));
    assert_eq!(world.refresh(&token).await.text("refresh_token"), successor);
}

#[tokio::test]
async fn cookies_and_api_keys_are_kept_as_hashes() {
    let folder = TempDir::new().unwrap();
    let world = World::on_sqlite(&format!("sqlite://{}", folder.path().join("accounts.db").display())).await;
    let alice = world.join("alice", &[]).await;
    let cookie = cookies::cookie(&cookies::sign_in(&world, "alice").await);
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let key = world.json_as(&token, "/auth/api-keys", &json!({ "name": "x", "scopes": [] })).await.text("key");
    let secret = cookie.split_once('=').unwrap().1;
    let stored = stored_bytes(&folder);
    let raw = URL_SAFE_NO_PAD.decode(secret).unwrap();
    assert!(!contains(&stored, secret) && !stored.windows(raw.len()).any(|window| window == raw), "the cookie");
    // The part of the key after the characters that lists show.
    assert!(!contains(&stored, &key[12..]), "the key");
    assert!(contains(&stored, &key[..12]) && contains(&stored, &alice.id), "the database was not read");
}

/// Returns the bytes of the database and its journal.
fn stored_bytes(folder: &TempDir) -> Vec<u8> {
    let files = std::fs::read_dir(folder.path()).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A store of counters that keeps the keys that it is given.
struct Recording(Arc<Mutex<Vec<u8>>>);

impl LimitStore for Recording {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], _: &'a dyn Clock) -> Answer<'a> {
        for charge in charges {
            charge.write_key(&mut self.0.lock().unwrap());
            charge.answer(Verdict::new(*charge.limit().rate(), Duration::ZERO, Duration::ZERO));
        }
        Answer::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_shared_store_of_counters_sees_no_login() {
    let keys = Arc::new(Mutex::new(Vec::new()));
    let (sender, mailbox) = Mailbox::new();
    let store = Recording(Arc::clone(&keys));
    let world = World::in_memory(|builder| defaults(builder).mail(sender).limit_store(store));
    let account = world.join("canary", &[]).await;
    mailbox.next("verify").await;
    world.login("canary", WRONG).await;
    world.login("unknown-canary", WRONG).await;
    let forgotten = world.json("/auth/password/forgot", &json!({ "email": account.email })).await;
    assert_eq!(forgotten.status, 202);
    let bearer = world.login("canary", PASSWORD).await.text("access_token");
    assert_eq!(world.json_as(&bearer, "/auth/email/send-verification", &json!(null)).await.status, 202);
    let keys = keys.lock().unwrap();
    for name in ["login-account", "reset-mail-account", "verification-mail-account"] {
        assert!(contains(&keys, name), "no key of {name} was collected");
    }
    assert!(!contains(&keys, "canary"), "{}", String::from_utf8_lossy(&keys));
}
