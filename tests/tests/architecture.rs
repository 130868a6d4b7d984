//! Reads the sources and checks the invariants of ARCHITECTURE.md that no compiler checks.

mod architecture {
    mod circles;
    mod dependencies;
    mod documents;
    mod lines;
    mod pairs;
    mod scripts;
    mod secrets;
    mod source;
    mod sql;
}

use std::{
    fs,
    path::{Path, PathBuf},
};

/// `auth-runtime`'s modules from the ground up: a module imports only from earlier ones, and from its own.
const LAYERS: [&[&str]; 24] = [
    &["error", "clock", "secret", "list", "host", "names", "tls"],
    &["html"],
    &["policy"],
    &["body"],
    &["token", "password", "limit"],
    &["csrf"],
    &["identity"],
    &["store"],
    &["session"],
    &["remote"],
    &["authn"],
    &["auth"],
    &["extract"],
    &["upload"],
    &["guard"],
    &["validate"],
    &["router"],
    &["account"],
    &["health", "metadata"],
    &["web"],
    &["serve"],
    &["testing"],
    &["fuzzing"],
    &["lib", "prelude", "private", "attributes", "guide"],
];

/// Files hold one idea. Tests and data may be longer.
const MOST_LINES: usize = 320;

#[test]
fn no_module_imports_one_above_it() {
    let mut faults = Vec::new();
    for file in sources("auth-runtime/src") {
        let module = module_of(&file);
        let Some(layer) = layer_of(&module) else {
            faults.push(format!("{}: the module `{module}` has no place in LAYERS", file.display()));
            continue;
        };
        for used in used_modules(&production_code(&file)) {
            if layer_of(&used).is_some_and(|of_used| of_used > layer) {
                faults.push(format!("{}: `{module}` imports `{used}`, which stands above it", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn stages_of_the_macro_crate_run_one_way() {
    let mut faults = Vec::new();
    for (stage, never) in [
        ("model", vec!["syntax", "lower", "expand", "collect"]),
        ("expand", vec!["syntax", "lower"]),
        ("syntax", vec!["lower", "expand", "model"]),
    ] {
        for file in sources(&format!("auth-macros/src/{stage}")) {
            let code = production_code(&file);
            for other in &never {
                if code.contains(&format!("crate::{other}")) || code.contains(&format!("super::super::{other}")) {
                    faults.push(format!("{}: `{stage}` imports `{other}`", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_stay_short() {
    let long: Vec<_> = ["auth-runtime/src", "auth-macros/src", "examples"]
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|file| !is_test(file))
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .collect();
    assert!(long.is_empty(), "longer than {MOST_LINES} lines: {long:#?}");
}

#[test]
fn mod_files_declare_and_export_only() {
    let mut faults = Vec::new();
    for file in sources("auth-runtime/src").into_iter().filter(|file| file.ends_with("mod.rs")) {
        let code = production_code(&file);
        // Small modules of a single file are their own `mod.rs`.
        let has_children = fs::read_dir(file.parent().unwrap()).unwrap().count() > 1;
        if has_children && code.lines().any(|line| line.starts_with("impl") || line.starts_with("pub struct")) {
            faults.push(file);
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Every write to SQLite waits for its turn, which `writing.rs` hands out. No other file opens a connection to write.
#[test]
fn no_write_to_sqlite_goes_past_the_turn() {
    let mut faults = Vec::new();
    for file in sources("auth-runtime/src/store/sqlite") {
        // Migrations run before there is a store.
        if ["writing.rs", "migrate.rs"].iter().any(|name| file.ends_with(name)) {
            continue;
        }
        for function in production_code(&file).split("fn ").skip(1) {
            let writes = ["INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| function.contains(verb));
            let goes_past =
                [".execute(&self.pool)", "pool.begin", "pool.acquire"].iter().any(|way| function.contains(way))
                    || (writes && function.contains("self.pool"));
            // Files of the store hand these statements to a transaction that waits.
            let waits =
                ["self.write", "self.begin_writing", "self.set(", "self.grant(", "self.withdraw(", "transaction"];
            if goes_past || (writes && !waits.iter().any(|way| function.contains(way))) {
                let name = function.split(['(', '<']).next().unwrap();
                faults.push(format!("{}: `{name}` writes without a turn", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_request_path_is_linted_against_panics() {
    let lib = fs::read_to_string(root().join("auth-runtime/src/lib.rs")).unwrap();
    for lint in ["unwrap_used", "expect_used", "panic", "indexing_slicing", "arithmetic_side_effects"] {
        assert!(lib.contains(&format!("clippy::{lint}")), "{lint} is not denied");
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
}

#[test]
fn docs_rs_shows_every_feature() {
    let manifest = fs::read_to_string(root().join("auth-runtime/Cargo.toml")).unwrap();
    let shown = "[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n";
    assert!(manifest.contains(shown));
    let lib = fs::read_to_string(root().join("auth-runtime/src/lib.rs")).unwrap();
    assert!(lib.contains("#![cfg_attr(docsrs, feature(doc_cfg))]"), "the features are not named beside the items");
}

/// Outside tests and the test kit, exceptions from the panic lints are for constants only, and state this reason.
#[test]
fn exceptions_from_the_panic_lints_are_for_constants() {
    let mut faults = Vec::new();
    for file in sources("auth-runtime/src").into_iter().filter(|file| module_of(file) != "testing") {
        for line in
            production_code(&file).lines().filter(|line| line.trim_start().starts_with("#[expect(clippy::panic"))
        {
            if !line.contains("constant") {
                faults.push(format!("{}: {line}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// serde buffers these types in memory, and then accepts an array for a struct, which `Json` could not refuse.
#[test]
fn no_request_body_is_of_a_kind_that_serde_buffers() {
    let mut faults = Vec::new();
    for file in sources("auth-runtime/src") {
        let code = production_code(&file);
        if !code.contains("Deserialize") {
            continue;
        }
        for attribute in code.split("#[serde(").skip(1).filter_map(|rest| rest.split(")]").next()) {
            let buffers = ["untagged", "flatten", "tag =", "content ="].iter().any(|word| attribute.contains(word));
            if buffers && !NOT_BODIES.iter().any(|name| file.ends_with(name)) {
                faults.push(format!("{}: {attribute}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Introspection reads claims of a verified token. The list of accounts is an answer, and the fields of a registration
/// have the attribute in a message alone.
const NOT_BODIES: [&str; 3] =
    ["account/session/introspect.rs", "account/administration/endpoints/accounts.rs", "account/registration/fields.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found.sort();
    found
}

fn is_test(file: &Path) -> bool {
    file.components()
        .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "suite" | "doubles.rs")))
}

/// Returns the source without the tests at its end, and without comments.
fn production_code(file: &Path) -> String {
    if is_test(file) {
        return String::new();
    }
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Returns the first path segment below `src`.
fn module_of(file: &Path) -> String {
    let below = file.strip_prefix(root().join("auth-runtime/src")).unwrap();
    below.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Returns the modules named after `crate::`, in single paths and in `use crate::{…}` groups.
fn used_modules(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => used.extend(first_name(rest)),
            Some(group) => used.extend(members(group)),
        }
    }
    used
}

fn members(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.extend(first_name(group[start..at].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(first_name(group[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn first_name(path: &str) -> Option<String> {
    let name: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn the_reader_of_imports_reads_groups() {
    let code = "use crate::{\n    auth::{Auth, HasAuth},\n    error::Problem,\n};\nlet x = crate::clock::now();";
    assert_eq!(used_modules(code), ["auth", "error", "clock"]);
}
