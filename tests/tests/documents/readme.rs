//! The README shows a program, a compile error and a matrix. They are those of the example, the compiler and the
//! quickstart.

use auth_tests::{markdown::blocks, program::Running, read, root};

fn readme() -> String {
    read(&root().join("README.md"))
}

#[test]
fn the_program_is_the_example() {
    let readme = readme();
    let program = blocks(&readme).into_iter().find(|block| block.text.contains("fn main()")).unwrap();
    assert_eq!(program.text.trim(), read(&root().join("examples/minimal/src/main.rs")).trim());
}

#[test]
fn the_compile_error_is_what_the_compiler_prints() {
    let pinned = read(&root().join("tests/ui/fail/router/undeclared.stderr"));
    let readme = readme();
    let shown = blocks(&readme).into_iter().find(|block| block.text.starts_with("error[")).unwrap();
    let mut rest = pinned.lines();
    for line in shown.text.lines() {
        assert!(rest.any(|printed| printed == line), "the compiler does not print this, or not in this order: {line}");
    }
}

#[test]
fn the_matrix_is_the_quickstarts() {
    let server = Running::start("quickstart", &[]);
    let readme = readme();
    let rows = readme.lines().skip_while(|line| !line.starts_with("| METHOD |"));
    let rows: Vec<Vec<_>> = rows.take_while(|line| line.starts_with('|')).map(cells).collect();
    assert_eq!(rows.len(), 2 + 5, "a matrix of five rows");
    let printed: Vec<_> = server.greeting().lines().map(columns).collect();
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| *at != 1) {
        let is_printed = printed.iter().any(|cells| {
            let mut cells = cells.iter();
            row.iter().filter(|cell| !cell.is_empty()).all(|cell| cells.any(|printed| printed == cell))
        });
        assert!(is_printed, "row {at}, {row:?}, is not in\n{}", server.greeting());
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// Splits a line of the matrix: two spaces or more part its columns.
fn columns(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}
