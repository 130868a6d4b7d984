//! Code that compiles, and code that does not, with the messages that users see. `TRYBUILD=overwrite` rewrites the
//! messages for the reviewer to read.

use std::{fs, path::Path};

use auth_tests::error_pages;

#[test]
fn cases() {
    let remedies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("remedies.rs");
    fs::write(&remedies, remedies_of_pages()).unwrap();
    let cases = trybuild::TestCases::new();
    cases.pass(remedies);
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*/*.rs");
}

/// Returns the corrected code of every page in `docs/errors`, each in its own function.
fn remedies_of_pages() -> String {
    let functions = error_pages().into_iter().map(|page| {
        let remedy = page.remedy().unwrap_or_else(|| panic!("{} shows no remedy", page.code));
        format!("fn {}() {{\n{remedy}\n}}\n", page.code.to_lowercase())
    });
    format!("#![allow(dead_code, unused_variables)]\n\nfn main() {{}}\n\n{}", functions.collect::<Vec<_>>().join("\n"))
}
