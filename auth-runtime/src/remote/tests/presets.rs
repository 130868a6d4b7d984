//! Presets, with the documents that these issuers serve, and tokens in the form that they document.

use std::fs;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::signer::{NOW, with};
use crate::{
    clock::UnixTime,
    identity::Identity,
    remote::{
        Issuer, Source, TokenType,
        fetch::{Endpoint, FetchError, read_metadata},
        token::verify,
    },
    token::{Algorithm, Claim, Compact, PassedOver, PublishedKeys, TokenError, decode_payload},
};

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const REALM: &str = "http://127.0.0.1:8080/realms/master";

fn document(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/vectors/issuers/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// An issuer that publishes a key of the test.
struct Published {
    source: Source,
    keys: PublishedKeys,
    kid: String,
    pair: KeyPair,
}

impl Published {
    fn new(issuer: Issuer, keys: &str) -> Self {
        let (source, pair) = (issuer.audience("api").check().unwrap(), KeyPair::generate(KeySize::Rsa2048).unwrap());
        let mut set: Value = serde_json::from_str(&document(keys)).unwrap();
        let key = set["keys"].as_array_mut().unwrap().iter_mut().find(|key| key["use"] == "sig").unwrap();
        // The modulus in an RSAPublicKey of 2048 bits.
        key["n"] = json!(URL_SAFE_NO_PAD.encode(&pair.public_key().as_ref()[9..265]));
        let kid = key["kid"].as_str().unwrap().to_owned();
        let (keys, _) = read(&set.to_string(), &source);
        Self { source, keys, kid, pair }
    }

    fn verify(&self, typ: &str, claims: &Value) -> Result<Identity, TokenError> {
        let header = json!({ "typ": typ, "alg": "RS256", "kid": self.kid, "x5t": self.kid });
        let [header, claims] = [header, claims.clone()].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        verified(&self.source, &self.keys, &token, NOW)
    }
}

fn read(set: &str, source: &Source) -> (PublishedKeys, Vec<PassedOver>) {
    PublishedKeys::read(set.as_bytes(), &source.algorithms, &source.key_issuers).unwrap()
}

fn verified(source: &Source, keys: &PublishedKeys, token: &str, now: i64) -> Result<Identity, TokenError> {
    let compact = Compact::split(token).unwrap();
    let mut buffer = vec![0; compact.payload.len()];
    let payload = decode_payload(compact.payload, &mut buffer).unwrap();
    verify(source, keys, &compact, payload, UnixTime::from_seconds(now))
}

fn roles(identity: &Identity) -> Vec<&str> {
    identity.roles().collect()
}

fn scopes(identity: &Identity) -> Vec<&str> {
    identity.scopes().collect()
}

/// Returns where the metadata say that the keys are.
fn keys_of(issuer: Issuer, metadata: &str) -> Result<String, FetchError> {
    let source = issuer.audience("api").check().unwrap();
    let keys = read_metadata(document(metadata).as_bytes(), &source.iss, &source.hosts)?;
    Ok(keys.path().to_owned())
}

#[test]
fn the_metadata_are_those_of_the_issuer() {
    let path = |issuer, metadata| keys_of(issuer, metadata).unwrap();
    assert_eq!(path(Issuer::keycloak(REALM), "keycloak-metadata.json"), "/realms/master/protocol/openid-connect/certs");
    assert_eq!(
        path(Issuer::keycloak(&format!("{REALM}/")), "keycloak-metadata.json"),
        "/realms/master/protocol/openid-connect/certs"
    );
    assert_eq!(path(Issuer::entra(TENANT), "entra-v2-metadata.json"), format!("/{TENANT}/discovery/v2.0/keys"));
    assert_eq!(path(Issuer::auth0("example.eu.auth0.com"), "auth0-metadata.json"), "/.well-known/jwks.json");
    assert_eq!(path(Issuer::google(), "google-metadata.json"), "/oauth2/v3/certs");
    // Version 1.0 of Entra serves its metadata at another host than its `iss`, so the preset names the keys.
    let v1: Value = serde_json::from_str(&document("entra-v1-metadata.json")).unwrap();
    let source = Issuer::entra_v1(TENANT).audience("api").check().unwrap();
    assert_eq!(v1["issuer"], *source.iss);
    // The metadata of another realm, tenant or version.
    for (issuer, metadata) in [
        (Issuer::keycloak("http://127.0.0.1:8080/realms/other"), "keycloak-metadata.json"),
        (Issuer::entra("11111111-2222-3333-4444-555555555556"), "entra-v2-metadata.json"),
        (Issuer::entra(TENANT), "entra-v1-metadata.json"),
        (Issuer::auth0("other.eu.auth0.com"), "auth0-metadata.json"),
    ] {
        assert!(matches!(keys_of(issuer, metadata), Err(FetchError::OtherIssuer)));
    }
    assert!(Endpoint::parse(&format!("https://login.microsoftonline.com/{TENANT}/discovery/keys")).is_ok());
}

#[test]
fn keycloak_has_roles_of_the_realm_or_of_one_client() {
    let claims = json!({
        "exp": NOW + 300, "iat": NOW, "jti": "onrtac:1", "iss": REALM, "aud": ["api", "account"], "sub": "f1", "typ": "Bearer",
        "azp": "web", "sid": "s", "acr": "1", "allowed-origins": ["https://app.example"],
        "realm_access": { "roles": ["offline_access", "editor"] },
        "resource_access": { "api": { "roles": ["writer"] }, "account": { "roles": ["manage-account"] } },
        "scope": "email profile", "email_verified": false, "preferred_username": "alice",
    });
    let realm = Published::new(Issuer::keycloak(REALM), "keycloak-keys.json");
    let identity = realm.verify("JWT", &claims).unwrap();
    assert_eq!((identity.subject(), identity.client()), ("f1", Some("web")));
    assert_eq!((roles(&identity), scopes(&identity)), (vec!["offline_access", "editor"], vec!["email", "profile"]));
    let client = Published::new(Issuer::keycloak(REALM).client_roles("api"), "keycloak-keys.json");
    assert_eq!(roles(&client.verify("JWT", &claims).unwrap()), ["writer"]);
    assert!(realm.verify("at+jwt", &claims).is_ok());
    for typ in [json!("ID"), json!("Refresh"), json!("Offline"), json!("Logout"), json!("DPoP"), json!(""), Value::Null]
    {
        let other = with(claims.clone(), json!({ "typ": typ }));
        assert_eq!(realm.verify("JWT", &other).err(), Some(TokenError::WrongType), "{other}");
    }
    assert!(Issuer::keycloak(REALM).client_roles("a").client_roles("b").audience("api").check().is_err());
}

/// A token that a real Keycloak has signed. Its client has no audience mapper, which is how a new client is.
#[test]
fn a_recorded_token_of_keycloak_has_a_good_signature_and_no_audience() {
    let iss = "http://keycloak.localtest.me:9081/auth/realms/e2e";
    let issuer = Issuer::new(iss).jwks("https://keys.example").token_type(TokenType::JwtBearer).audience("api");
    let source = issuer.check().unwrap();
    let (keys, passed_over) = read(&document("keycloak-keys.json"), &source);
    assert_eq!((keys.len(), passed_over.len()), (1, 1), "the second key is for encryption");
    let token = document("keycloak-token.txt");
    let refused = verified(&source, &keys, token.trim(), 1_741_139_000).err();
    assert_eq!(refused, Some(TokenError::ClaimMissing(Claim::Audience)));
    let forged = token.trim().replacen("Dxdg", "Dxdh", 1).replacen(".YF", ".YG", 1);
    assert!(matches!(verified(&source, &keys, &forged, 1_741_139_000), Err(TokenError::Jose(_))));
}

#[test]
fn entra_has_app_roles_and_delegated_scopes_in_both_versions() {
    let iss = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let v2 = json!({
        "aud": "api", "iss": iss, "iat": NOW, "nbf": NOW, "exp": NOW + 4000, "aio": "A", "azp": "web", "azpacr": "1",
        "name": "Alice", "oid": "o1", "preferred_username": "alice@example.com", "rh": "0.A", "roles": ["Notes.Admin"],
        "scp": "Notes.Read Notes.Write", "sub": "s1", "tid": TENANT, "uti": "u", "ver": "2.0",
    });
    let entra = Published::new(Issuer::entra(TENANT), "entra-keys.json");
    let identity = entra.verify("JWT", &v2).unwrap();
    assert_eq!((identity.subject(), identity.client()), ("s1", Some("web")));
    assert_eq!((roles(&identity), scopes(&identity)), (vec!["Notes.Admin"], vec!["Notes.Read", "Notes.Write"]));
    // A program of its own has no scopes. Its token has neither `scp` nor `appid`.
    let program = with(v2.clone(), json!({ "scp": null, "name": null, "preferred_username": null }));
    assert_eq!(scopes(&entra.verify("JWT", &program).unwrap()), [""; 0]);
    // An ID token has neither `scp` nor `azpacr`, with or without a nonce.
    for nonce in [json!("n"), Value::Null] {
        let id_token = with(v2.clone(), json!({ "scp": null, "azp": null, "azpacr": null, "nonce": nonce }));
        assert_eq!(entra.verify("JWT", &id_token).err(), Some(TokenError::WrongType));
    }
    let changes = json!({
        "iss": format!("https://sts.windows.net/{TENANT}/"), "azp": null, "azpacr": null, "appid": "web", "appidacr": "1",
        "ver": "1.0",
    });
    let v1 = with(v2.clone(), changes);
    let entra_v1 = Published::new(Issuer::entra_v1(TENANT), "entra-keys.json");
    let identity = entra_v1.verify("JWT", &v1).unwrap();
    assert_eq!((identity.client(), roles(&identity)), (Some("web"), vec!["Notes.Admin"]));
    assert_eq!(entra_v1.verify("JWT", &v2).err(), Some(TokenError::WrongIssuer));
    assert_eq!(entra.verify("JWT", &v1).err(), Some(TokenError::WrongIssuer));
    // Portals show identifiers in capitals, too.
    let shown = "AAAAAAAA-2222-3333-4444-555555555555";
    for issuer in [Issuer::entra(shown), Issuer::entra_v1(shown)] {
        assert!(issuer.audience("api").check().unwrap().iss.contains("/aaaaaaaa-2222"));
    }
    for tenant in ["common", "organizations", "consumers", "example.onmicrosoft.com", "", "{tenantid}", "../x"] {
        assert!(Issuer::entra(tenant).audience("api").check().is_err(), "{tenant}");
        assert!(Issuer::entra_v1(tenant).audience("api").check().is_err(), "{tenant}");
    }
}

/// Without RS256 alone, the set of Entra would be of no use: its keys name no algorithm.
#[test]
fn keys_without_algorithm_need_the_preset() {
    let source = Issuer::oidc("https://id.example").audience("api").check().unwrap();
    let (keys, passed_over) = read(&document("entra-keys.json"), &source);
    assert_eq!((keys.len(), passed_over.len()), (0, 7));
}

/// The recorded set is that of every directory. Two of its keys are for personal accounts.
#[test]
fn keys_of_another_directory_do_not_sign_for_this_one() {
    let keys = document("entra-keys.json");
    let used = |issuer: Issuer, keys: &str| {
        let (keys, passed_over) = read(keys, &issuer.audience("api").check().unwrap());
        (keys.len(), passed_over.into_iter().map(|key| key.reason).collect::<Vec<_>>())
    };
    for issuer in [Issuer::entra, Issuer::entra_v1] {
        assert_eq!(used(issuer(TENANT), &keys), (5, vec!["key_of_other_issuer"; 2]));
        assert_eq!(used(issuer(TENANT), &keys.replace("{tenantid}", TENANT)), (5, vec!["key_of_other_issuer"; 2]));
        let other = keys.replace("{tenantid}", "11111111-2222-3333-4444-555555555556");
        assert_eq!(used(issuer(TENANT), &other), (0, vec!["key_of_other_issuer"; 7]));
        let unnamed = keys.replace("\"issuer\"", "\"x\"");
        assert_eq!(used(issuer(TENANT), &unnamed), (7, vec![]));
        let of_other_type = keys.replacen("\"https://login.microsoftonline.com/{tenantid}/v2.0\"", "1", 1);
        assert_eq!(used(issuer(TENANT), &of_other_type), (4, vec!["key_of_other_issuer"; 3]));
    }
    // Another issuer may publish this member with a meaning of its own.
    let rs256 = Issuer::oidc("https://id.example").algorithms([Algorithm::RS256]);
    assert_eq!(used(rs256, &keys), (7, vec![]));
}

/// The tokens that Microsoft shows, with times and a directory of the test.
#[test]
fn the_documented_tokens_of_entra_are_accepted() {
    let v1 = (Issuer::entra_v1(TENANT), "entra-v1-claims.json", format!("https://sts.windows.net/{TENANT}/"));
    let v2 =
        (Issuer::entra(TENANT), "entra-v2-claims.json", format!("https://login.microsoftonline.com/{TENANT}/v2.0"));
    for ((issuer, file, iss), client, scope) in [
        (v1, "75dbe77f-10a3-4e59-85fd-8c127544f17c", "user_impersonation"),
        (v2, "6e74172b-be56-4843-9ff4-e66a39bb12e3", "access_as_user"),
    ] {
        let documented: Value = serde_json::from_str(&document(file)).unwrap();
        let audience = documented["aud"].as_str().unwrap().to_owned();
        let entra = Published::new(issuer.audience(&audience), "entra-keys.json");
        let now = json!({ "iss": iss, "tid": TENANT, "iat": NOW, "nbf": NOW, "exp": NOW + 3900 });
        let identity = entra.verify("JWT", &with(documented.clone(), now)).unwrap();
        assert_eq!((identity.client(), scopes(&identity), roles(&identity)), (Some(client), vec![scope], vec![]));
        assert_eq!(identity.subject(), documented["sub"]);
        assert_eq!(entra.verify("JWT", &documented).err(), Some(TokenError::WrongIssuer));
    }
}

#[test]
fn auth0_has_permissions_and_claims_of_actions() {
    let claims = json!({
        "iss": "https://example.eu.auth0.com/", "sub": "auth0|1", "aud": ["api", "https://example.eu.auth0.com/userinfo"],
        "iat": NOW, "exp": NOW + 7200, "azp": "web", "scope": "openid read:notes", "permissions": ["write:notes"],
        "https://api.example.com/roles": ["editor"],
    });
    let auth0 = || Issuer::auth0("example.eu.auth0.com");
    let identity = Published::new(auth0(), "auth0-keys.json").verify("JWT", &claims).unwrap();
    assert_eq!((roles(&identity), scopes(&identity)), (vec![], vec!["openid", "read:notes"]));
    let mapped = auth0().roles_at("https://api.example.com/roles").scopes_at("permissions");
    let identity = Published::new(mapped, "auth0-keys.json").verify("at+jwt", &claims).unwrap();
    assert_eq!((roles(&identity), scopes(&identity)), (vec!["editor"], vec!["write:notes"]));
    // A program without permissions has neither of both claims. `gty` tells how it got its token.
    let program = with(claims, json!({ "scope": null, "permissions": null, "gty": "client-credentials" }));
    assert!(Published::new(auth0(), "auth0-keys.json").verify("JWT", &program).is_ok());
    let id_token = with(program, json!({ "gty": null }));
    assert!(Published::new(auth0(), "auth0-keys.json").verify("JWT", &id_token).is_err());
    for domain in ["", "https://example.auth0.com", "example.auth0.com/", "example", "a.b?c"] {
        assert!(Issuer::auth0(domain).audience("api").check().is_err(), "{domain}");
    }
}

#[test]
fn google_has_id_tokens_of_service_accounts() {
    let claims = json!({
        "aud": "api", "azp": "113", "email": "job@example.iam.gserviceaccount.com", "email_verified": true,
        "exp": NOW + 3600, "iat": NOW, "iss": "https://accounts.google.com", "sub": "113",
    });
    let google = Published::new(Issuer::google(), "google-keys.json");
    let identity = google.verify("JWT", &claims).unwrap();
    assert_eq!((identity.subject(), roles(&identity), scopes(&identity)), ("113", vec![], vec![]));
    assert_eq!(google.verify("at+jwt", &claims).err(), Some(TokenError::WrongType));
    // What only the sign-in of a person has.
    for sign_in in [json!({ "nonce": "n" }), json!({ "at_hash": "h" }), json!({ "typ": "ID" })] {
        let id_token = with(claims.clone(), sign_in);
        assert_eq!(google.verify("JWT", &id_token).err(), Some(TokenError::WrongType), "{id_token}");
    }
}
