//! No SQL is put together from values. Each query is a constant, and its values are bound.
//!
//! sqlx takes only constant texts for queries (`SqlSafeStr`), and texts that `AssertSqlSafe` declares to be safe. This
//! test finds the ways around it: that wrapper, a query builder, a leaked text, and SQL in `format!` or behind `+`.

use std::{fs, path::Path};

use crate::{production_code, root, sources};

/// Statements that are put together, each with the reason why no value of a caller is in them.
const PUT_TOGETHER: [(&str, &str); 1] = [(
    "auth-runtime/src/store/postgres/connect.rs",
    "the beginning of a transaction: only a number of milliseconds varies, and PostgreSQL binds no value there",
)];

const WAYS_AROUND: [&str; 4] = ["AssertSqlSafe", "QueryBuilder", ".leak()", "Box::leak"];

/// The first words of statements, as they stand in a text.
const VERBS: [&str; 12] = [
    "SELECT ",
    "INSERT INTO",
    "UPDATE ",
    "DELETE FROM",
    "CREATE ",
    "ALTER ",
    "DROP ",
    "WITH ",
    "EXPLAIN ",
    "TRUNCATE ",
    "GRANT ",
    "MERGE ",
];

#[test]
fn queries_are_constants() {
    let mut faults = Vec::new();
    for file in ["auth-runtime/src", "examples"].iter().flat_map(|folder| sources(folder)) {
        let name = relative(&file);
        if PUT_TOGETHER.iter().any(|(listed, _)| *listed == name) {
            continue;
        }
        faults.extend(faults_of(&production_code(&file)).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "write a constant and bind its values:\n{}", faults.join("\n"));
}

/// Readers copy the code of the guide.
#[test]
fn queries_in_the_guide_are_constants() {
    let mut pages = vec![root().join("README.md")];
    for entry in fs::read_dir(root().join("auth-runtime/docs/guide")).unwrap() {
        pages.push(entry.unwrap().path());
    }
    let mut faults = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for (at, code) in text.split("```").enumerate().filter(|(at, _)| at % 2 == 1) {
            if code.starts_with("rust\n") {
                faults.extend(faults_of(code).into_iter().map(|fault| format!("{}, {at}: {fault}", page.display())));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_listed_file_needs_its_place() {
    for (file, reason) in PUT_TOGETHER {
        let code = production_code(&root().join(file));
        assert!(!faults_of(&code).is_empty(), "{file} puts no SQL together any more: {reason}");
    }
}

fn relative(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()
}

/// Returns the places where SQL is put together.
fn faults_of(code: &str) -> Vec<String> {
    let mut faults: Vec<_> =
        WAYS_AROUND.iter().filter(|way| code.contains(**way)).map(|way| format!("it uses `{way}`")).collect();
    for (at, _) in code.match_indices("format!(").chain(code.match_indices("format_args!(")) {
        let text = code[at..].split_once('(').unwrap().1.trim_start();
        if begins_with_sql(text) {
            faults.push(format!("`format!` makes SQL: {}", first_line(text)));
        }
    }
    for (at, _) in code.match_indices('"') {
        let text = &code[at..];
        if !begins_with_sql(text) {
            continue;
        }
        let after = text[1..].split_once('"').map(|(_, after)| after.trim_start()).unwrap_or_default();
        let is_lengthened =
            after.starts_with("+ ") || after.starts_with(".to_owned() +") || after.starts_with(".to_string() +");
        if is_lengthened || after.starts_with(".replace(") {
            faults.push(format!("SQL is put together: {}", first_line(text)));
        }
    }
    faults
}

/// Returns whether a literal with a statement begins here.
fn begins_with_sql(literal: &str) -> bool {
    let text = literal.trim_start_matches(['r', '#']);
    let Some(text) = text.strip_prefix('"') else { return false };
    let text = text.trim_start_matches(['\\', '\n', ' ']);
    VERBS.iter().any(|verb| text.starts_with(verb))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn each_way_to_put_sql_together_is_found() {
    for code in [
        "sqlx::query(AssertSqlSafe(text))",
        "let mut query = QueryBuilder::new(\"SELECT \");",
        "sqlx::query(format!(\"SELECT * FROM notes WHERE id = {id}\").leak())",
        "sqlx::query(Box::leak(text.into_boxed_str()))",
        "format!(\n    \"SELECT * FROM notes WHERE title = '{title}'\"\n)",
        "format!(r#\"DELETE FROM notes WHERE id = {id}\"#)",
        "\"SELECT * FROM notes WHERE id = \".to_owned() + id",
        "\"SELECT * FROM TABLE\".replace(\"TABLE\", table)",
    ] {
        assert!(!faults_of(code).is_empty(), "{code}");
    }
    for code in [
        "sqlx::query(\"SELECT * FROM notes WHERE id = $1\").bind(id)",
        "const FIND: &str = \"SELECT 1\";\nformat!(\"{FIND} is the query\")",
        "format!(\"SELECTED {count}\")",
    ] {
        assert_eq!(faults_of(code), [""; 0], "{code}");
    }
}
