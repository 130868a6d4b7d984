//! Every setting has its effect when it alone changes.

use axum::http::{HeaderMap, Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::ExposeSecret as _;

use super::{GOOD, PUBLIC_EC, read};
use crate::{
    auth::{Auth, Settings, fault::Collector, settings::names::VARIABLES},
    clock::UnixTime,
    secret::SystemEntropy,
    token::{KeyRing, NewAccessToken, SigningKey, TokenIssuer},
};

/// Each setting, the function that shows its effect, other settings that it needs, and two values with the effect of
/// each.
const EFFECTS: [Effect; 34] = [
    effect("ENVIRONMENT", key_prefix, &[], ("production", "ak_live"), ("test", "ak_test")),
    effect("SECRET_KEY", accepted_secrets, &[], (SECRETS[0], "0"), (SECRETS[1], "1")),
    effect("SECRET_KEY_FALLBACKS", accepted_secrets, &[("SECRET_KEY", SECRETS[0])], ("", "0"), (SECRETS[1], "01")),
    effect("PRIVATE_KEY", published, &ES256, (EC_KEYS[0], EC_IDS[0]), (EC_KEYS[1], EC_IDS[1])),
    effect("PUBLIC_KEYS", published, &[], ("", ""), (PUBLIC_EC, EC_IDS[0])),
    effect("ALGORITHM", header, &[("PRIVATE_KEY", EC_KEYS[0])], ("HS256", "HS256"), ("ES256", "ES256")),
    effect("ISSUER", |seen| seen.auth.issuer().to_owned(), &[], (URLS[0], URLS[0]), (URLS[1], URLS[1])),
    effect("AUDIENCE", |seen| seen.auth.audience().to_owned(), &[], (URLS[0], URLS[0]), (URLS[1], URLS[1])),
    effect("PUBLIC_URL", public_url, &[], (URLS[0], URLS[0]), (URLS[1], URLS[1])),
    effect("ACCESS_TOKEN_EXPIRE_MINUTES", life, &[], ("", "900"), ("3", "180")),
    effect(
        "REFRESH_TOKEN_EXPIRE_DAYS",
        |seen| seen.auth.lifetimes().idle.to_string(),
        &[],
        ("", "604800"),
        ("2", "172800"),
    ),
    effect(
        "SESSION_MAX_DAYS",
        |seen| seen.auth.lifetimes().absolute.to_string(),
        &[],
        ("", "7776000"),
        ("2", "172800"),
    ),
    effect("CLOCK_SKEW_SECONDS", accepted_before, &[], ("", "60"), ("0", "0")),
    effect("TOKEN_EXPIRY_LEEWAY_SECONDS", accepted_after, &[], ("", "0"), ("60", "60")),
    effect("DATABASE_URL", database, &[], ("", "none"), ("sqlite://a.db\n", "sqlite://a.db")),
    effect("DATABASE_DIRECT_URL", direct, &[], ("", "none"), ("postgresql://a\n", "postgresql://a")),
    effect("DATABASE_MAX_CONNECTIONS", connections, &[], ("", "None"), ("20", "Some(20)")),
    effect("DATABASE_TIMEOUT_SECONDS", database_timeout, &[], ("", "None"), ("2", "Some(2s)")),
    effect("REDIS_URL", counts_in, &[], ("", "memory"), ("redis://a", "a store")),
    effect("REDIS_PREFIX", prefix, &REDIS, ("", "auth-137b9e5e"), ("app", "app")),
    effect("INSTANCES", |seen| seen.auth.limiter().instances().to_string(), &[], ("", "1"), ("3", "3")),
    effect("CSRF_TRUSTED_ORIGINS", trusted_origins, &[], (URLS[0], "0"), (URLS[1], "1")),
    effect("COOKIE_INSECURE", cookie, &[("ENVIRONMENT", "test")], ("false", "Secure"), ("true", "Insecure")),
    effect("TRUSTED_PROXIES", client, &[], ("", "10.0.0.1"), ("10.0.0.1", "192.0.2.1")),
    effect(
        "TRUSTED_PROXY_HEADER",
        client,
        &[("TRUSTED_PROXIES", "10.0.0.1")],
        ("", "192.0.2.1"),
        ("X-Real-IP", "192.0.2.2"),
    ),
    effect("TLS_CERT", tls, &[("TLS_KEY", TLS[2])], (TLS[0], TLS_PAIRS[0]), (TLS[1], TLS_PAIRS[1])),
    effect("TLS_KEY", tls, &[("TLS_CERT", TLS[0])], (TLS[2], TLS_PAIRS[0]), (TLS[3], TLS_PAIRS[2])),
    effect("ALLOWED_HOSTS", hosts, &[], ("one.example", "0"), ("other.example", "1")),
    effect("ALLOWED_ORIGINS", origins, &[], ("", ""), (URLS[1], URLS[1])),
    effect(
        "CORS_ALLOW_CREDENTIALS",
        |seen| seen.settings.web().allows_credentials.to_string(),
        &[],
        ("", "false"),
        ("true", "true"),
    ),
    effect("PROBE_PATHS", probe_paths, &[], ("", ""), ("/health", "/health")),
    effect("HTTPS_PORT", |seen| seen.settings.web().https_port.to_string(), &[], ("", "443"), ("8443", "8443")),
    effect(
        "REQUEST_TIMEOUT_SECONDS",
        |seen| seen.settings.web().timeout_seconds.to_string(),
        &[],
        ("", "30"),
        ("5", "5"),
    ),
    effect("MAX_BODY_BYTES", |seen| seen.settings.web().body_bytes.to_string(), &[], ("", "2097152"), ("10", "10")),
];

/// Two certificates, and their key in two forms.
const TLS: [&str; 4] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tls/certificate.pem"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tls/renewed.pem"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tls/key.pem"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tls/key_sec1.pem"),
];
const TLS_PAIRS: [&str; 3] = ["certificate.pem key.pem", "renewed.pem key.pem", "certificate.pem key_sec1.pem"];

