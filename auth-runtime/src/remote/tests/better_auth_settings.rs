//! Faults at the start, and where a better-auth server is asked.

use core::time::Duration;

use crate::{
    auth::{Auth, AuthBuilder},
    policy::Via,
    remote::{
        Introspection, Issuer, TokenType,
        issuer::{Asked, Keys},
    },
    store::{Accounts, MemoryStore},
    token::{Algorithm, KeyRing, SigningKey},
};

fn faults(builder: AuthBuilder) -> Vec<String> {
    match builder.build() {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| format!("{}: {}", fault.setting(), fault.message())).collect(),
    }
}

fn fault_of(issuer: Issuer) -> String {
    faults(Auth::builder().trust(issuer)).join("\n")
}

fn secret() -> Introspection {
    Introspection::with_secret("api", "secret".into())
}

fn better_auth() -> Issuer {
    Issuer::better_auth("https://auth.example.com")
}

#[test]
fn the_issuer_and_the_endpoints_follow_from_the_url() {
    for (url, iss, base) in [
        ("https://auth.example.com", "https://auth.example.com", "https://auth.example.com/api/auth"),
        ("https://auth.example.com/", "https://auth.example.com", "https://auth.example.com/api/auth"),
        ("https://AUTH.example.com:443//", "https://auth.example.com", "https://auth.example.com/api/auth"),
        ("http://localhost:3000", "http://localhost:3000", "http://localhost:3000/api/auth"),
        ("https://example.com/accounts/", "https://example.com", "https://example.com/accounts"),
        ("https://example.com/a/api/auth", "https://example.com", "https://example.com/a/api/auth"),
    ] {
        let source = Issuer::better_auth(url).check().unwrap();
        let Keys::At(keys) = &source.keys else { panic!() };
        let Asked::BetterAuth(settings) = &source.asked else { panic!() };
        assert_eq!((&*source.iss, &*source.rules.audiences), (iss, &[Box::from(iss)][..]), "{url}");
        assert_eq!(keys.origin() + keys.path(), format!("{base}/jwks"), "{url}");
        assert_eq!(settings.session.origin() + settings.session.path(), format!("{base}/get-session"), "{url}");
    }
    let elsewhere =
        better_auth().endpoints("http://127.0.0.1:3000/auth/").jwt_issuer("https://id.example.com").audience("api");
    let source = elsewhere.check().unwrap();
    let Asked::BetterAuth(settings) = &source.asked else { panic!() };
    assert_eq!((&*source.iss, &*source.rules.audiences), ("https://id.example.com", &[Box::from("api")][..]));
    assert_eq!(settings.session.origin() + settings.session.path(), "http://127.0.0.1:3000/auth/get-session");
}

