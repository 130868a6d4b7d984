//! Settings from `.env` and the environment together.

use std::{ffi::OsString, fs};

use crate::{
    auth::{
        Auth, DevelopmentEnv, Fault, Faults,
        fault::Collector,
        settings::{
            Environment, Settings, Tokens,
            dotenv::{self, DotEnv},
            load::read_file,
            names,
        },
    },
    clock::UnixTime,
    secret::SystemEntropy,
    token::NewAccessToken,
};

pub(super) fn from_file(file: &str, environment: &[(&str, &str)]) -> Result<Settings, Faults> {
    from_bytes(file.as_bytes(), environment.iter().map(|(name, value)| (*name, OsString::from(value))).collect())
}

fn from_bytes(file: &[u8], environment: Vec<(&str, OsString)>) -> Result<Settings, Faults> {
    let value = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    let names = environment.iter().map(|(name, _)| OsString::from(name));
    Settings::from_environment_and_file(value, names, dotenv::parse(file), Collector::default(), Tokens::OfItsOwn)
}

pub(super) fn settings_of(result: Result<Settings, Faults>) -> Vec<&'static str> {
    result.map_or_else(|faults| faults.iter().map(Fault::setting).collect(), |_| Vec::new())
}

pub(super) const FILE: &str = "ENVIRONMENT=development\nSECRET_KEY=3xQm-8fKz$M0vNc7RtLhYb2UeAj5GsD_pW\n";

#[test]
fn a_secret_is_the_same_in_the_file_and_in_the_environment() {
    let id = |settings: Settings| {
        let auth = Auth::builder().settings(&settings).build().unwrap();
        let token = NewAccessToken::new("a", "b");
        let token = auth.tokens().issue(&token, UnixTime::from_seconds(0), &SystemEntropy::new()).unwrap();
        token.expose().split('.').next().unwrap().to_owned()
    };
    let secret = "3xQm-8fKz$M0vNc7RtLhYb2UeAj5GsD_pW";
    let expected = id(from_file("", &[("ENVIRONMENT", "test"), ("SECRET_KEY", secret)]).unwrap());
    assert_eq!(id(from_file(FILE, &[]).unwrap()), expected);
    for written in [format!("{secret}\n"), format!("{secret}\r\n"), format!("{secret}\n\n")] {
        let environment = [("ENVIRONMENT", "test\n"), ("SECRET_KEY", &*written)];
        assert_eq!(id(from_file("", &environment).unwrap()), expected, "{written:?}");
    }
    let spaced = format!(" {secret}");
    assert_ne!(id(from_file("", &[("ENVIRONMENT", "test"), ("SECRET_KEY", &spaced)]).unwrap()), expected);
}

#[test]
fn the_environment_wins_over_the_file() {
    assert_eq!(from_file(FILE, &[("ENVIRONMENT", "test")]).unwrap().environment(), Environment::Test);
    assert_eq!(from_file(FILE, &[]).unwrap().environment(), Environment::Development);
    assert_eq!(settings_of(from_file(FILE, &[("SECRET_KEY", "")])), ["SECRET_KEY"]);
}

#[test]
fn settings_of_an_unreadable_line_are_not_reported_as_missing() {
    for line in ["SECRET_KEY=${SECRET}", "SECRET_KEY: x", "SECRET_KEY='x"] {
        let told = from_file(&format!("ENVIRONMENT=development\n{line}"), &[]).unwrap_err();
        assert_eq!(told.iter().map(Fault::setting).collect::<Vec<_>>(), [".env"], "{told}");
        assert!(told.to_string().contains(".env: line 2 "), "{told}");
    }
    // The values that are readable are still checked.
    assert_eq!(settings_of(from_file("SECRET_KEY=short\nx", &[])), [".env", "SECRET_KEY"]);
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf8_is_a_fault_and_not_absent() {
    use std::os::unix::ffi::OsStringExt as _;

    let bytes = OsString::from_vec(b"\xff".to_vec());
    for name in names::VARIABLES {
        let told = settings_of(from_bytes(FILE.as_bytes(), vec![(name, bytes.clone())]));
        assert_eq!(told, [name]);
    }
}

/// The names and the formats of a file that a well-known template ships, with other values.
const TEMPLATE: &str = r#"# Domain
# The proxy reads it
DOMAIN=localhost
# DOMAIN=localhost.example.com

FRONTEND_HOST=http://localhost:5173

# Environment: local, staging, production
ENVIRONMENT=local

PROJECT_NAME="Some Project in Words"
STACK_NAME=some-project

BACKEND_CORS_ORIGINS="http://localhost,http://localhost:5173,https://localhost"
SECRET_KEY=changethis
FIRST_SUPERUSER=admin@example.com
FIRST_SUPERUSER_PASSWORD=changethis

SMTP_HOST=
SMTP_TLS=True
SMTP_PORT=587
EMAILS_FROM_EMAIL=info@example.com

POSTGRES_SERVER=localhost
POSTGRES_PORT=5432
POSTGRES_DB=app

SENTRY_DSN=

DOCKER_IMAGE_BACKEND=backend
"#;

#[test]
fn a_template_has_only_its_placeholder_and_its_environment_as_faults() {
    let told = from_file(TEMPLATE, &[]).unwrap_err();
    assert_eq!(told.iter().map(Fault::setting).collect::<Vec<_>>(), ["ENVIRONMENT", "SECRET_KEY"], "{told}");
    let mended =
        TEMPLATE.replace("=local\n", "=development\n").replacen("changethis", "3xQm-8fKz$M0vNc7RtLhYb2UeAj5GsD_pW", 1);
    assert_eq!(settings_of(from_file(&mended, &[])), [""; 0]);
}

#[test]
fn a_made_file_is_read_as_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.env");
    DevelopmentEnv::create(&path, &SystemEntropy::new()).unwrap();
    let found = dotenv::parse(&fs::read(&path).unwrap());
    assert_eq!((found.faults.len(), found.values.len(), found.values["SECRET_KEY"].len()), (0, 2, 64));
    let mut faults = Collector::default();
    assert_eq!(read_file(&path, &mut faults), found);
    assert_eq!(read_file(&folder.path().join("none"), &mut faults), DotEnv::default());
    assert!(faults.is_empty());
    assert_eq!(read_file(folder.path(), &mut faults), DotEnv::default());
    assert!(!faults.is_empty() && !faults.is_complete(), "a folder is no file that is not there");
}
