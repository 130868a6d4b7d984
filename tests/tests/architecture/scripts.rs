//! Scripts refuse what they cannot do.

use std::process::Command;

use auth_tests::root;

/// Runs `scripts/mutants` with a stand-in for `cargo-mutants`, which prints its arguments.
#[cfg(unix)]
fn mutants(arguments: &[&str]) -> (Option<i32>, String) {
    use std::os::unix::fs::PermissionsExt as _;

    let target = tempfile::tempdir().unwrap();
    let tools = target.path().join("tools/bin");
    let stand_in = tools.join("cargo-mutants");
    std::fs::create_dir_all(&tools).unwrap();
    std::fs::write(&stand_in, "#!/bin/sh\necho \"$@\"\n").unwrap();
    std::fs::set_permissions(&stand_in, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut script = Command::new(root().join("scripts/mutants"));
    let done = script.args(arguments).env("CARGO_TARGET_DIR", target.path()).output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

#[cfg(unix)]
#[test]
fn mutants_refuses_a_path_that_no_area_covers() {
    let covered = "auth-runtime/src/password/cost.rs";
    let (code, told) = mutants(&["--all", covered]);
    assert!(code == Some(0) && told.contains(&format!("--file {covered}")), "{told}");
    for path in ["Cargo.toml", "auth-runtime/src/no_such_file.rs"] {
        let (code, told) = mutants(&["--all", covered, path]);
        assert!(code == Some(2) && told.contains(&format!("{path} has no file in any of the areas")), "{told}");
        assert!(!told.contains("--file"), "{told}");
    }
}
