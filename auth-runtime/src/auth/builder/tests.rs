//! Values set by the builder's methods win over settings, whichever comes first.

use core::{num::NonZeroU32, time::Duration};

use axum::http::Request;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::{prelude::*, sample::Index};

use super::AuthBuilder;
use crate::{
    auth::{Auth, Environment, Settings},
    clock::seconds,
    limit::TrustedProxies,
    token::{KeyRing, NewAccessToken, SigningKey, TokenIssuer},
};

const SECRETS: [&str; 2] = ["3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD", "Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA"];
const URLS: [&str; 2] = ["https://settings.example", "https://builder.example"];

fn settings() -> Settings {
    let variables = [
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", SECRETS[0]),
        ("ISSUER", URLS[0]),
        ("AUDIENCE", URLS[0]),
        ("CLOCK_SKEW_SECONDS", "60"),
        ("TOKEN_EXPIRY_LEEWAY_SECONDS", "5"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "11"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "12"),
        ("SESSION_MAX_DAYS", "13"),
        ("CSRF_TRUSTED_ORIGINS", URLS[0]),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
    ];
    Settings::from_lookup(|name| Some(variables.iter().find(|(known, _)| *known == name)?.1.to_owned())).unwrap()
}

fn with_settings(builder: AuthBuilder) -> AuthBuilder {
    builder.settings(&settings())
}

fn key_ring(secret: &str) -> KeyRing {
    KeyRing::builder().sign_with(SigningKey::from_secret(&secret.into()).unwrap()).build().unwrap()
}

type Call = fn(AuthBuilder) -> AuthBuilder;

/// The builder's methods for every value that settings have, with other values.
const CALLS: [(&str, Call); 12] = [
    ("keys", |builder| builder.keys(key_ring(SECRETS[1]))),
    ("issuer", |builder| builder.issuer(URLS[1])),
    ("audience", |builder| builder.audience(URLS[1])),
    ("clock_skew", |builder| builder.clock_skew(Duration::from_secs(14))),
    ("expiry_leeway", |builder| builder.expiry_leeway(Duration::from_secs(15))),
    ("access_token_lifetime", |builder| builder.access_token_lifetime(Duration::from_secs(21))),
    ("refresh_token_lifetime", |builder| builder.refresh_token_lifetime(Duration::from_secs(22))),
    ("session_lifetime", |builder| builder.session_lifetime(Duration::from_secs(23))),
    ("environment", |builder| builder.environment(Environment::Test)),
    ("allow_insecure_cookies", |builder| builder.allow_insecure_cookies(true)),
    ("trusted_origin", |builder| builder.trusted_origin(URLS[1])),
    ("trusted_proxies", |builder| builder.trusted_proxies(TrustedProxies::parse("hops:1", "Forwarded").unwrap())),
];

#[test]
fn explicit_values_win_over_settings_in_any_order() {
    let settings_alone = seen(with_settings(Auth::builder()));
    for (name, call) in CALLS {
        let after = seen(call(with_settings(Auth::builder())));
        assert_ne!(after, settings_alone, "`{name}` does nothing");
        assert_eq!(seen(with_settings(call(Auth::builder()))), after, "`{name}` before settings");
    }
}

proptest! {
    #[test]
    fn no_order_of_all_calls_matters(calls in Just(CALLS.to_vec()).prop_shuffle(), place in any::<Index>()) {
        let all = |builder, calls: &[(&str, Call)]| calls.iter().fold(builder, |builder, (_, call)| call(builder));
        let (before, after) = calls.split_at(place.index(calls.len() + 1));
        let mixed = all(with_settings(all(Auth::builder(), before)), after);
        prop_assert_eq!(seen(mixed), seen(all(with_settings(Auth::builder()), &CALLS)));
    }
}

#[test]
fn access_tokens_may_have_two_to_eight_kib() {
    let build = |bytes| with_settings(Auth::builder()).access_token_bytes(bytes).build();
    for bytes in [2_048, 4_096, 8_192] {
        assert_eq!(build(bytes).unwrap().access_token_bytes(), bytes as usize);
    }
    assert_eq!(with_settings(Auth::builder()).build().unwrap().access_token_bytes(), 4_096);
    for bytes in [0, 2_047, 8_193, 16_384, u32::MAX] {
        let faults = build(bytes).unwrap_err().to_string();
        assert!(faults.contains("access_token_bytes") && faults.contains("2048 to 8192"), "{bytes}: {faults}");
    }
}

