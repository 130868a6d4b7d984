//! The settings of the layers that face browsers: which values are faults.

use super::{GOOD, HOSTS, read, wrong};

fn told(variables: &[(&str, &str)]) -> Vec<String> {
    let Err(faults) = read(&[&GOOD[..], variables, &HOSTS[..]].concat()) else { return Vec::new() };
    faults.iter().map(|fault| format!("{}: {}", fault.setting(), fault.message())).collect()
}

#[test]
fn origins_are_exact_and_each_fault_names_its_entry() {
    let local = ("ENVIRONMENT", "development");
    assert_eq!(wrong(&[("ALLOWED_ORIGINS", "https://a.example, https://b.example:8443")]), [""; 0]);
    assert_eq!(wrong(&[("ALLOWED_ORIGINS", "http://localhost:5173"), local]), [""; 0]);
    for (entry, word) in [
        ("*", "wildcard"),
        ("https://*.example.com", "wildcard"),
        ("null", "`null`"),
        ("https://b.example/", "final slash"),
        ("https://b.example/path", "path"),
        ("https://u@b.example", "more than"),
        ("b.example", "begin with `https://`"),
        ("http://b.example", "`http://`"),
        ("https://b..example", "host or port"),
        ("", "empty"),
    ] {
        let told = told(&[("ALLOWED_ORIGINS", &format!("https://a.example,{entry}"))]);
        assert_eq!(told.len(), 1, "{entry}: {told:?}");
        assert!(told[0].starts_with("ALLOWED_ORIGINS: entry 2") && told[0].contains(word), "{entry}: {told:?}");
        assert!(!told[0].contains("b.example"), "the value is quoted: {told:?}");
        assert_eq!(told[0].matches("entry").count(), 1, "{told:?}");
    }
    assert_eq!(wrong(&[("ALLOWED_ORIGINS", "[1]")]), ["ALLOWED_ORIGINS"]);
}

/// A list with an empty entry was cut short, or put together by a script that lacks a value.
#[test]
fn an_empty_entry_of_any_list_is_a_fault() {
    for (name, entry) in [
        ("ALLOWED_HOSTS", "a.example"),
        ("ALLOWED_ORIGINS", "https://a.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example"),
        ("PROBE_PATHS", "/health"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("SECRET_KEY_FALLBACKS", "Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA"),
    ] {
        assert_eq!(wrong(&[(name, entry)]), [""; 0], "{name}");
        let lists =
            [format!("{entry},"), format!(",{entry}"), format!("{entry},,{entry}"), format!(r#"["{entry}", ""]"#)];
        for list in lists {
            let told = wrong(&[(name, &list)]);
            assert!(told.contains(&name), "{name}={list}: {told:?}");
        }
    }
}

#[test]
fn faults_of_all_lists_stand_in_one_list() {
    let variables = [
        ("ALLOWED_ORIGINS", "null,*"),
        ("ALLOWED_HOSTS", "https://secret.example,a.example:1"),
        ("PROBE_PATHS", "health,/ready?x"),
        ("CORS_ALLOW_CREDENTIALS", "yes"),
        ("HTTPS_PORT", "65536"),
        ("REQUEST_TIMEOUT_SECONDS", "0"),
        ("MAX_BODY_BYTES", "2 MiB"),
    ];
    let mut settings = wrong(&variables);
    settings.sort();
    let twice = ["ALLOWED_HOSTS", "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "ALLOWED_ORIGINS"];
    let others = [
        "CORS_ALLOW_CREDENTIALS",
        "HTTPS_PORT",
        "MAX_BODY_BYTES",
        "PROBE_PATHS",
        "PROBE_PATHS",
        "REQUEST_TIMEOUT_SECONDS",
    ];
    assert_eq!(settings, [&twice[..], &others[..]].concat());
    assert!(!told(&variables).join("").contains("secret"));
}

/// `web::hardened` would refuse the next start for it.
#[test]
fn missing_hosts_stand_beside_other_faults_in_production() {
    let settings = |variables: &[(&str, &str)]| -> Vec<_> {
        let Err(faults) = read(&[&GOOD[..], variables].concat()) else { return Vec::new() };
        faults.iter().map(crate::auth::Fault::setting).collect()
    };
    let wrong = ("PROBE_PATHS", "health");
    assert_eq!(settings(&[wrong]), ["PROBE_PATHS", "ALLOWED_HOSTS"]);
    assert_eq!(settings(&[wrong, ("ALLOWED_HOSTS", "api.example.com")]), ["PROBE_PATHS"]);
    assert_eq!(settings(&[wrong, ("ENVIRONMENT", "development")]), ["PROBE_PATHS"]);
    assert_eq!(settings(&[]), [""; 0], "not every service has these layers");
}

#[test]
fn a_wrong_environment_is_no_fault_of_an_origin() {
    assert_eq!(wrong(&[("ENVIRONMENT", "local"), ("ALLOWED_ORIGINS", "http://localhost:5173")]), ["ENVIRONMENT"]);
}
