//! Packages that tests write, and cargo on them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::root;

/// The editions in which an application can be written.
pub const EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

/// Runs cargo in the folder. It takes the profile of this workspace, so that dependencies are compiled once for both.
///
/// # Panics
/// Panics when cargo cannot be started.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .args(["--quiet", "--offline", "--config"])
        .arg(root().join("Cargo.toml"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap_or_else(|error| panic!("cargo: {error}"))
}

/// Returns cargo's target folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Writes the file unless it has this text already, so that cargo compiles nothing twice.
///
/// # Panics
/// Panics when the file cannot be written.
pub fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return;
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
