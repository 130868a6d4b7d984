//! Roles and scopes, from where the issuer writes them.

use serde_json::{Value, json};

use super::world::World;
use crate::{identity::Identity, policy::IssuerName, remote::Issuer};

async fn identity(settings: impl FnOnce(Issuer) -> Issuer, changes: Value) -> Result<Identity, String> {
    World::with(settings).await.with_claims(changes).await
}

async fn roles(settings: impl FnOnce(Issuer) -> Issuer, changes: Value) -> Result<Vec<String>, String> {
    identity(settings, changes).await.map(|identity| identity.roles().map(str::to_owned).collect())
}

async fn scopes(settings: impl FnOnce(Issuer) -> Issuer, changes: Value) -> Result<Vec<String>, String> {
    identity(settings, changes).await.map(|identity| identity.scopes().map(str::to_owned).collect())
}

fn ok(words: &[&str]) -> Result<Vec<String>, String> {
    Ok(words.iter().map(|word| (*word).to_owned()).collect())
}

#[tokio::test]
async fn there_are_no_roles_unless_a_claim_is_named() {
    let claims = json!({ "roles": ["admin"], "realm_access": { "roles": ["admin"] } });
    assert_eq!(roles(|issuer| issuer, claims.clone()).await, ok(&[]));
    assert_eq!(roles(|issuer| issuer.roles_at("roles"), claims).await, ok(&["admin"]));
}

#[tokio::test]
async fn roles_of_two_clients_are_not_mixed() {
    let claims = json!({
        "realm_access": { "roles": ["realm"], "roles2": ["no"] },
        "resource_access": { "api": { "roles": ["reader", "writer"] }, "account": { "roles": ["admin"] }, "roles": ["no"] },
        "roles": ["no"], "api": { "roles": ["no"] },
    });
    let at = |path: &'static str| move |issuer: Issuer| issuer.roles_at(path);
    assert_eq!(roles(at("realm_access.roles"), claims.clone()).await, ok(&["realm"]));
    assert_eq!(roles(at("resource_access.api.roles"), claims.clone()).await, ok(&["reader", "writer"]));
    assert_eq!(roles(at("resource_access.other.roles"), claims.clone()).await, ok(&[]));
    assert_eq!(
        roles(|issuer| issuer.roles_at(["resource_access", "api", "roles"]), claims).await,
        ok(&["reader", "writer"])
    );
}

#[tokio::test]
async fn roles_are_an_array_or_a_text_with_commas() {
    let at = |issuer: Issuer| issuer.roles_at("https://api.example/roles");
    let claim = |value: Value| json!({ "https://api.example/roles": value });
    for (value, expected) in [
        (json!(["a", "b c", "d,e"]), ok(&["a", "b c", "d,e"])),
        (json!("a, b c ,,d"), ok(&["a", "b c", "d"])),
        (json!(""), ok(&[])),
        (json!([]), ok(&[])),
        (json!([""]), ok(&[])),
        (json!(7), Err("claim_type".to_owned())),
        (json!({ "a": true }), Err("claim_type".to_owned())),
        (json!(["a", 7]), Err("claim_type".to_owned())),
        (json!([["a"]]), Err("claim_type".to_owned())),
        (json!(vec!["a"; 97]), Err("claims_too_large".to_owned())),
        (json!(["a\nadmin"]), ok(&[])),
    ] {
        assert_eq!(roles(at, claim(value.clone())).await, expected, "{value}");
    }
    assert_eq!(
        roles(|issuer| issuer.roles_at("realm_access.roles"), json!({ "realm_access": "x" })).await,
        Err("claim_type".to_owned())
    );
}

#[tokio::test]
async fn scopes_are_a_text_with_spaces_or_an_array() {
    for (value, expected) in [
        (json!("a  b"), ok(&["a", "b"])),
        (json!("a,b"), ok(&["a,b"])),
        (json!(["a", "b"]), ok(&["a", "b"])),
        // One element is one scope, and never several.
        (json!(["a admin", "b"]), ok(&["b"])),
        (json!(""), ok(&[])),
    ] {
        assert_eq!(scopes(|issuer| issuer, json!({ "scope": value })).await, expected);
    }
    assert_eq!(scopes(|issuer| issuer.scopes_at("scp"), json!({ "scp": ["a"], "scope": "b" })).await, ok(&["a"]));
}

