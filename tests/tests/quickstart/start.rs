use std::fs;

use auth_tests::root;
use tempfile::TempDir;

use super::{
    person::Person,
    server::{Server, quickstart, run_in},
};

#[tokio::test]
async fn the_first_start_needs_no_settings_and_reports_the_files_it_writes() {
    let server = Server::start();
    assert!(server.greeting().starts_with("No .env found: wrote one"), "{}", server.greeting());
    assert!(server.greeting().contains("METHOD  PATH"), "{}", server.greeting());
    assert!(!server.greeting().contains(&server.secret()), "the secret was printed");
    assert!(server.address().ip().is_loopback());
    assert_eq!(server.get("/health").send().await.body, "ok");
}

#[cfg(unix)]
#[test]
fn files_with_secrets_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let server = Server::start();
    for name in [".env", "quickstart.db"] {
        let mode = fs::metadata(server.folder().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_second_start_keeps_the_secret_the_accounts_and_the_notes() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let note = serde_json::json!({ "text": "kept" });
    assert_eq!(server.post("/notes").bearer(&alice.token).json(&note).send().await.status, 201);
    let secret = server.secret();

    let server = server.crash_and_restart();
    assert!(!server.greeting().contains("No .env found"), "{}", server.greeting());
    assert_eq!(server.secret(), secret);
    let notes = server.get("/notes").bearer(&alice.token).send().await;
    assert_eq!((notes.status, notes.json()[0]["text"].as_str()), (200, Some("kept")));
    Person::sign_in(&server, "alice").await;
}

#[test]
fn two_fresh_starts_make_two_secrets() {
    assert_ne!(Server::start().secret(), Server::start().secret());
}

#[test]
fn bad_settings_stop_the_start_with_every_fault_and_no_value() {
    let folder = TempDir::new().unwrap();
    let bad = [
        ("SECRET_KEY", "canary-1"),
        ("ALGORITHM", "canary-2"),
        ("ENVIRONMENT", "canary-3"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "canary-4"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "canary-5"),
        ("TRUSTED_PROXIES", "canary-6"),
        ("TRUSTED_PROXY_HEADER", "canary 7"),
    ];
    let ended = run_in(folder.path(), &bad);
    assert!(!ended.status.success());
    let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    for (name, value) in bad {
        assert_eq!(said.matches(&format!("  {name}: ")).count(), 1, "{name} in\n{said}");
        assert!(!said.contains(value), "the value of {name} in\n{said}");
    }
    assert!(said.contains("settings are wrong:\n"), "{said}");
    assert!(!folder.path().join("quickstart.db").exists(), "a database was made");
}

#[test]
fn weak_and_well_known_secrets_are_refused() {
    for secret in ["short", "change-me", "your-secret-key-here-change-in-production", &"a".repeat(64)] {
        let folder = TempDir::new().unwrap();
        let ended = run_in(folder.path(), &[("SECRET_KEY", secret)]);
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && said.contains("  SECRET_KEY: "), "{secret}: {said}");
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn production_gets_no_development_secret() {
    let folder = TempDir::new().unwrap();
    let ended = run_in(folder.path(), &[("ENVIRONMENT", "production")]);
    let said = String::from_utf8_lossy(&ended.stderr);
    for name in ["SECRET_KEY", "ISSUER", "AUDIENCE"] {
        assert!(said.contains(&format!("  {name}: ")), "{name} in\n{said}");
    }
    assert!(!ended.status.success());
    assert!(!folder.path().join(".env").exists(), "a .env file was made");
}

#[test]
fn a_broken_env_file_is_a_fault_that_quotes_nothing() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".env"), "SECRET_KEY='canary without end\n").unwrap();
    let ended = run_in(folder.path(), &[]);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && said.contains(".env"), "{said}");
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn an_unusable_database_stops_the_start_in_words() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("quickstart.db"), "this is no database, but long enough to look like one".repeat(9))
        .unwrap();
    let ended = run_in(folder.path(), &[]);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && said.contains("the store `sqlite` failed\n  because: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn wrong_arguments_are_answered_with_the_usage() {
    let server = Server::start();
    for arguments in [&["grant"][..], &["grant", "alice"], &["serve"], &["grant", "a", "b", "c"]] {
        let ended = server.run(arguments);
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && said.contains("usage: quickstart"), "{arguments:?}: {said}");
    }
    for arguments in [["grant", "nobody", "admin"], ["grant", "alice", "emperor"]] {
        assert!(!server.run(&arguments).status.success(), "{arguments:?}");
    }
}

#[test]
fn the_settings_of_the_example_file_are_the_settings_that_exist() {
    let example = fs::read_to_string(root().join(".env.example")).unwrap();
    let named = example.lines().filter_map(|line| line.trim_start_matches("# ").split_once('='));
    let named: Vec<_> =
        named.map(|(name, _)| name).filter(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).collect();
    let source = fs::read_to_string(root().join("auth-runtime/src/auth/settings/names.rs")).unwrap();
    for name in &named {
        assert!(source.contains(&format!("\"{name}\"")), "`{name}` of .env.example is not a setting");
    }
    let read = ["ENVIRONMENT", "SECRET_KEY", "PRIVATE_KEY", "ALGORITHM", "ISSUER", "AUDIENCE", "DATABASE_URL"];
    for name in read.iter().chain(&[
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        "REFRESH_TOKEN_EXPIRE_DAYS",
        "TRUSTED_PROXIES",
        "TRUSTED_PROXY_HEADER",
    ]) {
        assert!(named.contains(name), "`{name}` is missing in .env.example");
    }
    assert!(quickstart().is_file());
}
