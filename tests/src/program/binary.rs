use std::{
    collections::HashMap,
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::{LazyLock, Mutex},
};

use serde_json::Value;

use crate::root;

/// Returns the path of this package's program, built once. `CARGO_BIN_EXE_…` exists only for programs of the test's own
/// package.
pub fn binary(package: &'static str) -> PathBuf {
    static BINARIES: LazyLock<Mutex<HashMap<&str, PathBuf>>> = LazyLock::new(Mutex::default);
    let mut binaries = BINARIES.lock().unwrap_or_else(|failed_build| failed_build.into_inner());
    binaries.entry(package).or_insert_with(|| build(package)).clone()
}

fn build(package: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--locked", "--package", package, "--message-format", "json-render-diagnostics"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8(built.stdout).unwrap();
    messages.lines().find_map(|message| executable(package, message)).expect("cargo names the program that it built")
}

/// Returns the path of the package's program, if this message of cargo is about it.
fn executable(package: &str, message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_ours = message["target"]["name"] == package;
    is_ours.then(|| message["executable"].as_str().map(|path| Path::new(path).to_owned())).flatten()
}
