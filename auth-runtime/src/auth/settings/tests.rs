use super::*;
use crate::auth::Auth;

const GOOD: [(&str, &str); 3] = [
    ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
    ("ISSUER", "https://api.example.com"),
    ("AUDIENCE", "https://api.example.com"),
];

fn read(variables: &[(&str, &str)]) -> Result<Settings, Faults> {
    let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::from_lookup(value)
}

/// What is wrong, by variable, when these are added to good settings.
fn wrong(variables: &[(&str, &str)]) -> Vec<&'static str> {
    match read(&[&GOOD[..], variables].concat()) {
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
fn all_faults_stand_in_one_list_and_quote_nothing() {
    let faults = read(&[("COOKIE_INSECURE", "true"), ("CSRF_TRUSTED_ORIGINS", "null,secret*,secret")]).unwrap_err();
    let variables: Vec<_> = faults.iter().map(super::super::Fault::setting).collect();
    let origins = "CSRF_TRUSTED_ORIGINS";
    let expected = ["ISSUER", "AUDIENCE", "SECRET_KEY", origins, origins, origins, "COOKIE_INSECURE"];
    assert_eq!(variables, expected);
    assert!(!faults.to_string().contains("secret*"), "{faults}");
}

#[test]
fn the_builder_refuses_the_same() {
    let builder = || Auth::builder().settings(&read(&GOOD).unwrap());
    let wrong = |builder: crate::auth::AuthBuilder| -> Vec<_> {
        builder.build().unwrap_err().iter().map(super::super::Fault::setting).collect()
    };
    assert!(builder().trusted_origin("https://a.example").build().is_ok());
    assert_eq!(wrong(builder().insecure_cookies(true)), ["insecure_cookies"]);
    assert_eq!(wrong(builder().trusted_origin("http://a.example")), ["trusted_origin"]);
    let several =
        builder().trusted_origin("*").trusted_origin("https://a.example/x").insecure_cookies(true).realm("\"");
    assert_eq!(wrong(several), ["realm", "insecure_cookies", "trusted_origin", "trusted_origin"]);
    assert!(builder().environment(Environment::Test).insecure_cookies(true).build().is_ok());
}