#[test]
fn wrong_settings_are_faults() {
    for (issuer, fault) in [
        (Issuer::better_auth("auth.example.com"), "`better_auth` does not begin with `https://`"),
        (Issuer::better_auth("http://auth.example.com"), "which only addresses of this machine may omit"),
        (Issuer::better_auth("https://auth.example.com?a=b"), "`better_auth` has a query"),
        (better_auth().endpoints("http://auth:3000"), "`endpoints` does not begin with `https://`"),
        (better_auth().cookie_prefix("a=b"), "`cookie_prefix` is no beginning of a cookie's name"),
        (better_auth().cookie_prefix(""), "`cookie_prefix` is no beginning of a cookie's name"),
        (better_auth().cookie_prefix("better-auth.session_token"), "`cookie_prefix` is a whole name"),
        (better_auth().cookie_prefix("__Secure-shop"), "`cookie_prefix` is a whole name"),
        // Another type would accept the JWTs of banned people.
        (better_auth().token_type(TokenType::Jwt), "`BetterAuth` is for better-auth alone"),
        (better_auth().roles_at("roles"), "the roles of better-auth are in `role`"),
        (better_auth().introspection(secret()), "`introspection` is for other issuers"),
        (better_auth().api_keys_at("https://auth.example.com/verify", "".into()), "`api_keys_at` has no service token"),
        (better_auth().api_keys_at("http://auth.example.com/verify", "token".into()), "`api_keys_at` does not begin"),
        (better_auth().max_token_age(Duration::ZERO), "`max_token_age` is not"),
        (
            Issuer::oidc("https://id.example").audience("a").jwt_only(),
            "has a setting that only `Issuer::better_auth` has",
        ),
        (Issuer::oidc("https://id.example").introspection(secret()), "has no audience"),
        (Issuer::new("id").audience("a").introspection(secret()), "has no metadata"),
        (
            Issuer::oidc("https://id.example").audience("a").introspection(Introspection::with_secret("", "b".into())),
            "`introspection` has no client identifier",
        ),
        (
            Issuer::oidc("https://id.example").audience("a").introspection(Introspection::with_secret("a", "".into())),
            "`introspection` has an empty secret",
        ),
    ] {
        let found = fault_of(issuer);
        assert!(found.contains(fault), "{fault}: {found}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
    let key = || SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
    let hmac = Issuer::oidc("https://id.example").audience("a").introspection(Introspection::with_key("a", key()));
    assert!(fault_of(hmac).contains("has a secret as its key"));
}

#[test]
fn one_issuer_alone_takes_opaque_tokens_cookies_and_keys() {
    let opaque = || Issuer::oidc("https://id.example").audience("a").introspection(secret());
    let other = || Issuer::better_auth("https://other.example");
    let two = |one: Issuer, two: Issuer| faults(Auth::builder().trust(one).trust(two)).join("\n");
    assert!(two(opaque(), better_auth()).contains("two issuers take bearer tokens that are no JWTs"));
    assert_eq!(two(opaque(), better_auth().jwt_only()), "");
    assert!(two(better_auth(), other()).contains("two issuers take the same cookie"));
    assert!(!two(better_auth(), other().cookie_prefix("shop")).contains("same cookie"));
    let prefixed = || other().cookie_prefix("__Secure-better-auth");
    assert!(two(better_auth(), prefixed()).contains("is a whole name"), "both would take the cookie");
    assert_eq!(two(better_auth(), other().jwt_only()), "");
    let with_keys = |issuer: Issuer| issuer.jwt_only().api_keys_at("https://auth.example.com/verify", "token".into());
    assert!(two(with_keys(better_auth()), with_keys(other())).contains("takes API keys"));
    let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
    let keys = KeyRing::builder().sign_with(key).build().unwrap();
    let accounts = Accounts::new(MemoryStore::default());
    let own = Auth::builder().keys(keys).issuer("https://api.example").audience("api").accounts(&accounts);
    assert!(faults(own.trust(with_keys(better_auth()))).join("\n").contains("the accounts of this service"));
}

#[test]
fn the_kinds_of_credential_are_known_at_the_start() {
    let kinds = |issuer: Issuer| Auth::builder().trust(issuer).build().unwrap().kinds();
    assert_eq!(kinds(better_auth()), Via::BEARER.or(Via::SESSION));
    assert_eq!(kinds(better_auth().jwt_only()), Via::BEARER);
    let with_keys = better_auth().jwt_only().api_keys_at("https://auth.example.com/verify", "token".into());
    assert_eq!(kinds(with_keys.clone()), Via::BEARER.or(Via::API_KEY));
    assert_eq!(Auth::builder().trust(with_keys).build().unwrap().kinds_with_roles(), Via::BEARER);
    assert_eq!(better_auth().check().unwrap().algorithms.len(), 4);
    assert!(better_auth().algorithms([Algorithm::EdDSA]).check().is_ok());
}

#[test]
fn no_secret_is_printed() {
    let issuer = better_auth().api_keys_at("https://auth.example.com/verify", "hunter2".into());
    let other = Issuer::oidc("https://id.example").introspection(Introspection::with_secret("api", "hunter2".into()));
    let text = format!("{issuer:?}{other:?}{:?}", issuer.clone().check().unwrap());
    assert!(!text.contains("hunter2"), "{text}");
}
