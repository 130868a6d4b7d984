//! Users of another system, from a file.

use std::fs;

use super::{
    person::{PASSWORD, login},
    server::Server,
};

/// [`PASSWORD`] as Django stores it.
const DJANGO: &str = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";

fn import(server: &Server, csv: &str, options: &[&str]) -> (bool, String) {
    fs::write(server.folder().join("users.csv"), csv).unwrap();
    let output = server.run(&[&["import", "users.csv"], options].concat());
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_a_run_lets_people_sign_in() {
    let server = Server::start();
    let csv = format!(
        "id,username,email,hash,roles,verified\n7,alice,alice@example.org,{DJANGO},admin,true\n8,bob,bob@example.org,!,,\n"
    );
    let (ended, told) = import(&server, &csv, &["--dry-run"]);
    assert!(ended && told.contains("2 accounts to create, 0 are there already.\nNothing was written."), "{told}");
    assert_eq!(login(&server, "alice", PASSWORD).await.status, 401);

    let (ended, told) = import(&server, &csv, &[]);
    assert!(ended && told.contains("2 accounts created."), "{told}");
    let signed_in = login(&server, "alice", PASSWORD).await;
    assert_eq!(signed_in.status, 200, "{signed_in:?}");
    let token = signed_in.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(server.get("/auth/me").bearer(&token).send().await.json()["id"], "7");
    assert_eq!(server.get("/admin/notes").bearer(&token).send().await.status, 200);

    let (ended, told) = import(&server, &csv, &[]);
    assert!(ended && told.contains("0 accounts to create, 2 are there already."), "{told}");
}

#[tokio::test]
async fn bad_rows_and_bad_options_stop_it_before_anything_is_written() {
    let server = Server::start();
    let csv =
        format!("email,hash,roles\na@example.org,{DJANGO},\nb@example.org,canary,\nc@example.org,{DJANGO},pope\n");
    for options in [&[] as &[&str], &["--dry-run"]] {
        let (ended, told) = import(&server, &csv, options);
        assert!(!ended && told.contains("2 rows will not work; nothing was written"), "{told}");
        assert!(told.contains("line 3: `hash`") && told.contains("line 4: `roles`"), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }
    let (ended, told) = import(&server, &csv, &["--dryrun"]);
    assert!(!ended && told.contains("usage: quickstart"), "{told}");
    assert_eq!(login(&server, "a@example.org", PASSWORD).await.status, 401);
}
