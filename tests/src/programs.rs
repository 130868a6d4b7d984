//! Programs of one file each, built together. The packages have the same dependencies, so cargo compiles these once.

use std::path::PathBuf;

use serde_json::Value;

use crate::{
    packages::{cargo, put, target},
    read, root,
};

/// Builds the programs in a package of this name, and returns the paths of what cargo built.
///
/// # Panics
/// Panics with the compiler's messages when a program does not compile.
pub fn built(package: &str, programs: &[PathBuf]) -> Vec<PathBuf> {
    let folder = target().join(package);
    put(&folder.join("Cargo.toml"), &manifest(package, programs));
    put(&folder.join("Cargo.lock"), &read(&root().join("Cargo.lock")));
    let output = cargo(&folder, &["build", "--bins", "--keep-going", "--message-format=json-render-diagnostics"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap_or_default();
    let messages = messages.lines().filter_map(|message| serde_json::from_str::<Value>(message).ok());
    let executables = messages.filter(|message| message["target"]["kind"][0] == "bin");
    let built: Vec<_> = executables.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).collect();
    assert_eq!(built.len(), programs.len(), "cargo names each program that it built");
    built
}

fn manifest(package: &str, programs: &[PathBuf]) -> String {
    let (tests, runtime) = (root().join("tests"), root().join("auth-runtime"));
    let bins = programs.iter().map(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        format!("\n[[bin]]\nname = \"{package}-{name}\"\npath = {path:?}\n")
    });
    format!(
        "[package]\nname = {package:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\nauth-tests = {{ path = {tests:?} }}\n\
         auth-runtime = {{ path = {runtime:?}, features = [\"macros\", \"testing\"] }}\n\
         axum = {{ version = \"0.8\", default-features = false, features = [\"form\", \"json\", \"macros\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\ntracing = \"0.1\"\n{}",
        bins.collect::<String>()
    )
}