#[test]
fn as_many_processes_share_a_store_by_the_builder_as_by_the_setting() {
    let build = |count| with_settings(Auth::builder()).instances(NonZeroU32::new(count).unwrap()).build();
    for count in [1, 3, 10_000] {
        assert_eq!(build(count).unwrap().limiter().instances().get(), count);
    }
    let by_setting = |name: &str| (name == "INSTANCES").then(|| "10001".to_owned());
    let of_setting = Settings::from_lookup(by_setting).unwrap_err();
    let of_setting = of_setting.iter().find(|fault| fault.setting() == "INSTANCES").unwrap();
    for count in [10_001, u32::MAX] {
        let faults = build(count).unwrap_err();
        let [fault] = faults.iter().collect::<Vec<_>>()[..] else { panic!("{faults}") };
        assert_eq!((fault.setting(), fault.message()), ("instances", of_setting.message()), "{count}");
    }
}

#[test]
fn both_audiences_are_accepted_and_that_of_settings_is_issued() {
    for builder in [with_settings(Auth::builder().audience(URLS[1])), with_settings(Auth::builder()).audience(URLS[1])]
    {
        let auth = builder.build().unwrap();
        assert_eq!(auth.audience(), URLS[0]);
        assert_eq!(accepted(&auth), [(SECRETS[0], URLS[0], URLS[0]), (SECRETS[0], URLS[0], URLS[1])]);
    }
}

#[test]
fn the_environment_reaches_the_keys() {
    for (environment, prefix) in
        [(Environment::Production, "ak_live"), (Environment::Development, "ak_test"), (Environment::Test, "ak_test")]
    {
        let builder = Auth::builder().keys(key_ring(SECRETS[0])).issuer(URLS[0]).audience(URLS[0]);
        assert_eq!(key_prefix(&builder.environment(environment).build().unwrap()), prefix);
    }
}

/// Returns what can be observed of an engine from outside, or the faults of the builder.
fn seen(builder: AuthBuilder) -> String {
    let auth = match builder.build() {
        Ok(auth) => auth,
        Err(faults) => return faults.to_string(),
    };
    let minted = auth.tokens().issue(&NewAccessToken::new("a", "b"), auth.clock().unix(), auth.entropy()).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(minted.expose().split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    let (now, life) = (auth.clock().unix(), seconds(minted.expires_in()));
    let is_accepted = |seconds| auth.0.chain.tokens.verify(minted.expose(), now.plus_seconds(seconds), |_| ()).is_ok();
    format!(
        "{:?} {} {} {:?} {} {} {} {:?} {:?} {:?} {} {:?}",
        // Around the token's begin by the first clock, and around its end by both clocks.
        [-20, -10, life + 2, life + 10].map(is_accepted),
        auth.issuer(),
        auth.audience(),
        accepted(&auth),
        claims["iss"],
        claims["aud"],
        life,
        auth.lifetimes(),
        auth.session_cookie(),
        auth.addresses().proxies,
        key_prefix(&auth),
        URLS.map(|origin| trusts(&auth, origin)),
    )
}

/// Returns the keys, issuers and audiences with which access tokens are accepted.
fn accepted(auth: &Auth) -> Vec<(&'static str, &'static str, &'static str)> {
    let all = SECRETS.iter().flat_map(|secret| {
        URLS.iter().flat_map(move |issuer| URLS.iter().map(move |audience| (*secret, *issuer, *audience)))
    });
    let is_accepted = |(secret, issuer, audience): &(&str, &str, &str)| {
        let tokens = TokenIssuer::builder(key_ring(secret), issuer, audience).build().unwrap();
        let now = auth.clock().unix();
        let token = tokens.issue(&NewAccessToken::new("a", "b"), now, auth.entropy()).unwrap();
        auth.0.chain.tokens.verify(token.expose(), now, |_| ()).is_ok()
    };
    all.filter(is_accepted).collect()
}

fn key_prefix(auth: &Auth) -> String {
    let key = auth.api_keys().format.mint(auth.entropy()).unwrap();
    key.expose().rsplit_once('_').unwrap().0.to_owned()
}

fn trusts(auth: &Auth, origin: &str) -> bool {
    let request = Request::post("/").header("origin", origin).header("sec-fetch-site", "cross-site");
    let (request, ()) = request.body(()).unwrap().into_parts();
    auth.cross_site().check(&request, None).is_ok()
}
