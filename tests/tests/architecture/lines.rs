//! Comments are as narrow as the code. rustfmt wraps code at 120 columns, and leaves comments and texts as they are.

use std::fs;

use crate::{root, sources};

/// The width of rustfmt's settings.
const COLUMNS: usize = 120;

#[test]
fn comments_are_at_most_120_columns_wide() {
    let settings = fs::read_to_string(root().join("rustfmt.toml")).unwrap();
    assert!(settings.contains(&format!("max_width = {COLUMNS}\n")), "{settings}");
    let mut faults = Vec::new();
    let files = ["auth-runtime", "auth-macros", "examples", "tests"].iter().flat_map(|folder| sources(folder));
    // Snapshots are pinned as the compiler prints them.
    for file in files.filter(|file| !file.components().any(|part| part.as_os_str() == "snapshots")) {
        for (at, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            if line.trim_start().starts_with("//") && line.chars().count() > COLUMNS {
                faults.push(format!("{}:{}", file.display(), at + 1));
            }
        }
    }
    assert!(faults.is_empty(), "wider than {COLUMNS} columns:\n{}", faults.join("\n"));
}
