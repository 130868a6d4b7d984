//! The tables for reviewers of security: each item is there once, and each answer is a test that there is, the
//! application's, or missing.

use auth_tests::{read, root};

/// The items of the checklist, in the order of the page.
const CHECKLIST: [&str; 16] = [
    "JWT with expiry",
    "password hashing",
    "HTTPS",
    "CORS",
    "validation",
    "SQL injection",
    "rate limits",
    "security headers",
    "secrets in the environment",
    "no internals in errors",
    "protected routes",
    "authorisation",
    "sessions",
    "CSRF",
    "XSS",
    "uploads",
];

const VULNERABILITIES: [&str; 10] = [
    "hard-coded secrets",
    "weak passwords",
    "brute force",
    "missing authentication",
    "stack traces",
    "SQL injection",
    "XSS",
    "insecure CORS",
    "expired tokens",
    "no HTTPS",
];

const BEYOND: [&str; 6] = [
    "a stranger who registers with the victim's address and waits",
    "a link to a stranger's host in a mail",
    "connections that stall the service",
    "requests that a proxy reads otherwise",
    "compressed bodies that become long",
    "floods of HTTP/2 pings",
];

/// The requirements of OWASP ASVS 5.0 that concern this crate.
const REQUIREMENTS: &str = include_str!("asvs_ids.txt");

#[test]
fn each_item_of_the_checklist_has_an_answer() {
    let page = read(&root().join("docs/security.md"));
    let (checklist, rest) = page.split_once("## Common vulnerabilities").unwrap();
    let (vulnerabilities, beyond) = rest.split_once("## Beyond the lists").unwrap();
    for (section, items) in [(checklist, &CHECKLIST[..]), (vulnerabilities, &VULNERABILITIES), (beyond, &BEYOND)] {
        let rows = rows(section, 3);
        assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), items);
        rows.iter().for_each(|row| assert_answered(row));
    }
}

#[test]
fn each_requirement_of_asvs_has_one_row_and_an_answer() {
    let page = read(&root().join("docs/asvs.md"));
    let rows = rows(&page, 5);
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), REQUIREMENTS.lines().collect::<Vec<_>>());
    for row in &rows {
        assert!(matches!(row[1], "1" | "2" | "3") && !row[2].is_empty(), "{row:?}");
        assert_answered(row);
    }
}

/// The guide's table of time-outs and retries has the numbers of the code.
#[test]
fn each_service_behind_the_crate_has_its_documented_time_outs() {
    let page = read(&root().join("auth-runtime/docs/guide/deployment.md"));
    let (_, section) = page.split_once("## Time-outs and retries\n").unwrap();
    let rows = rows(section, 4);
    for (file, code, service, number) in [
        (
            "store/sqlite/connect.rs",
            "max_connections: 8, busy_timeout: Duration::from_secs(5)",
            "SQLite",
            "8 connections",
        ),
        ("store/sqlite/connect.rs", "busy_timeout: Duration::from_secs(5) }", "SQLite", "5 s,"),
        ("limit/limiter.rs", "STORE_TIMEOUT: Duration = Duration::from_millis(50);", "a store of limits", "50 ms,"),
        ("account/retry.rs", "[Duration; 3] = [Duration::from_secs(1)", "the end of old sessions", "3, after"),
        ("auth/mail/outbox.rs", "MOST_AT_ONCE: usize = 128;", "mail", "128 messages"),
        ("auth/mail/outbox.rs", "PATIENCE: Duration = Duration::from_secs(30);", "mail", "30 s a message"),
        ("password/builder.rs", "QUEUE_PER_WORKER: u16 = 32;", "hashing of passwords", "a queue of 32 "),
    ] {
        assert!(read(&root().join("auth-runtime/src").join(file)).contains(code), "{file} has no `{code}`");
        let row = rows.iter().find(|row| row[0].starts_with(service)).unwrap_or_else(|| panic!("no row `{service}`"));
        assert!(row.iter().any(|cell| cell.contains(number)), "{row:?} has no `{number}`");
    }
}

/// Returns the cells of each row of the tables with this many columns, without their heads.
fn rows(page: &str, columns: usize) -> Vec<Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let rows: Vec<Vec<_>> = rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect();
    let is_data = |at: usize| {
        let is_rule = |row: &[&str]| row[0].starts_with("---");
        !is_rule(&rows[at]) && !rows.get(at + 1).is_some_and(|next| is_rule(next))
    };
    let data = (0..rows.len()).filter(|at| rows[*at].len() == columns && is_data(*at));
    data.map(|at| rows[at].clone()).collect()
}

/// Fails where the last cell names no answer, or a test that does not exist.
fn assert_answered(row: &[&str]) {
    let answers = row.last().unwrap().split([',', ';']).map(str::trim);
    for answer in answers {
        let Some(test) = answer.strip_prefix('`').and_then(|answer| answer.strip_suffix('`')) else {
            assert!(matches!(answer, "application" | "not yet"), "{}: `{answer}` is no answer", row[0]);
            continue;
        };
        assert!(exists(test), "{}: there is no test `{test}`", row[0]);
    }
}

/// A test is a function in a file, or a file of `tests/ui/fail`, which must not compile.
fn exists(test: &str) -> bool {
    let (path, name) = test.split_once("::").unwrap_or((test, ""));
    let file = root().join(path);
    if name.is_empty() {
        return path.starts_with("tests/ui/fail/") && file.with_extension("stderr").is_file();
    }
    file.is_file() && is_test(&read(&file), name)
}

/// Returns whether the code has a function of this name under an attribute of tests.
fn is_test(code: &str, name: &str) -> bool {
    let lines: Vec<_> = code.lines().map(str::trim).collect();
    let function = format!("fn {name}(");
    let place = lines.iter().position(|line| line.trim_start_matches("async ").starts_with(&function));
    place.is_some_and(|place| {
        let above = lines[..place].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let mut above = above.copied();
        above.any(|line| line == "#[test]" || line.starts_with("#[tokio::test"))
    })
}

#[test]
fn the_readers_of_tables_and_tests_read() {
    let page = "| a | b |\n|---|---|\n| 1 | 2 |\n| x | y | z |\n|---|---|---|\n| 3 | 4 | 5 |\n";
    assert_eq!(rows(page, 2), [["1", "2"]]);
    assert_eq!(rows(page, 3), [["3", "4", "5"]]);
    let code = "#[test]\nfn a() {}\n/// Why.\n#[tokio::test(x)]\n// Also why.\nasync fn b() {}\nfn c() {}\n    a();";
    assert_eq!(["a", "b", "c", "d"].map(|name| is_test(code, name)), [true, true, false, false]);
    assert!(exists("tests/tests/documents/security.rs::each_item_of_the_checklist_has_an_answer"));
    for none in ["tests/tests/documents/security.rs", "tests/tests/documents/security.rs::rows", "tests/none.rs::a"] {
        assert!(!exists(none), "{none}");
    }
}
