//! Rotation of keys by settings alone. Each engine is one start of a service.

use std::fs;

use auth_runtime::{
    Auth,
    auth::{Faults, Settings},
    token::NewAccessToken,
};
use serde_json::{Value, json};

use super::support::{protected, send};

const OLD: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";
const NEW: &str = "Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA";

/// Starts a service with these settings.
fn start(variables: &[(&str, &str)]) -> Auth {
    Auth::builder().settings(&read(variables).unwrap()).build().unwrap()
}

fn read(variables: &[(&str, &str)]) -> Result<Settings, Faults> {
    const OTHERS: [(&str, &str); 3] =
        [("ISSUER", "https://api.example"), ("AUDIENCE", "https://api.example"), ("ALLOWED_HOSTS", "api.example")];
    let all = [variables, &OTHERS[..]].concat();
    Settings::from_lookup(|name| Some(all.iter().find(|(known, _)| *known == name)?.1.to_owned()))
}

fn told(variables: &[(&str, &str)]) -> Vec<String> {
    let faults = read(variables).expect_err("the settings are refused");
    faults.iter().map(|fault| format!("{}: {}", fault.setting(), fault.message())).collect()
}

fn token(auth: &Auth) -> String {
    let alice = NewAccessToken::new("alice", "web");
    auth.tokens().issue(&alice, auth.clock().unix(), auth.entropy()).unwrap().expose().to_owned()
}

async fn status(auth: &Auth, token: &str) -> u16 {
    send(&protected(auth), &[("authorization", &format!("Bearer {token}"))]).await.status().as_u16()
}

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/pem");
    fs::read_to_string(format!("{folder}/{name}.pem")).unwrap()
}

fn key_ids(auth: &Auth) -> Vec<Value> {
    auth.jwks()["keys"].as_array().unwrap().iter().map(|key| json!([key["kid"], key["alg"]])).collect()
}

