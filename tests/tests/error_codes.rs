//! Every code of a compile error has a correct page, and a pinned case with its message.

use std::collections::BTreeSet;

use auth_tests::{error_pages, files, read, root};

#[test]
fn every_code_has_a_page_and_an_entry_in_the_index() {
    let pages: BTreeSet<String> = error_pages().into_iter().map(|page| page.code).collect();
    assert_eq!(pages, codes(), "pages in docs/errors (left) and codes in the sources (right)");
    let index = read(&root().join("docs/errors/README.md"));
    for code in pages {
        assert!(index.contains(&format!("[{code}]({code}.md)")), "docs/errors/README.md does not list {code}");
    }
}

#[test]
fn every_code_has_a_case() {
    let shown: BTreeSet<String> = cases().iter().flat_map(|case| codes_in(&case.message)).collect();
    let missing: Vec<_> = codes().difference(&shown).cloned().collect();
    assert!(missing.is_empty(), "no case in ui/fail shows {missing:?}");
}

#[test]
fn a_page_shows_a_case_and_its_message() {
    let cases = cases();
    for page in error_pages() {
        let code = &page.code;
        let mistake = page.mistake().unwrap_or_else(|| panic!("{code}.md shows no mistake"));
        let message = page.message().unwrap_or_else(|| panic!("{code}.md shows no message"));
        assert!(message.contains(&format!("[{code}]")), "{code}.md shows the message of another code");
        let is_current = cases.iter().any(|case| {
            case.source.contains(&mistake) && message.lines().all(|line| case.message.contains(line.trim()))
        });
        assert!(is_current, "no case in ui/fail has the mistake and the message of {code}.md");
    }
}

#[test]
fn a_page_has_its_parts_in_order() {
    for page in error_pages() {
        let code = &page.code;
        let parts = [&format!("# {code}: "), "\n```rust,compile_fail\n", "\n```text\n", "\n## Why\n", "\n## Instead\n"];
        let places: Vec<_> = parts.iter().map(|part| page.text.find(*part)).collect();
        assert!(places[0] == Some(0) && places.is_sorted() && !places.contains(&None), "{code}.md: {places:?}");
        assert!(page.remedy().is_some(), "{code}.md shows no remedy");
    }
}

#[test]
fn a_message_keeps_to_three_lines_and_quotes_no_sources_of_others() {
    for case in cases() {
        let (path, message) = (&case.path, &case.message);
        assert!(!message.contains("/rustc/") && !message.contains("$RUST") && !message.contains("$CARGO"), "{path}");
        for one in message.split("\n\n").filter(|one| one.contains("[AUTH")) {
            let lines = one.lines().take_while(|line| !line.trim_start().starts_with("-->"));
            assert!(lines.count() <= 3, "{path} takes more than three lines:\n{one}");
        }
    }
}

/// The messages that no case can show: the tests' axum has the feature `macros`.
const WITHOUT_FEATURE: [&str; 3] = [
    "no debug_handler in the root",
    "could not find debug_handler in axum",
    "cannot find derive macro FromRef in this scope",
];

/// In the index, `…` stands for words between the others.
#[test]
fn messages_without_a_code_are_those_of_cases() {
    let index = read(&root().join("docs/errors/README.md"));
    let (_, section) = index.split_once("## Messages of the compiler").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).skip(1);
    let messages: Vec<String> = cases().iter().map(|case| case.message.replace(['`', '\n'], "")).collect();
    let shows = |shown: &String, message: &str| {
        let mut rest = shown.as_str();
        message.split('…').all(|words| rest.split_once(words.trim()).map(|(_, after)| rest = after).is_some())
    };
    for message in rows.flat_map(|cell| cell.split('`').skip(1).step_by(2).collect::<Vec<_>>()) {
        let is_code = message.contains("..") || message.starts_with("#[");
        let is_shown =
            is_code || WITHOUT_FEATURE.contains(&message) || messages.iter().any(|shown| shows(shown, message));
        assert!(is_shown, "no case shows `{message}`");
    }
}

/// A pinned message and the source it is about.
struct Case {
    path: String,
    source: String,
    message: String,
}

fn cases() -> Vec<Case> {
    let pinned = files(&root().join("tests/ui/fail"), "stderr").into_iter().map(|path| Case {
        source: read(&path.with_extension("rs")),
        message: read(&path),
        path: path.display().to_string(),
    });
    pinned.collect()
}

/// Returns the codes that the macros and the runtime's bounds can show.
fn codes() -> BTreeSet<String> {
    let listed = read(&root().join("auth-macros/src/diag/code.rs"));
    let number = |line: &str| line.trim().strip_suffix(',')?.rsplit_once(" = ")?.1.parse::<u16>().ok();
    let of_macros = listed.lines().filter_map(number).map(|number| format!("AUTH{number:03}"));
    let of_runtime = files(&root().join("auth-runtime/src"), "rs").into_iter().flat_map(|path| codes_in(&read(&path)));
    of_macros.chain(of_runtime).collect()
}

/// Returns the codes that a text shows as messages do: `[AUTH061]`.
fn codes_in(text: &str) -> Vec<String> {
    let ends = text.match_indices("[AUTH").filter_map(|(at, _)| text.get(at + 1..at + 9)?.strip_suffix(']'));
    ends.map(str::to_owned).collect()
}
