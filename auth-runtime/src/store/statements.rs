//! The SQL of this release and of earlier ones. While a release takes over from the one before it, processes of both
//! run on the new schema. So each schema must serve the statements of earlier releases.
//!
//! `statements/` has one file for each database and version of its schema, with one statement a line. A file only
//! grows: its statements are those of all releases that know this version. `STATEMENTS=overwrite` adds the missing
//! ones.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

const BEGINNINGS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// Returns the statements of earlier releases, which know this version of the schema.
pub(super) fn of_version(database: &str, version: i64) -> Vec<String> {
    let file = file(database, version);
    let lines = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    lines.lines().map(str::to_owned).collect()
}

/// Fails unless the file of this version has all statements of the source files in these folders.
pub(super) fn are_kept(database: &str, version: i64, folders: &[&str]) {
    let written: BTreeSet<_> = folders.iter().flat_map(|folder| written_in(folder)).collect();
    assert!(written.len() > 20, "{written:?}");
    let file = file(database, version);
    let kept: BTreeSet<_> = fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect();
    if env::var("STATEMENTS").as_deref() == Ok("overwrite") {
        let all: Vec<_> = kept.union(&written).map(String::as_str).collect();
        fs::write(&file, all.join("\n") + "\n").unwrap();
        return;
    }
    let missing: Vec<_> = written.difference(&kept).collect();
    assert!(missing.is_empty(), "{} lacks statements (STATEMENTS=overwrite adds them): {missing:#?}", file.display());
}

fn file(database: &str, version: i64) -> PathBuf {
    source("store/statements").join(format!("{database}_{version}.sql"))
}

fn source(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder)
}

/// Returns the string literals that are statements, each on one line. The folders of tests are left out.
fn written_in(folder: &str) -> Vec<String> {
    let mut statements = Vec::new();
    for entry in fs::read_dir(source(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        // Every second part stands between quotation marks: no literal of these files has one inside.
        let code = code.join(" ");
        let literals = code.split('"').skip(1).step_by(2);
        let literals = literals.map(|literal| literal.split_whitespace().collect::<Vec<_>>().join(" "));
        statements.extend(literals.filter(|one| BEGINNINGS.iter().any(|beginning| one.starts_with(beginning))));
    }
    statements
}