struct Effect {
    name: &'static str,
    show: fn(&Seen) -> String,
    beside: &'static [(&'static str, &'static str)],
    values: [(&'static str, &'static str); 2],
}

const fn effect(
    name: &'static str,
    show: fn(&Seen) -> String,
    beside: &'static [(&'static str, &'static str)],
    one: (&'static str, &'static str),
    other: (&'static str, &'static str),
) -> Effect {
    Effect { name, show, beside, values: [one, other] }
}

struct Seen {
    settings: Settings,
    auth: Auth,
}

#[test]
fn every_setting_alone_has_its_effect() {
    assert_eq!(EFFECTS.map(|effect| effect.name), VARIABLES, "each setting needs a row, in the same order");
    for Effect { name, show, beside, values } in EFFECTS {
        for (value, expected) in values {
            // The first entry of a name counts.
            let settings =
                read(&[&[(name, value)], beside, &GOOD[..]].concat()).unwrap_or_else(|told| panic!("{told}"));
            let auth = Auth::builder().settings(&settings).build().unwrap();
            assert_eq!(show(&Seen { settings, auth }), expected, "{name}={value}");
        }
        assert_ne!(values[0].1, values[1].1, "{name}");
    }
}

const SECRETS: [&str; 2] = ["3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD", "Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA"];
const URLS: [&str; 2] = ["https://one.example", "https://other.example"];
const ES256: [(&str, &str); 1] = [("ALGORITHM", "ES256")];
const EC_KEYS: [&str; 2] = [
    include_str!("../../../../tests/vectors/pem/ec_sec1.pem"),
    include_str!("../../../../tests/vectors/pem/ec_other.pem"),
];

const EC_IDS: [&str; 2] =
    ["oZPLANRha-vu0rtazuldaiNi7TY7RpKAtizQ_YlVCZ4", "QmGd_BOA0QfaZjfU4n22oYlsiFkHw_Y3kafCZ7VDK4U"];

fn token(seen: &Seen) -> (String, u64) {
    let token = seen.auth.tokens().issue(&NewAccessToken::new("a", "b"), NOW, &SystemEntropy::new()).unwrap();
    (token.expose().to_owned(), token.expires_in().as_secs())
}

const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);

fn public_url(seen: &Seen) -> String {
    seen.settings.public_url.as_ref().unwrap().at("")
}

fn life(seen: &Seen) -> String {
    token(seen).1.to_string()
}

/// Returns the algorithm in the header of an issued token.
fn header(seen: &Seen) -> String {
    let token = token(seen).0;
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    header["alg"].as_str().unwrap().to_owned()
}

