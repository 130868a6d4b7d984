//! Code that compiles, and code that does not, with the messages that users see. `TRYBUILD=overwrite` rewrites the
//! messages for the reviewer to read.

use std::{path::PathBuf, process::Command};

use auth_tests::{
    error_pages,
    packages::{cargo, put, target},
    read, root,
};
use serde_json::Value;

/// No case that compiles is among them. So trybuild checks all cases in one run of cargo, and compiles no dependency
/// to the end.
#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("ui/fail/*/*.rs");
}

#[test]
fn what_compiles_does_what_it_asserts() {
    let programs = programs();
    for program in built(&programs) {
        let run = Command::new(&program).output().unwrap();
        assert!(run.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&run.stderr));
    }
}

/// Writes the corrected code of the error pages beside the cases, and returns the paths of both.
fn programs() -> Vec<PathBuf> {
    let remedies = target().join("ui/remedies.rs");
    put(&remedies, &remedies_of_pages());
    let mut programs = auth_tests::files(&root().join("tests/ui/pass"), "rs");
    programs.push(remedies);
    programs
}

/// Returns the corrected code of every page in `docs/errors`, each in its own function.
fn remedies_of_pages() -> String {
    let functions = error_pages().into_iter().map(|page| {
        let remedy = page.remedy().unwrap_or_else(|| panic!("{} shows no remedy", page.code));
        format!("fn {}() {{\n{remedy}\n}}\n", page.code.to_lowercase())
    });
    format!("#![allow(dead_code, unused_variables)]\n\nfn main() {{}}\n\n{}", functions.collect::<Vec<_>>().join("\n"))
}

/// Builds the programs in a package of their own, and returns the paths of what cargo built.
fn built(programs: &[PathBuf]) -> Vec<PathBuf> {
    let folder = target().join("ui");
    put(&folder.join("Cargo.toml"), &manifest(programs));
    put(&folder.join("Cargo.lock"), &read(&root().join("Cargo.lock")));
    let output = cargo(&folder, &["build", "--bins", "--keep-going", "--message-format=json-render-diagnostics"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let messages = messages.lines().filter_map(|message| serde_json::from_str::<Value>(message).ok());
    let executables = messages.filter(|message| message["target"]["kind"][0] == "bin");
    let built: Vec<_> = executables.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).collect();
    assert_eq!(built.len(), programs.len(), "cargo names each program that it built");
    built
}

fn manifest(programs: &[PathBuf]) -> String {
    let (tests, runtime) = (root().join("tests"), root().join("auth-runtime"));
    let bins = programs.iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy();
        format!("\n[[bin]]\nname = \"ui-{name}\"\npath = {path:?}\n")
    });
    format!(
        "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\nauth-tests = {{ path = {tests:?} }}\n\
         auth-runtime = {{ path = {runtime:?}, features = [\"macros\", \"testing\"] }}\n\
         axum = {{ version = \"0.8\", default-features = false, features = [\"form\", \"json\", \"macros\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\ntracing = \"0.1\"\n{}",
        bins.collect::<String>()
    )
}
