use std::{
    cell::RefCell,
    fs, io,
    path::Path,
    sync::{Arc, Mutex},
};

use self::files::{FILE, from_file, settings_of};
use super::{Environment, Settings, dotenv, names};
use crate::auth::{Auth, Faults};

#[cfg(all(feature = "redis", feature = "web"))]
mod effects;
mod files;
#[cfg(feature = "redis")]
mod redis;
mod rotation;
#[cfg(feature = "remote")]
mod verifier;
#[cfg(feature = "web")]
mod web;

const GOOD: [(&str, &str); 3] = [
    ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
    ("ISSUER", "https://api.example.com"),
    ("AUDIENCE", "https://api.example.com"),
];

/// What the layers of the feature `web` need beside them in production.
const HOSTS: [(&str, &str); 1] = [("ALLOWED_HOSTS", "api.example.com")];

fn read(variables: &[(&str, &str)]) -> Result<Settings, Faults> {
    let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::from_lookup(value)
}

/// Returns the variables with faults, when these are added to valid settings.
fn wrong(variables: &[(&str, &str)]) -> Vec<&'static str> {
    match read(&[&GOOD[..], variables, &HOSTS[..]].concat()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(super::super::Fault::setting).collect(),
    }
}

#[test]
fn insecure_cookies_do_not_start_in_production() {
    let insecure = ("COOKIE_INSECURE", "true");
    assert_eq!(wrong(&[insecure]), ["COOKIE_INSECURE"]);
    assert_eq!(wrong(&[insecure, ("ENVIRONMENT", "production")]), ["COOKIE_INSECURE"]);
    for environment in ["development", "test"] {
        assert!(wrong(&[insecure, ("ENVIRONMENT", environment)]).is_empty());
    }
    assert!(wrong(&[("COOKIE_INSECURE", "false")]).is_empty());
    for neither in ["yes", "1", "TRUE", "on"] {
        assert_eq!(wrong(&[("COOKIE_INSECURE", neither)]), ["COOKIE_INSECURE"], "{neither}");
    }
}

/// Pages on a developer's machine come over plain HTTP. In production the switch would be a fault itself.
#[test]
fn a_plain_origin_names_the_switch_outside_production() {
    let told = |environment| {
        let variables =
            [("ENVIRONMENT", environment), ("CSRF_TRUSTED_ORIGINS", "https://a.example,http://localhost:5173")];
        read(&[&GOOD[..], &variables[..], &HOSTS].concat()).unwrap_err().to_string()
    };
    let switch = "CSRF_TRUSTED_ORIGINS: entry 2 is an `http://` origin, which every host on the network can imitate; \
                  write `https://`, or on your own machine set `COOKIE_INSECURE=true` as well";
    assert!(told("development").contains(switch) && told("test").contains(switch), "{}", told("development"));
    assert!(!told("production").contains("COOKIE_INSECURE"), "{}", told("production"));
    let builder = |environment| {
        let settings = read(&[&GOOD[..], &[("ENVIRONMENT", environment)], &HOSTS].concat()).unwrap();
        Auth::builder().settings(&settings).trusted_origin("http://localhost:5173").build().unwrap_err().to_string()
    };
    assert!(builder("development").contains("call `allow_insecure_cookies(true)`"), "{}", builder("development"));
    assert!(!builder("production").contains("allow_insecure_cookies"), "{}", builder("production"));
}

