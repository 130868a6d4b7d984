//! The compile errors are the same in every edition. A sample of the cases in `ui/fail` shows it, one or two of each
//! folder.

use std::{collections::BTreeMap, path::PathBuf};

use auth_tests::{
    packages::{EDITIONS, cargo, put, target},
    read, root,
};
use serde_json::Value;

const CASES: [&str; 15] = [
    "authorize/closure",
    "authorize/has_role_spring",
    "body/unknown_unit_in_text",
    "check/plain_argument",
    "check/takes_request",
    "csrf_exempt/no_reason",
    "derive_role/unknown_role",
    "options/semicolon",
    "protected/via_jwt",
    "rate_limit/foreign_unit",
    "require_role/byte_string",
    "require_scope/two_in_one",
    "router/check_without_its_state",
    "shape/not_async",
    "stacking/renamed",
];

#[test]
fn messages_are_equal_in_every_edition() {
    let messages = messages();
    let of = |case: &str, edition: &str| messages.get(&name(case, edition)).cloned().unwrap_or_default();
    for case in CASES {
        let expected = of(case, EDITIONS[0]);
        assert!(expected.contains("AUTH"), "{case} in {}:\n{expected}", EDITIONS[0]);
        for edition in &EDITIONS[1..] {
            assert_eq!(of(case, edition), expected, "{case} in {edition}");
        }
    }
}

/// Returns what the compiler says about each program.
fn messages() -> BTreeMap<String, String> {
    let arguments = ["check", "--workspace", "--bins", "--keep-going", "--message-format=json"];
    let output = cargo(&written(), &arguments);
    let mut messages = BTreeMap::<String, String>::new();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let lines = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    for line in lines.filter(|line| line["reason"] == "compiler-message") {
        let (name, text) = (&line["target"]["name"], &line["message"]["rendered"]);
        let of_program = messages.entry(name.as_str().unwrap_or_default().to_owned()).or_default();
        // The compiler writes long types to a file with a name that differs from build to build.
        let lines = text.as_str().unwrap_or_default().lines().filter(|line| !line.contains(".long-type-"));
        lines.for_each(|line| of_program.extend([line, "\n"]));
    }
    assert!(!messages.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    messages
}

/// Writes one package for each edition, with all cases as programs, and returns their folder.
fn written() -> PathBuf {
    let folder = target().join("editions");
    for edition in EDITIONS {
        let cases = CASES.map(|case| {
            let path = root().join("tests/ui/fail").join(case).with_extension("rs");
            format!("[[bin]]\nname = {:?}\npath = {path:?}\n\n", name(case, edition))
        });
        let manifest = format!(
            "[package]\nname = \"edition-{edition}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\npublish = false\n\n\
             [dependencies]\nauth-runtime.workspace = true\naxum.workspace = true\n\n{}",
            cases.concat()
        );
        put(&folder.join(format!("edition-{edition}/Cargo.toml")), &manifest);
    }
    let runtime = root().join("auth-runtime");
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {:?}\n\n[workspace.dependencies]\n\
         auth-runtime = {{ path = {runtime:?}, features = [\"testing\"] }}\n\
         axum = {{ version = \"0.8\", default-features = false, features = [\"json\", \"macros\"] }}\n",
        EDITIONS.map(|edition| format!("edition-{edition}"))
    );
    put(&folder.join("Cargo.toml"), &workspace);
    put(&folder.join("Cargo.lock"), &read(&root().join("Cargo.lock")));
    folder
}

fn name(case: &str, edition: &str) -> String {
    format!("{}-{edition}", case.replace('/', "-"))
}
