//! Attacks with the credentials of a running better-auth server, each of which is refused.

use serde_json::{Value, json};

use super::better_auth::{Server, Service, is_absent, reason, subject};

const ASKED: &str = "/api/auth/get-session";

#[tokio::test]
async fn changed_cookies_are_absent() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, eve) = (server.signed_in("sign-up ada@example.com"), server.signed_in("sign-up eve@example.com"));
    let service = Service::new(server.trusted());
    let (name, value) = ada.cookie.split_once('=').unwrap();
    let (_, signature) = eve.cookie.rsplit_once('.').unwrap();
    let cut = (0..value.len()).step_by(7).map(|end| format!("{name}={}", &value[..end]));
    let changed = [
        format!("{name}={}", value.replace('%', "%25")),
        format!("{name}={}", value.replace('.', "%2E")),
        format!("{name}=\"{value}\""),
        format!("{name}={value}{value}"),
        format!("{name}={value}.{value}"),
        format!("{name}={}.{signature}", ada.token),
        format!("{name}={}", value.to_uppercase()),
        format!("{name}.0={value}"),
        format!("{name}.0={}; {name}.1={}", &value[..20], &value[20..]),
        format!("{name}_multi-{}={value}", ada.token),
        format!("{name} ={value}"),
        format!("__Host-{name}={value}"),
        format!("better-auth.session_data={value}"),
        format!("{name}={value}, {name}={value}"),
        format!("{name}={}", ada.token),
    ];
    for cookie in cut.chain(changed) {
        assert!(is_absent(&service.cookie(&cookie).await), "{cookie}");
    }
    let asked = server.count(ASKED);
    assert!(asked <= 2, "only cookies of the right form are sent: {asked}");
    // Where both names are there, other sites can have set the plain one alone.
    let both = format!("{}; __Secure-{}", eve.cookie, ada.cookie);
    assert!(is_absent(&service.cookie(&both).await), "this server does not write the secure name");
    assert_eq!(reason(service.cookie(&format!("{}; {}", ada.cookie, eve.cookie)).await), "two_session_cookies");
}

#[tokio::test]
async fn no_other_cookie_of_the_server_is_a_session() {
    for cache in ["compact", "jwt", "jwe", "jwks"] {
        let Some(mut server) = Server::start(&json!({ "cacheCookie": cache })) else { return };
        let (admin, ada) = (server.signed_in("sign-up admin@example.com"), server.signed_in("sign-up ada@example.com"));
        let posing = server.signed_in(&format!("impersonate {} {}", admin.cookie, ada.id));
        let service = Service::new(server.trusted());
        let (name, _) = ada.cookie.split_once('=').unwrap();
        let (mut tried, all) = (0, format!("{}; {}", ada.cookies, posing.cookies));
        for pair in all.split("; ").filter(|pair| !pair.starts_with(&format!("{name}="))) {
            let (_, value) = pair.split_once('=').unwrap();
            assert!(is_absent(&service.cookie(pair).await), "{pair}");
            assert!(is_absent(&service.cookie(&format!("{name}={value}")).await), "{pair}");
            if !value.is_empty() {
                assert!(service.bearer(value).await.is_err(), "{pair}");
            }
            tried += 1;
        }
        assert!(tried >= 2, "{cache}: {all}");
    }
}

#[tokio::test]
async fn nothing_is_smuggled_into_the_question() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let (ada, service) = (server.signed_in("sign-up ada@example.com"), Service::new(server.trusted()));
    for token in [
        format!("{}; {}", "a".repeat(20), ada.cookie),
        format!("{}?disableCookieCache=false", ada.token),
        format!("{}&x", ada.token),
        format!("{}%00", ada.token),
        format!("{},{}", ada.token, ada.token),
        format!("{} {}", ada.token, ada.token),
        format!("Bearer {}", ada.token),
        ada.cookie.clone(),
    ] {
        assert!(service.bearer(&token).await.is_err(), "{token}");
    }
    assert_eq!(server.count(ASKED), 0);
}

#[tokio::test]
async fn a_person_gets_no_role_by_a_chosen_name() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let eve = server.signed_in("sign-up eve@example.com");
    server.ask(&format!("user-row {} {}", eve.id, json!({ "name": r#"admin,user","role":"admin"# })));
    let service = Service::new(server.trusted());
    let jwt = server.jwt(&eve);
    for known in [service.bearer(&eve.token).await, service.bearer(&jwt).await, service.cookie(&eve.cookie).await] {
        let identity = known.unwrap().unwrap();
        assert!(identity.roles().eq(["user"]) && identity.name().unwrap().contains("admin"), "{identity:?}");
    }
    for (role, is_admin) in [("administrator", false), ("not-admin,user", false), ("user,admin", true)] {
        server.ask(&format!("user-row {} {}", eve.id, json!({ "role": role })));
        service.pass(30);
        assert_eq!(service.bearer(&eve.token).await.unwrap().unwrap().has_role("admin"), is_admin, "{role}");
    }
}

#[tokio::test]
async fn an_ended_key_is_refused() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let ada = server.signed_in("sign-up ada@example.com");
    let Some(mut other) = Server::start(&json!({})) else { return };
    let eve = other.signed_in("sign-up eve@example.com");
    let service = Service::new(server.trusted());
    let past = "2020-01-01T00:00:00.000Z";
    for row in [json!({ "expiresAt": past }), json!({ "enabled": false }), json!({ "remaining": 0 })] {
        let created = server.ask(&format!("create-key {}", ada.id));
        let (key, id) = (created["key"].as_str().unwrap(), created["id"].as_str().unwrap());
        assert_eq!(subject(service.with("x-api-key", key).await), ada.id);
        server.ask(&format!("key-row {id} {row}"));
        service.pass(5);
        assert_eq!(reason(service.with("x-api-key", key).await), "api_key_unknown", "{row}");
    }
    let foreign = other.ask(&format!("create-key {}", eve.id))["key"].as_str().unwrap().to_owned();
    let own = server.ask(&format!("create-key {}", ada.id))["key"].as_str().unwrap().to_owned();
    for key in [foreign, own.to_lowercase(), format!("{own} "), format!("{own}\",\"x\":\"y"), ada.token.clone()] {
        let refused = reason(service.with("x-api-key", &key).await);
        assert!(["api_key_unknown", "bearer_syntax"].contains(&&*refused), "{key}: {refused}");
    }
    // A key in another place is no credential.
    assert!(service.bearer(&own).await.is_err());
    let (name, _) = ada.cookie.split_once('=').unwrap();
    assert!(is_absent(&service.cookie(&format!("{name}={own}")).await));
}

#[tokio::test]
async fn a_changed_address_stays_unverified() {
    let Some(mut server) = Server::start(&json!({})) else { return };
    let ada = server.signed_in("sign-up ada@example.com");
    let service = Service::new(server.trusted());
    server.ask(&format!("user-row {} {}", ada.id, json!({ "email": "ceo@example.com", "emailVerified": Value::Null })));
    let jwt = server.jwt(&ada);
    for known in [service.bearer(&ada.token).await, service.bearer(&jwt).await] {
        let identity = known.unwrap().unwrap();
        assert_eq!((identity.subject(), identity.email()), (&*ada.id, Some("ceo@example.com")));
        assert!(!identity.is_email_verified());
    }
}
