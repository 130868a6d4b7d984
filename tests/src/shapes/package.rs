use std::path::Path;

use super::{policy::Admits, shape::Shape};
use crate::{
    packages::{EDITIONS, put},
    read, root,
};

/// The lints that the packages turn on, beside clippy's `all`.
const LINTS: &str = "#![warn(clippy::pedantic, clippy::nursery)]
#![warn(future_incompatible, let_underscore, nonstandard_style, rust_2018_idioms, unused, keyword_idents)]
#![warn(missing_debug_implementations, missing_docs, unreachable_pub, unused_qualifications, unused_results)]
#![warn(let_underscore_drop, single_use_lifetimes, trivial_casts, unnameable_types, unused_lifetimes)]
";

/// Writes two packages for each edition: the handlers as they are, and without the attributes of this crate. Returns
/// the names of the former.
pub(super) fn write(folder: &Path, shapes: &[Shape]) -> Vec<String> {
    let mut members = vec!["forbidding".to_owned()];
    let mut guarded = Vec::new();
    for (place, edition) in EDITIONS.iter().enumerate() {
        let shapes: Vec<&Shape> = shapes.iter().skip(place).step_by(EDITIONS.len()).collect();
        for is_guarded in [true, false] {
            let name = format!("{}-{edition}", if is_guarded { "guarded" } else { "plain" });
            write_package(&folder.join(&name), &name, edition, &library(&shapes, is_guarded));
            if is_guarded {
                put(&folder.join(&name).join("src/main.rs"), &program(&shapes, edition));
                guarded.push(name.clone());
            }
            members.push(name);
        }
    }
    write_package(
        &folder.join("forbidding"),
        "forbidding",
        "2024",
        &[("lib", include_str!("templates/forbidding.rs").to_owned())],
    );
    put(&folder.join("Cargo.toml"), &workspace(&members));
    put(&folder.join("Cargo.lock"), &read(&root().join("Cargo.lock")));
    guarded
}

fn workspace(members: &[String]) -> String {
    let runtime = root().join("auth-runtime");
    format!(
        "[workspace]
resolver = \"3\"
members = {members:?}

[workspace.dependencies]
auth-runtime = {{ path = {runtime:?}, features = [\"testing\"] }}
axum = {{ version = \"0.8\", default-features = false, features = [\"json\", \"macros\", \"matched-path\", \"original-uri\", \"query\"] }}
serde_json = {{ version = \"1\", default-features = false, features = [\"std\"] }}
tokio = {{ version = \"1\", default-features = false, features = [\"macros\", \"rt\"] }}
tower = {{ version = \"0.5\", default-features = false, features = [\"util\"] }}
tracing = {{ version = \"0.1\", default-features = false, features = [\"attributes\", \"std\"] }}
"
    )
}

fn write_package(folder: &Path, name: &str, edition: &str, sources: &[(&str, String)]) {
    let manifest = format!(
        "[package]
name = \"{name}\"
version = \"0.0.0\"
edition = \"{edition}\"
publish = false
description = \"generated\"
license = \"MIT\"
repository = \"generated\"
readme = \"generated\"
keywords = [\"generated\"]
categories = [\"web-programming\"]

[dependencies]
auth-runtime.workspace = true
axum.workspace = true
serde_json.workspace = true
tokio.workspace = true
tower.workspace = true
tracing.workspace = true
"
    );
    put(&folder.join("Cargo.toml"), &manifest);
    for (module, text) in sources {
        put(&folder.join(format!("src/{module}.rs")), text);
    }
}

fn library(shapes: &[&Shape], is_guarded: bool) -> Vec<(&'static str, String)> {
    let handlers = shapes.iter().map(|shape| shape.written(is_guarded)).collect::<Vec<_>>().join("\n");
    let routing = match is_guarded {
        true => "pub use auth_runtime::prelude::*;",
        false => {
            "pub use auth_runtime::Identity;\npub use axum::{routing::{delete, get, post, put}, Router as GuardedRouter};"
        }
    };
    let imports = format!("{routing}\n{}", include_str!("templates/imports.rs"));
    let library = format!("{LINTS}#![doc = \"Handlers.\"]\n\npub mod handlers;\npub mod imports;\npub mod support;\n");
    let handlers = format!("//! One module for each handler.\n\n{handlers}");
    vec![
        ("lib", library),
        ("imports", imports),
        ("support", include_str!("templates/support.rs").to_owned()),
        ("handlers", handlers),
    ]
}

/// Writes the program that calls every handler.
fn program(shapes: &[&Shape], edition: &str) -> String {
    let cases = shapes.iter().map(|shape| {
        let (module, method) = (shape.module(), shape.method.to_uppercase());
        let admits = match shape.admits() {
            Admits::Everyone => "Everyone",
            Admits::AnyCaller => "AnyCaller",
            Admits::Some => "Some",
        };
        format!("    cases.push(Case::new(\"{module}\", \"{method}\", Admits::{admits}, {module}::guarded(), {module}::plain(), app));\n")
    });
    let cases: String = cases.collect();
    include_str!("templates/program.rs")
        .replace("LIBRARY", &format!("guarded_{edition}"))
        .replace("    // CASES\n", &cases)
}