/// Returns which of the two secrets sign accepted tokens.
fn accepted_secrets(seen: &Seen) -> String {
    let is_accepted = |secret: &str| {
        let keys = KeyRing::builder().sign_with(SigningKey::from_secret(&secret.into()).unwrap()).build().unwrap();
        let issuer = TokenIssuer::builder(keys, seen.auth.issuer(), seen.auth.audience()).build().unwrap();
        let token = issuer.issue(&NewAccessToken::new("a", "b"), NOW, &SystemEntropy::new()).unwrap();
        seen.auth.0.chain.tokens.verify(token.expose(), NOW, |_| ()).is_ok()
    };
    (0..2).filter(|index| is_accepted(SECRETS[*index])).map(|index| index.to_string()).collect()
}

/// Returns the ids of the public keys.
fn published(seen: &Seen) -> String {
    let jwks = seen.auth.jwks();
    let ids = jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap());
    ids.collect::<Vec<_>>().join(" ")
}

fn is_accepted_at(seen: &Seen, seconds: i64) -> bool {
    seen.auth.0.chain.tokens.verify(&token(seen).0, NOW.plus_seconds(seconds), |_| ()).is_ok()
}

/// Returns for how many seconds before its issue a token is accepted.
fn accepted_before(seen: &Seen) -> String {
    (0_i64..100).take_while(|before| is_accepted_at(seen, -before)).last().unwrap().to_string()
}

/// Returns for how many seconds after its end a token is accepted.
fn accepted_after(seen: &Seen) -> String {
    (0..100).take_while(|after| is_accepted_at(seen, 900 + after)).count().to_string()
}

fn key_prefix(seen: &Seen) -> String {
    let key = seen.auth.api_keys().format.mint(seen.auth.entropy()).unwrap();
    key.expose().rsplit_once('_').unwrap().0.to_owned()
}

fn database(seen: &Seen) -> String {
    seen.settings.database_url_or("none").expose_secret().to_owned()
}

fn direct(seen: &Seen) -> String {
    seen.settings.database_direct_url().map_or("none", |url| url.expose_secret()).to_owned()
}

fn connections(seen: &Seen) -> String {
    format!("{:?}", seen.settings.database_max_connections())
}

fn database_timeout(seen: &Seen) -> String {
    format!("{:?}", seen.settings.database_timeout())
}

const REDIS: [(&str, &str); 1] = [("REDIS_URL", "redis://a")];

fn counts_in(seen: &Seen) -> String {
    if seen.auth.limiter().memory().is_some() { "memory" } else { "a store" }.to_owned()
}

/// Returns how the names of counters begin.
fn prefix(seen: &Seen) -> String {
    let shown = format!("{:?}", seen.settings.redis_limits(&mut Collector::default()).unwrap());
    shown.split('"').nth(1).unwrap().to_owned()
}

/// Returns which of the two origins may use a browser's session.
fn trusted_origins(seen: &Seen) -> String {
    let is_trusted = |origin: &str| {
        let request = Request::post("/").header("origin", origin).header("sec-fetch-site", "cross-site");
        seen.auth.cross_site().check(&request.body(()).unwrap().into_parts().0, None).is_ok()
    };
    (0..2).filter(|index| is_trusted(URLS[*index])).map(|index| index.to_string()).collect()
}

/// Returns which of two hosts the service has.
fn hosts(seen: &Seen) -> String {
    let hosts = seen.settings.web().hosts(&mut Collector::default()).unwrap();
    let found = (0..2).filter(|index| hosts.contains(["one.example", "other.example"][*index]));
    found.map(|index| index.to_string()).collect()
}

fn origins(seen: &Seen) -> String {
    let origins = seen.settings.web().origins(true, &mut Collector::default());
    origins.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn probe_paths(seen: &Seen) -> String {
    seen.settings.web().probe_paths(&mut Collector::default()).join(" ")
}

fn cookie(seen: &Seen) -> String {
    format!("{:?}", seen.auth.session_cookie())
}

/// Returns the client's address of a request that a proxy has forwarded.
fn client(seen: &Seen) -> String {
    let headers = [("x-forwarded-for", "192.0.2.1"), ("x-real-ip", "192.0.2.2")];
    let headers: HeaderMap =
        headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).into_iter().collect();
    seen.auth.addresses().proxies.client("10.0.0.1".parse().unwrap(), &headers).to_string()
}

/// Returns the names of the files of the certificate and its key.
fn tls(seen: &Seen) -> String {
    let name = |path: &Option<String>| path.as_deref().unwrap().rsplit('/').next().unwrap().to_owned();
    format!("{} {}", name(&seen.settings.tls_certificate), name(&seen.settings.tls_key))
}
