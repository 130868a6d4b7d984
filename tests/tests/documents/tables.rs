//! The guide's tables of events and of problems are complete, and show only what the code has.

use std::{collections::BTreeSet, path::Path};

use auth_tests::{files, read, root};

/// Words of events that stand behind one of these texts in the code.
const BEFORE_WORDS: [&str; 19] = [
    "outcome = ",
    "reason = ",
    "Malformed(",
    "Invalid(",
    "BadCredential(",
    "CrossSite(",
    "refused(",
    "refused(&record, ",
    "bad_token(",
    "dead(",
    "over(caller, ",
    "tell(&context, account, ",
    "SEC_FETCH_SITE, ",
    "ORIGIN, ",
    "X_CSRF_TOKEN, ",
    "Err(",
    "IssueError::TooManyRoles => ",
    "IssueError::TooLong => ",
    "=> return Err(",
];

#[test]
fn every_outcome_and_reason_of_an_event_is_in_the_table() {
    let page = guide_page("events");
    let mut words = BTreeSet::new();
    for (file, code) in sources() {
        for before in BEFORE_WORDS {
            words.extend(literals_after(&code, before));
        }
        let is_end_reason = file.ends_with("store/ending.rs");
        for function in
            code.split("fn ").filter(|text| text.starts_with("reason(") || is_end_reason && text.starts_with("name("))
        {
            words.extend(literals_after(function.split("\n    }").next().unwrap(), "=> "));
        }
    }
    // Kinds of sessions have names, too.
    words.retain(|word| is_word(word) && !["bearer", "cookie"].contains(&word.as_str()));
    assert!(words.len() > 80, "the words of the events were not found: {words:?}");
    let missing: Vec<_> = words.iter().filter(|word| !page.contains(&format!("`{word}`"))).collect();
    assert!(missing.is_empty(), "events.md does not show {missing:?}");
}

#[test]
fn every_event_in_the_table_is_in_the_code() {
    let code: String = sources().into_iter().map(|(_, code)| code).collect();
    // Long literals continue on the next line.
    let code = code.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ");
    for row in guide_page("events").lines().filter(|line| line.starts_with('|')) {
        let words = row
            .split('`')
            .skip(1)
            .step_by(2)
            .map(|word| word.trim_start_matches("reason = ").trim_start_matches("outcome = ").trim_matches('"'));
        for word in words.filter(|word| is_word(word) || word.starts_with("auth_runtime::")) {
            assert!(code.contains(word), "events.md: the code has no `{word}`");
        }
        for message in row.split('“').skip(1).filter_map(|rest| rest.split('”').next()) {
            assert!(code.contains(message), "events.md: no event says “{message}”");
        }
    }
}

#[test]
fn every_problem_is_in_the_table_with_its_status_and_the_other_way_round() {
    let page = guide_page("problem-codes");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | `"));
    let shown: BTreeSet<(u16, String)> =
        rows.filter_map(|(status, rest)| Some((status.parse().ok()?, rest.split('`').next()?.to_owned()))).collect();
    let mut real = BTreeSet::new();
    for (_, code) in sources() {
        for (at, _) in code.match_indices("fixed!(") {
            real.extend(status_and_code(&code[at + "fixed!(".len()..], |status| status.parse().ok()));
        }
        for (at, _) in code.match_indices("StatusCode::") {
            real.extend(status_and_code(&code[at + "StatusCode::".len()..], number));
        }
        real.extend(literals_after(&code, "not_found(").into_iter().map(|code| (404, code)));
        // One function builds the conflicts of API keys, another the error of a `Path` with axum's own status.
        real.extend(literals_after(&code, "conflict(").into_iter().map(|code| (409, code)));
        real.extend(literals_after(&code, "Problem::new(rejection.status(), ").into_iter().map(|code| (500, code)));
    }
    assert_eq!(shown, real, "problem-codes.md (left) and the code (right)");
}

/// Reads `STATUS, "code"`.
fn status_and_code(text: &str, number: impl Fn(&str) -> Option<u16>) -> Option<(u16, String)> {
    let (status, rest) = text.split_once(',')?;
    let code = rest.trim_start().strip_prefix('"')?.split('"').next()?;
    // An OAuth error has words with underscores.
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_code.then_some((number(status)?, code.to_owned()))
}

/// Returns the number of a constant of `StatusCode`.
fn number(constant: &str) -> Option<u16> {
    (400..600).find(|number| {
        let status = axum::http::StatusCode::from_u16(*number).ok();
        let reason = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
        reason.to_uppercase().replace([' ', '-'], "_") == constant
    })
}

fn literals_after(code: &str, before: &str) -> Vec<String> {
    let quoted = code.split(before).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
    quoted.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn guide_page(name: &str) -> String {
    read(&root().join(format!("auth-runtime/docs/guide/{name}.md")))
}

/// Returns the runtime's files and their code, without tests, documentation and comments.
fn sources() -> Vec<(String, String)> {
    let root = root().join("auth-runtime/src");
    let is_test = |file: &Path| {
        file.components().any(|part| {
            ["tests", "tests.rs", "suite", "testing", "doubles.rs"].map(Some).contains(&part.as_os_str().to_str())
        })
    };
    let files = files(&root, "rs").into_iter().filter(|file| !is_test(file.strip_prefix(&root).unwrap()));
    let code = |file: &Path| {
        let text = read(file);
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap().split("#[cfg(all(test").next().unwrap();
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    files.map(|file| (file.display().to_string(), code(&file))).collect()
}
