//! Compares the outputs that documents show with real ones.

use serde_json::Value;

use super::Answer;

/// Stands for text that a document leaves out: in a line of its own for any number of lines, otherwise for a part of a
/// line.
const LEFT_OUT: &str = "…";

/// Returns whether the program printed the shown lines.
pub(super) fn same_lines(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == LEFT_OUT => (0..=printed.len()).any(|taken| same_lines(rest, &printed[taken..])),
        Some((line, rest)) => printed.first().is_some_and(|first| fits(line, first)) && same_lines(rest, &printed[1..]),
    }
}

fn fits(shown: &str, printed: &str) -> bool {
    let Some((start, end)) = shown.split_once(LEFT_OUT) else { return shown == printed };
    let ends = |rest: &str| (0..=rest.len()).any(|at| rest.is_char_boundary(at) && fits(end, &rest[at..]));
    printed.strip_prefix(start).is_some_and(ends)
}

/// Splits a text into lines without space at their ends.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.trim().lines().map(|line| line.trim_end().to_owned()).collect()
}

pub(super) fn compare(place: &str, output: &str, answer: &Answer) {
    let body = if place.contains("curl -i ") { compare_head(place, output, answer) } else { output };
    if body.trim() == LEFT_OUT {
        return;
    }
    let parse = serde_json::from_str::<Value>;
    match (parse(body.trim()), parse(&answer.body)) {
        // A problem document never changes, apart from its request's identifier. Of other answers, only names and kinds
        // of members are compared.
        (Ok(shown), Ok(real)) if answer.header("content-type") == "application/problem+json" => {
            assert_eq!(without_id(real), without_id(shown), "{place}");
        }
        (Ok(shown), Ok(real)) => assert_eq!(shape(&real), shape(&shown), "{place}"),
        _ => assert!(same_lines(&lines(body), &lines(&answer.body)), "{place}: {body} in the document, {answer:?}"),
    }
}

/// Compares the status and the header fields, and returns the rest of the output.
fn compare_head<'a>(place: &str, output: &'a str, answer: &Answer) -> &'a str {
    let (head, body) = output.split_once("\n\n").unwrap_or((output, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    assert!(
        status.starts_with(&format!("HTTP/1.1 {} ", answer.status)),
        "{place}: {status} in the document, {answer:?}"
    );
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let real = answer.headers.get(name).unwrap_or_else(|| panic!("{place}: no `{name}` in {answer:?}"));
        assert!(DIFFERS.contains(&name) || real == value, "{place}: {name}: {value} in the document, {real:?} now");
    }
    body
}

const DIFFERS: [&str; 6] = ["date", "content-length", "retry-after", "ratelimit", "set-cookie", "x-request-id"];

/// Replaces the request's identifier by its kind.
fn without_id(mut document: Value) -> Value {
    if let Some(id) = document.get_mut("request_id") {
        *id = shape(id);
    }
    document
}

/// Replaces the texts and numbers of a value by their kinds.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => "a text".into(),
        Value::Number(_) => "a number".into(),
        other => other.clone(),
    }
}

#[test]
fn lines_may_be_left_out_where_the_document_says_so() {
    let lines = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let same = |shown, printed| same_lines(&lines(shown), &lines(printed));
    assert!(same("a b", "a b") && same("…", "") && same("a … d", "a b c d") && same("… b …", "a b"));
    assert!(same("a…d", "abcd") && same("a…", "a") && !same("a…c", "abcd"));
    assert!(!same("a", "a b") && !same("a b", "a") && !same("a … c", "a b") && !same("", "a"));
}