#[test]
fn trusted_origins_are_origins() {
    let origins = |list| wrong(&[("CSRF_TRUSTED_ORIGINS", list)]);
    assert!(origins("https://a.example, https://b.example:8443").is_empty());
    assert!(origins(r#"["https://a.example"]"#).is_empty());
    for list in ["https://a.example/", "*", "null", "a.example", "https://a.example,", "http://a.example", "[1]"] {
        assert_eq!(origins(list), ["CSRF_TRUSTED_ORIGINS"], "{list}");
    }
    let local = [("ENVIRONMENT", "test"), ("COOKIE_INSECURE", "true")];
    assert!(wrong(&[&local[..], &[("CSRF_TRUSTED_ORIGINS", "http://localhost:5173")]].concat()).is_empty());
}

#[test]
fn a_certificate_needs_its_key() {
    assert_eq!(wrong(&[("TLS_CERT", "a.pem")]), ["TLS_KEY"]);
    assert_eq!(wrong(&[("TLS_KEY", "a.pem")]), ["TLS_CERT"]);
}

#[cfg(feature = "web")]
#[test]
fn a_certificate_that_does_not_fit_its_key_does_not_start() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/tls");
    let pair = |certificate, key| {
        wrong(&[("TLS_CERT", &format!("{folder}/{certificate}")), ("TLS_KEY", &format!("{folder}/{key}"))])
    };
    assert!(pair("certificate.pem", "key.pem").is_empty());
    assert_eq!(pair("certificate.pem", "other_key.pem"), ["TLS_KEY"]);
    assert_eq!(pair("none.pem", "none.pem"), ["TLS_CERT", "TLS_KEY"]);
}

#[test]
fn all_faults_stand_in_one_list_and_quote_nothing() {
    let faults = read(&[("COOKIE_INSECURE", "true"), ("CSRF_TRUSTED_ORIGINS", "null,secret*,secret")]).unwrap_err();
    let variables: Vec<_> = faults.iter().map(super::super::Fault::setting).collect();
    let origins = "CSRF_TRUSTED_ORIGINS";
    let expected = ["ISSUER", "AUDIENCE", "SECRET_KEY", origins, origins, origins, "COOKIE_INSECURE"];
    let hosts: &[_] = if cfg!(feature = "web") { &["ALLOWED_HOSTS"] } else { &[] };
    assert_eq!(variables, [&expected[..], hosts].concat());
    assert!(!faults.to_string().contains("secret*"), "{faults}");
}

#[test]
fn the_builder_refuses_the_same() {
    let builder = || Auth::builder().settings(&read(&GOOD).unwrap());
    let wrong = |builder: crate::auth::AuthBuilder| -> Vec<_> {
        builder.build().unwrap_err().iter().map(super::super::Fault::setting).collect()
    };
    assert!(builder().trusted_origin("https://a.example").build().is_ok());
    assert_eq!(wrong(builder().allow_insecure_cookies(true)), ["allow_insecure_cookies"]);
    assert_eq!(wrong(builder().trusted_origin("http://a.example")), ["trusted_origin"]);
    let several =
        builder().trusted_origin("*").trusted_origin("https://a.example/x").allow_insecure_cookies(true).realm("\"");
    assert_eq!(wrong(several), ["realm", "allow_insecure_cookies", "trusted_origin", "trusted_origin"]);
    assert!(builder().environment(Environment::Test).allow_insecure_cookies(true).build().is_ok());
}

/// Reads a file and an environment, as at a start.
#[test]
fn a_wrong_setting_causes_no_further_faults() {
    for (name, value) in [("ENVIRONMENT", "local"), ("ENVIRONMENT", "Production"), ("ALGORITHM", "HS265")] {
        let others = if name == "ENVIRONMENT" { &GOOD[..1] } else { &GOOD[1..] };
        let told = read(&[others, &[(name, value)], &HOSTS].concat()).unwrap_err();
        assert_eq!(told.iter().map(super::super::Fault::setting).collect::<Vec<_>>(), [name], "{told}");
    }
    let insecure = [("ENVIRONMENT", "local"), ("COOKIE_INSECURE", "true")];
    assert_eq!(wrong(&insecure), ["ENVIRONMENT"]);
    assert_eq!(
        wrong(&[("COOKIE_INSECURE", "yes"), ("CSRF_TRUSTED_ORIGINS", "http://localhost:5173")]),
        ["COOKIE_INSECURE"]
    );
}

#[test]
fn every_list_takes_both_forms() {
    let origins = ["https://a.example", "https://b.example"];
    let proxies = ["10.0.0.0/8", "192.0.2.1"];
    let secrets = ["Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA", "Bm4_kRz7-vXq2WnTs9LgYc5HpDj8FaUe"];
    let keys = [PUBLIC_EC, PUBLIC_ED];
    for (name, entries) in [
        ("CSRF_TRUSTED_ORIGINS", origins),
        ("TRUSTED_PROXIES", proxies),
        ("SECRET_KEY_FALLBACKS", secrets),
        ("PUBLIC_KEYS", keys),
    ] {
        let json = serde_json::to_string(&entries).unwrap();
        let spaced = if name == "SECRET_KEY_FALLBACKS" { entries.join(",") } else { entries.join(" , ") };
        let forms = [entries.join(","), spaced, json.clone(), format!(" {json}\n")];
        let seen = forms.iter().map(|form| {
            let settings = read(&[&GOOD[..], &[(name, form)]].concat()).unwrap_or_else(|told| panic!("{form}: {told}"));
            Auth::builder().settings(&settings).build().unwrap()
        });
        let seen: Vec<_> = seen
            .map(|auth| format!("{:?} {:?} {}", auth.addresses().proxies, auth.cross_site().trusted, auth.jwks()))
            .collect();
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
        assert_eq!(settings_of(from_file(&format!("{FILE}{name}={json}\n"), &[])), [""; 0], "{json}");
        for neither in [format!("{json}x"), "[1]".to_owned(), "[".to_owned()] {
            assert_eq!(wrong(&[(name, &neither)]), [name], "{neither}");
        }
        assert_eq!(wrong(&[(name, "[]")]), [""; 0], "no entry is none");
    }
    assert_eq!(wrong(&[("TRUSTED_PROXIES", r#"["hops:2"]"#)]), [""; 0]);
    assert_eq!(wrong(&[("TRUSTED_PROXIES", r#"["hops:2", "10.0.0.1"]"#)]), ["TRUSTED_PROXIES"]);
}

const PUBLIC_EC: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3kmJaB3eeJfrBOeHg4e60f6u7f/l\n1voNxXQzFoV6G3j/ySVH56ccTMp7fY0SWZeFsBZ7idKZbvnFqZfzN4ALIA==\n-----END PUBLIC KEY-----\n";
const PUBLIC_ED: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

#[test]
fn a_name_that_is_almost_a_setting_is_told_while_that_is_not_set() {
    let told = |file: &str, environment: &[(&str, &str)]| {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || from_file(file, environment).unwrap());
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
    };
    for event in [
        told(&format!("{FILE}TRUSTED_PROXYS=canary"), &[("HOME", "/"), ("PATH", "/bin")]),
        told(FILE, &[("TRUSTED_PROXYS", "canary"), ("HOME", "/")]),
        told(FILE, &[("TRUSTED_PROXYS", "canary"), ("TRUSTED_PROXIES", "")]),
    ] {
        assert!(event.contains("WARN auth_runtime::auth: ") && event.contains("\"TRUSTED_PROXYS\""), "{event}");
        assert!(event.contains("TRUSTED_PROXIES") && !event.contains("canary"), "{event}");
        assert_eq!(event.lines().count(), 1, "{event}");
    }
    assert_eq!(told(FILE, &[("TRUSTED_PROXYS", "x"), ("TRUSTED_PROXIES", "10.0.0.1")]), "");
    assert_eq!(told(&format!("{FILE}SOMETHING_ELSE=1"), &[("HOME", "/")]), "");
    assert_eq!(told(&format!("{FILE}ACCES_TOKEN_EXPIRE_MINUTES=1"), &[]).lines().count(), 1);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every variable that is read is listed once in the source, in the table of the documentation and in `.env.example`.
#[test]
fn the_documents_name_every_setting_and_no_other() {
    let asked = RefCell::new(Vec::new());
    let _ = Settings::from_lookup(|name| {
        asked.borrow_mut().push(name.to_owned());
        None
    });
    let mut expected = names::VARIABLES.map(str::to_owned).to_vec();
    expected.sort();
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(sorted(asked.into_inner()), expected);

    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(package.join("src/auth/settings.rs")).unwrap();
    let rows = source.lines().filter_map(|line| line.strip_prefix("/// | `")?.split(" | ").next());
    let in_table = rows.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`').to_owned()).collect();
    assert_eq!(sorted(in_table), expected);

    let example = fs::read_to_string(package.join(".env.example")).unwrap();
    let assigned = |line: &str| {
        line.split_once('=').filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).is_some()
    };
    let written: String = example
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| assigned(rest)).unwrap_or(line).to_owned() + "\n")
        .collect();
    let found = dotenv::parse(written.as_bytes());
    assert_eq!(found.faults, []);
    assert_eq!(sorted(found.values.keys().cloned().collect()), expected);
    // With only a secret added, the example starts.
    let secret = example.replace("SECRET_KEY=\n", "SECRET_KEY=3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD\n");
    assert_ne!(secret, example);
    assert_eq!(settings_of(from_file(&secret, &[])), [""; 0]);
}
