//! The programs and the tests that documents show, built as their readers build them: in an empty folder.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use auth_tests::{markdown::blocks, read, root};
use tempfile::TempDir;

use super::guide;

/// Builds the document's program and returns its path.
///
/// `[dependencies]` comes from the TOML block that has one, `main.rs` from the Rust block with a `main`. Two things
/// differ from the document: the path of `auth-runtime`, and the port, which the system chooses.
pub(super) fn build(document: &str) -> PathBuf {
    let blocks = blocks(document);
    let dependencies = blocks.iter().find(|block| block.language == "toml" && block.text.contains("[dependencies]"));
    let dependencies = &dependencies.expect("the document shows no `[dependencies]`").text;
    let main = blocks.iter().find(|block| block.language.starts_with("rust") && block.text.contains("fn main()"));
    let main = &main.expect("the document shows no `main`").text;

    let folder = package(dependencies);
    fs::write(folder.path().join("src/main.rs"), main.replace("127.0.0.1:3000", "127.0.0.1:0")).unwrap();
    let target = cargo(folder.path(), "build");
    target.join("debug").join(NAME)
}

/// Rustdoc leaves out functions with `#[test]`, so it does not even compile them.
#[test]
fn the_tests_that_the_guide_shows_pass() {
    let folder = package(TOOLS);
    fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    fs::create_dir(folder.path().join("tests")).unwrap();
    let mut shown = 0;
    for document in guide::documents() {
        let text = read(&document);
        let tests = blocks(&text).into_iter().filter(|block| {
            block.language == "rust"
                && block.text.lines().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
        });
        for block in tests {
            let stem = document.file_stem().unwrap().to_str().unwrap();
            fs::write(folder.path().join(format!("tests/{stem}_{}.rs", block.line)), &block.text).unwrap();
            shown += 1;
        }
    }
    assert!(shown >= 3, "the guide shows {shown} tests");
    cargo(folder.path(), "test");
}

/// What the tests of the guide use.
const TOOLS: &str = r#"[dependencies]
auth-runtime = { path = "../auth-runtime/auth-runtime", features = ["import", "redis", "sqlite", "testing", "web"] }
axum = { version = "0.8", features = ["macros"] }
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
tower = { version = "0.5", features = ["util"] }
"#;

/// Returns a folder with the manifest of a package, and without code.
fn package(dependencies: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest(dependencies)).unwrap();
    // The versions of this repository, which are there already.
    fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    folder
}

fn manifest(dependencies: &str) -> String {
    let shown = "path = \"../auth-runtime/auth-runtime\"";
    assert!(dependencies.contains(shown), "the document has no {shown}");
    let real = format!("path = {:?}", root().join("auth-runtime").canonicalize().unwrap());
    let dependencies = dependencies.replace(shown, &real);
    // With the profile of this repository, its builds of the dependencies are reused.
    let workspace = read(&root().join("Cargo.toml"));
    let profiles = workspace.find("[profile.dev]").map_or("", |at| &workspace[at..]);
    format!(
        "[package]\nname = \"{NAME}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}\n[workspace]\n\n{profiles}"
    )
}

const NAME: &str = "first-service";

/// Runs the command of Cargo, and returns the folder of the built program.
fn cargo(folder: &Path, command: &str) -> PathBuf {
    // The target folder of this test's own build, which is two folders above the program.
    let target = env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo)
        .args([command, "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .env("UPDATE_MATRIX", "1") // the test of an access matrix writes the file first
        .output()
        .unwrap();
    let printed = || [&done.stdout[..], &done.stderr].map(String::from_utf8_lossy).concat();
    assert!(done.status.success(), "{}", printed());
    target
}
