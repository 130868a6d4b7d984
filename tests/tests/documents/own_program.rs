//! The program that a document shows, built as its reader builds it: in an empty folder, with the shown dependencies.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use auth_tests::{markdown::blocks, read, root};
use tempfile::TempDir;

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

    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("Cargo.toml", manifest(dependencies));
    // The versions of this repository, which are there already.
    fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    write("src/main.rs", main.replace("127.0.0.1:3000", "127.0.0.1:0"));
    cargo_build(folder.path())
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

fn cargo_build(folder: &Path) -> PathBuf {
    // The target folder of this test's own build, which is two folders above the program.
    let target = env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("debug").join(NAME)
}