#[tokio::test]
async fn prefixes_select_and_are_removed() {
    let claims = json!({ "r": ["ROLE_admin", "user", "ROLE_"], "scope": "notes/read mail/read notes/" });
    let world = World::with(|issuer| issuer.roles_at("r").role_prefix("ROLE_").scope_prefix("notes/")).await;
    let identity = world.with_claims(claims).await.unwrap();
    assert_eq!(identity.roles().collect::<Vec<_>>(), ["admin"]);
    assert_eq!(identity.scopes().collect::<Vec<_>>(), ["read"]);
}

#[tokio::test]
async fn one_claim_may_have_both() {
    let both = |issuer: Issuer| issuer.roles_at("access.words").scopes_at("access.words");
    let world = World::with(both).await;
    let identity = world.with_claims(json!({ "access": { "words": ["a"] } })).await.unwrap();
    assert!(identity.has_role("a") && identity.has_scope("a"));
}

#[tokio::test]
async fn the_identity_says_who_vouches() {
    let named = |issuer: Issuer| issuer.name(IssuerName::new("corporate"));
    let world = World::with(named).await;
    let identity = world.with_claims(json!({ "sid": "s1", "acr": "2", "auth_time": 7 })).await.unwrap();
    assert_eq!(identity.issuer(), world.server.url());
    assert_eq!(identity.issuer_name(), Some(IssuerName::new("corporate")));
    assert_eq!(identity.client(), Some("web"));
    assert_eq!(identity.token_id(), Some("t1"));
    assert_eq!(identity.acr(), Some("2"));
    assert_eq!(identity.auth_time().map(|time| time.as_seconds()), Some(7));
    // No session of this service.
    assert_eq!(identity.session(), None);
    for (changes, client) in [
        (json!({ "client_id": null, "azp": "b", "appid": "c" }), Some("b")),
        (json!({ "client_id": null, "appid": "c" }), Some("c")),
        (json!({ "client_id": null }), None),
    ] {
        assert_eq!(world.with_claims(changes).await.unwrap().client(), client);
    }
}

#[tokio::test]
async fn names_that_resemble_a_role_or_a_scope_are_other_names() {
    let world = World::with(|issuer| issuer.roles_at("realm_access.roles")).await;
    let roles = ["Admin ", " Admin", "admin", "Admin\u{0}", "x\nAdmin", "Admin\n", "x,Admin", "\u{410}dmin", ""];
    let identity = world.with_claims(json!({ "realm_access": { "roles": roles }, "scope": "a\tb c\nd e,f \u{a0}g" }));
    let identity = identity.await.unwrap();
    assert!(!identity.has_role("Admin") && !identity.has_role("x"));
    for scope in ["a", "b", "c", "d", "e", "f", "g"] {
        assert!(!identity.has_scope(scope), "{scope}");
    }
    // Another claim, another client's roles, and a name with a dot are elsewhere.
    for elsewhere in [
        json!({ "realm_access.roles": ["Admin"] }),
        json!({ "roles": ["Admin"] }),
        json!({ "resource_access": { "realm_access": { "roles": ["Admin"] } } }),
        json!({ "realm_access": { "roles.": ["Admin"], "Roles": ["Admin"], "x": { "roles": ["Admin"] } } }),
    ] {
        let identity = world.with_claims(elsewhere.clone()).await.unwrap();
        assert_eq!(identity.roles().count(), 0, "{elsewhere}");
    }
    for malformed in [
        json!({ "realm_access": [{ "roles": ["Admin"] }] }),
        json!({ "realm_access": { "roles": { "Admin": true } } }),
        json!({ "realm_access": { "roles": [["Admin"]] } }),
        json!({ "realm_access": { "roles": [{ "name": "Admin" }] } }),
        json!({ "realm_access": { "roles": ["Admin", 1] } }),
        json!({ "realm_access": { "roles": 1 } }),
        json!({ "realm_access": "Admin" }),
        json!({ "scope": { "a": true } }),
        json!({ "scope": [1] }),
    ] {
        assert_eq!(world.with_claims(malformed.clone()).await.err().as_deref(), Some("claim_type"), "{malformed}");
    }
    let many = world.with_claims(json!({ "realm_access": { "roles": vec!["r"; 97] } })).await;
    assert!(many.is_err(), "more roles than are kept");
}
