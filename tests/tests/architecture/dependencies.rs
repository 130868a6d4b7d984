//! `docs/dependencies.md` lists what the runtime adds to a build, as cargo resolves it.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use auth_tests::{read, root};

/// The goal for the default features.
const MOST_BY_DEFAULT: usize = 50;

/// Both trees are of one platform, on every machine that runs the test.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Name and version. A build with two versions of a crate compiles it twice.
type Crate = (String, String);

#[test]
fn every_crate_that_the_runtime_adds_to_axum_has_its_reason() {
    let mut added = &crates(&root(), &["--package", "auth-runtime"]) - &of_axum();
    added.retain(|(name, _)| name != "auth-runtime");
    let names: BTreeSet<_> = added.iter().map(|(name, _)| name.clone()).collect();
    let listed: BTreeSet<_> = rows("## By default").map(|(name, _)| name).collect();
    assert_eq!(&names - &listed, BTreeSet::new(), "docs/dependencies.md gives no reason for these crates");
    assert_eq!(&listed - &names, BTreeSet::new(), "docs/dependencies.md lists crates that are not added");
    assert!(added.len() <= MOST_BY_DEFAULT, "{} crates", added.len());
    let sum = format!("**{} crates**", added.len());
    assert!(text("docs/dependencies.md").contains(&sum), "docs/dependencies.md does not say: {sum}");
}

#[test]
fn the_crates_that_each_feature_adds_are_counted() {
    let by_default = crates(&root(), &["--package", "auth-runtime"]);
    let manifest: toml::Table = text("auth-runtime/Cargo.toml").parse().unwrap();
    let features: BTreeSet<_> = manifest["features"].as_table().unwrap().keys().cloned().collect();
    let counted: BTreeSet<_> = rows("## By feature").map(|(name, _)| name).collect();
    let on = BTreeSet::from(["default", "macros", "memory"].map(str::to_owned));
    assert_eq!(counted, &features - &on, "the features of docs/dependencies.md");
    for (feature, written) in rows("## By feature") {
        let with = crates(&root(), &["--package", "auth-runtime", "--features", &feature]);
        assert_eq!((&with - &by_default).len().to_string(), written, "the crates that `{feature}` adds");
    }
}

/// Returns the crates of axum alone, with the features that the runtime turns on.
fn of_axum() -> BTreeSet<Crate> {
    let ours: toml::Table = text("auth-runtime/Cargo.toml").parse().unwrap();
    let features = ours["dependencies"]["axum"]["features"].as_array().unwrap();
    let features: Vec<_> = features.iter().map(|feature| feature.as_str().unwrap()).collect();
    let workspace: toml::Table = text("Cargo.toml").parse().unwrap();
    let version = workspace["workspace"]["dependencies"]["axum"]["version"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = format!(
        "[package]\nname = \"only-axum\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         axum = {{ version = {version:?}, default-features = false, features = {features:?} }}\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    // The same versions as here.
    fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    crates(folder.path(), &[])
}

/// Returns all crates that a build compiles.
fn crates(folder: &Path, arguments: &[&str]) -> BTreeSet<Crate> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--target", PLATFORM])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let lines = String::from_utf8(tree.stdout).unwrap();
    let owned = |word: Option<&str>| word.map(str::to_owned);
    let named = |line: &str| {
        let mut words = line.split_whitespace();
        owned(words.next()).zip(owned(words.next()))
    };
    lines.lines().filter_map(named).collect()
}

fn text(file: &str) -> String {
    read(&root().join(file))
}

/// Returns the first two cells of each row below a heading, without backticks. A first cell may name several crates.
fn rows(heading: &str) -> impl Iterator<Item = (String, String)> {
    let page = text("docs/dependencies.md");
    let below = page.split_once(heading).map(|(_, below)| below.to_owned()).unwrap_or_default();
    let section = below.split("\n## ").next().unwrap_or_default().to_owned();
    let rows: Vec<_> = section.lines().filter_map(|line| line.strip_prefix("| `").map(str::to_owned)).collect();
    rows.into_iter().flat_map(|row| {
        let mut cells = row.split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect::<Vec<_>>();
        let second = cells.swap_remove(1);
        cells.swap_remove(0).split(", ").map(|name| (name.to_owned(), second.clone())).collect::<Vec<_>>()
    })
}