#[tokio::test]
async fn a_secret_is_replaced_in_three_starts() {
    let before = start(&[("SECRET_KEY", OLD)]);
    let between = start(&[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", OLD)]);
    let after = start(&[("SECRET_KEY", NEW)]);
    let (old, new) = (token(&before), token(&between));
    for (auth, of_old, of_new) in [(&before, 200, 401), (&between, 200, 200), (&after, 401, 200)] {
        assert_eq!((status(auth, &old).await, status(auth, &new).await), (of_old, of_new));
    }
    // The fallback never signs.
    assert_eq!(status(&after, &token(&between)).await, 200);
    assert_eq!(before.jwks(), json!({ "keys": [] }));
    assert_eq!(between.jwks(), json!({ "keys": [] }));
}

#[tokio::test]
async fn a_key_pair_is_replaced_in_three_starts() {
    let (old_key, new_key, old_public) = (file("ec_sec1"), file("ec_other"), file("ec_public_compressed"));
    let es256 = ("ALGORITHM", "ES256");
    let before = start(&[es256, ("PRIVATE_KEY", &old_key)]);
    let between = start(&[es256, ("PRIVATE_KEY", &new_key), ("PUBLIC_KEYS", &old_public)]);
    let after = start(&[es256, ("PRIVATE_KEY", &new_key)]);
    let (old, new) = (token(&before), token(&between));
    for (auth, of_old, of_new) in [(&before, 200, 401), (&between, 200, 200), (&after, 401, 200)] {
        assert_eq!((status(auth, &old).await, status(auth, &new).await), (of_old, of_new));
    }
    assert_eq!(key_ids(&between), [key_ids(&after), key_ids(&before)].concat());
    assert_eq!(between.jwks()["keys"][1], before.jwks()["keys"][0]);
}

/// While processes restart one by one, every process accepts the new key before the first process signs with it.
#[tokio::test]
async fn processes_that_restart_one_by_one_accept_each_other() {
    let first = start(&[("SECRET_KEY", OLD), ("SECRET_KEY_FALLBACKS", NEW)]);
    let second = start(&[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", OLD)]);
    for token in [token(&first), token(&second)] {
        assert_eq!((status(&first, &token).await, status(&second, &token).await), (200, 200));
    }
}

#[tokio::test]
async fn the_algorithm_changes_with_the_key() {
    let (ec, rsa) = (file("ec_pkcs8"), file("rsa_pkcs8"));
    let rsa_public = rsa_public_of(&rsa, "RS256");
    for (before, after) in [
        (vec![("SECRET_KEY", OLD)], vec![("ALGORITHM", "ES256"), ("PRIVATE_KEY", &*ec), ("SECRET_KEY_FALLBACKS", OLD)]),
        (
            vec![("ALGORITHM", "RS256"), ("PRIVATE_KEY", &rsa)],
            vec![("ALGORITHM", "ES256"), ("PRIVATE_KEY", &ec), ("PUBLIC_KEYS", &rsa_public)],
        ),
        (
            vec![("ALGORITHM", "PS256"), ("PRIVATE_KEY", &rsa)],
            vec![("SECRET_KEY", NEW), ("PUBLIC_KEYS", &rsa_public_of(&rsa, "PS256"))],
        ),
        (
            vec![("ALGORITHM", "PS256"), ("PRIVATE_KEY", &file("pss"))],
            vec![("SECRET_KEY", NEW), ("PUBLIC_KEYS", &file("pss_public"))],
        ),
    ] {
        let (before, after) = (start(&before), start(&after));
        assert_eq!((status(&after, &token(&before)).await, status(&after, &token(&after)).await), (200, 200));
        assert_eq!(status(&before, &token(&after)).await, 401);
    }
    // With a private key, `SECRET_KEY` verifies only if it is listed as a fallback, too.
    let es256 = start(&[("ALGORITHM", "ES256"), ("PRIVATE_KEY", &ec), ("SECRET_KEY", OLD)]);
    assert_eq!(status(&es256, &token(&start(&[("SECRET_KEY", OLD)]))).await, 401);
}

/// Returns the public key of an RSA key with the algorithm in front, in the form of the settings.
fn rsa_public_of(private: &str, algorithm: &str) -> String {
    use aws_lc_rs::{encoding::AsDer as _, rsa::KeyPair, signature::KeyPair as _};
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    let body: String = private.lines().filter(|line| !line.starts_with('-')).collect();
    let pair = KeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap();
    let public: aws_lc_rs::encoding::PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    format!("{algorithm}:-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", STANDARD.encode(public.as_ref()))
}

/// The service would have to try every key.
#[tokio::test]
async fn a_token_without_key_id_is_refused_beside_several_keys() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    let (alone, several) =
        (start(&[("SECRET_KEY", OLD)]), start(&[("SECRET_KEY", OLD), ("SECRET_KEY_FALLBACKS", NEW)]));
    let payload = token(&alone).split('.').nth(1).unwrap().to_owned();
    let signed = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(r#"{"typ":"at+jwt","alg":"HS256"}"#));
    let tag = aws_lc_rs::hmac::sign(
        &aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, OLD.as_bytes()),
        signed.as_bytes(),
    );
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
    assert_eq!((status(&alone, &token).await, status(&several, &token).await), (200, 401));
}

#[test]
fn several_keys_are_listed_in_any_form() {
    let (ec, pss) = (file("ec_public"), file("pss_public"));
    let expected = key_ids(&start(&[("SECRET_KEY", OLD), ("PUBLIC_KEYS", &format!("{ec}{pss}"))]));
    assert_eq!((expected.len(), &expected[0][1], &expected[1][1]), (2, &json!("ES256"), &json!("PS256")));
    for list in [
        format!("{ec},{pss}"),
        format!("{}{}", ec.trim(), pss.trim()),
        json!([ec, pss]).to_string(),
        format!("ES256: {ec}{pss}"),
    ] {
        assert_eq!(key_ids(&start(&[("SECRET_KEY", OLD), ("PUBLIC_KEYS", &list)])), expected, "{list}");
    }
}

#[test]
fn each_entry_is_judged_as_a_key_of_its_own() {
    let (ec, pss, private) = (file("ec_public"), file("pss_public"), file("ec_pkcs8"));
    let with = |name: &'static str, value: &str| told(&[("SECRET_KEY", OLD), (name, value)]);
    let weak = with("SECRET_KEY_FALLBACKS", &format!("short,{NEW},change-me-change-me-change-me-change-me"));
    assert_eq!(weak.len(), 2, "{weak:?}");
    assert!(weak[0].starts_with("SECRET_KEY_FALLBACKS: entry 1: the secret has 5 bytes"), "{weak:?}");
    assert!(weak[1].starts_with("SECRET_KEY_FALLBACKS: entry 3: the secret is a well-known placeholder"), "{weak:?}");
    assert_eq!(
        with("SECRET_KEY_FALLBACKS", OLD),
        ["SECRET_KEY_FALLBACKS: entry 1 is the key that signs now; list former keys only"]
    );
    assert_eq!(
        with("SECRET_KEY_FALLBACKS", &format!("{NEW},{NEW}")),
        ["SECRET_KEY_FALLBACKS: entry 2 is the same key as one before it"]
    );
    assert_eq!(
        with("PUBLIC_KEYS", &format!("{ec}{pss}{ec}")),
        ["PUBLIC_KEYS: entry 3 is the same key as one before it"]
    );
    let own =
        told(&[("ALGORITHM", "ES256"), ("PRIVATE_KEY", &private), ("PUBLIC_KEYS", &file("ec_public_compressed"))]);
    assert_eq!(own, ["PUBLIC_KEYS: entry 1 is the key that signs now; list former keys only"]);
    for (list, words) in [
        (private.clone(), "entry 1: the text is not one PEM block of `PUBLIC KEY`"),
        (format!("{ec}{}", file("certificate")), "entry 2: the text is a certificate"),
        (format!("{ec}{}", file("ec_encrypted")), "entry 2: the key is encrypted"),
        (ec.replace('\n', "\\n"), "entry 1: the line ends are written as `\\n`"),
        (format!("RS256:{ec}"), "entry 1: the PEM block holds no key for RS256"),
        (format!("HS256:{ec}"), "entry 1: HS256 takes a secret"),
        (format!("RS256:{pss}"), "entry 1: the key is for RSASSA-PSS only"),
        (file("ec_p384_public"), "entry 1: the PEM block holds no key for ES256"),
        (format!("{ec}x"), "entry 2: the text is not one PEM block"),
        (json!([format!("{ec}{pss}")]).to_string(), "entry 1: the text has several PEM blocks"),
        ("x".to_owned(), "entry 1: the text is not one PEM block"),
    ] {
        let told = with("PUBLIC_KEYS", &list);
        assert!(told.len() == 1 && told[0].starts_with(&format!("PUBLIC_KEYS: {words}")), "{told:?}");
    }
}

#[test]
fn former_keys_are_bounded() {
    let secrets: Vec<_> = (0..64).map(|number| format!("{NEW}{number}")).collect();
    assert!(read(&[("SECRET_KEY", OLD), ("SECRET_KEY_FALLBACKS", &secrets[1..].join(","))]).is_ok());
    let told = told(&[("SECRET_KEY", OLD), ("SECRET_KEY_FALLBACKS", &secrets.join(","))]);
    assert_eq!(told, ["SECRET_KEY_FALLBACKS: there are more than 64 keys"]);
}

/// A secret with a comma in it reads like two. The service accepts its tokens all the same, or says what to write.
#[tokio::test]
async fn a_former_secret_may_have_a_comma() {
    const COMMA: &str = "a0b1c2d3e4f5g6h7i8j9ABCDEFGHIJKLMN,xlmnopqrstuvwxyz-0123456789ABCDEFGH";
    let token = token(&start(&[("SECRET_KEY", COMMA)]));
    let list = serde_json::to_string(&[COMMA]).unwrap();
    for fallbacks in [COMMA, &list] {
        let auth = start(&[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", fallbacks)]);
        assert_eq!(status(&auth, &token).await, 200, "{fallbacks}");
    }
    let short = told(&[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", "a0b1c2d3e4f5g6h7i8j9,ABCDEFGHIJKLMNOPQRST")]);
    assert!(short.iter().take(2).all(|fault| fault.contains(r#"as `["…"]`"#)), "{short:?}");
}

#[test]
fn a_private_key_without_its_algorithm_is_told() {
    let faults = told(&[("PRIVATE_KEY", &file("ec_pkcs8"))]);
    assert!(faults.iter().any(|fault| fault.starts_with("ALGORITHM: is missing")), "{faults:?}");
}

/// Others know a public key. As a secret, it would let them sign tokens.
#[test]
fn a_key_of_a_key_pair_is_no_secret() {
    let body = file("ec_public").lines().filter(|line| !line.starts_with("-----")).collect::<String>();
    let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    let encoded = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FF";
    let escaped = file("ec_public").replace('\n', "\\n");
    let keys = [file("ec_public"), file("rsa_pkcs8"), escaped, encoded.to_owned(), body, jwk.to_owned()];
    for pem in keys {
        let told_of = told(&[("SECRET_KEY", &pem)]);
        assert!(told_of.iter().any(|fault| fault.contains("`PUBLIC_KEYS`")), "{told_of:?}");
        let told_of = told(&[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", &serde_json::to_string(&[&pem]).unwrap())]);
        assert!(told_of.iter().any(|fault| fault.contains("`PUBLIC_KEYS`")), "{told_of:?}");
    }
}

#[test]
fn an_unknown_algorithm_in_front_of_a_public_key_is_a_fault() {
    for name in ["none", "ps256", "PS512"] {
        let told_of = told(&[("SECRET_KEY", NEW), ("PUBLIC_KEYS", &format!("{name}:{}", file("pss_public")))]);
        assert!(told_of.iter().any(|fault| fault.contains("algorithm in front of the key is unknown")), "{told_of:?}");
    }
}
