//! The parser of `.env` files. Values are taken as written: nothing is substituted.

use core::fmt;
use std::collections::HashMap;

/// The values that a file sets, and the lines that cannot be read.
#[derive(Default, PartialEq, Eq)]
pub(super) struct DotEnv {
    pub(super) values: HashMap<String, String>,
    pub(super) faults: Vec<LineFault>,
}

/// Shows the names only, since the values may be secrets.
impl fmt::Debug for DotEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DotEnv").field("names", &self.values.keys()).field("faults", &self.faults).finish()
    }
}

/// A line that cannot be read. It contains no text of the line, which may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineFault {
    line: usize,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    NotUtf8,
    NotAnAssignment,
    Reference,
    Escape,
    Unclosed,
    AfterQuote,
    Twice { first: usize },
}

#[cfg(all(any(test, auth_fuzzing), feature = "remote", feature = "upload", feature = "validation", feature = "web"))]
/// Returns the values of a file, and the texts of its faults, for the fuzzer.
pub(crate) fn read_dotenv(bytes: &[u8]) -> (HashMap<String, String>, Vec<String>) {
    let DotEnv { values, faults } = parse(bytes);
    (values, faults.iter().map(LineFault::to_string).collect())
}

/// Reads a whole file.
///
/// Each line is blank, a comment that begins with `#`, or `NAME=value`, with or without `export` before it:
///
/// - Without quotes, the value ends at the line's end or before ` #`. It may contain spaces and begin with anything
///   except a quote.
/// - In single quotes, everything is the value, line ends included.
/// - In double quotes, everything is the value, except the escapes `\n`, `\r`, `\t`, `\"`, `\\` and `\$`.
/// - A value that begins with `[`, for example a JSON list, is everything up to the line's end.
///
/// `${NAME}` outside single quotes is refused, since other tools substitute another text for it. Any other `$` is a
/// `$`.
pub(super) fn parse(bytes: &[u8]) -> DotEnv {
    let mut found = DotEnv::default();
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let line = line_after(1, bytes.get(..error.valid_up_to()).unwrap_or_default());
            found.faults.push(LineFault { line, what: What::NotUtf8 });
            return found;
        }
    };
    let mut set_in = HashMap::new();
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let (entry, after) = entry(rest);
        let what = match entry {
            Ok(None) => None,
            Ok(Some((name, value))) => match set_in.insert(name, line) {
                None => {
                    found.values.insert(name.to_owned(), value);
                    None
                }
                Some(first) => Some(What::Twice { first }),
            },
            Err(what) => Some(what),
        };
        found.faults.extend(what.map(|what| LineFault { line, what }));
        let taken = rest.len().saturating_sub(after.len());
        line = line_after(line, rest.as_bytes().get(..taken).unwrap_or_default());
        rest = after;
    }
    found
}

/// Returns the number of the line after `text`, which begins in `line`.
fn line_after(line: usize, text: &[u8]) -> usize {
    line.saturating_add(text.iter().filter(|byte| **byte == b'\n').count())
}

/// The value or the reason why it cannot be read, and the text after it.
type Read<'a, T> = (Result<T, What>, &'a str);

/// Reads the next line, or several lines if a quoted value has several.
fn entry(text: &str) -> Read<'_, Option<(&str, String)>> {
    let (line, next) = first_line(text);
    let line = line.trim_matches(BLANK);
    if line.is_empty() || line.starts_with('#') {
        return (Ok(None), next);
    }
    let Some(name) = line.split_once('=').and_then(|(name, _)| name_of(name)) else {
        return (Err(What::NotAnAssignment), next);
    };
    let (_, behind) = text.split_once('=').unwrap_or_default();
    let (value, rest) = value(behind);
    (value.map(|value| Some((name, value))), rest)
}

fn name_of(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(BLANK);
    let exported = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let name = exported.map_or(text, |rest| rest.trim_start_matches(BLANK));
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_name =
        name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit() || ".-".contains(c));
    is_name.then_some(name)
}

/// Reads the value after `=`.
fn value(text: &str) -> Read<'_, String> {
    let begin = text.trim_start_matches([' ', '\t']);
    if let Some(quoted) = begin.strip_prefix('\'') {
        let Some((value, rest)) = quoted.split_once('\'') else { return (Err(What::Unclosed), "") };
        return after_quote(Ok(value.to_owned()), rest);
    }
    if let Some(quoted) = begin.strip_prefix('"') {
        return match double_quoted(quoted) {
            (value, Some(rest)) => after_quote(value, rest),
            (_, None) => (Err(What::Unclosed), ""),
        };
    }
    let (line, rest) = first_line(text);
    let value = if begin.starts_with('[') { line } else { without_comment(line) };
    let value = value.trim_matches(BLANK);
    let value = if has_reference(value) { Err(What::Reference) } else { Ok(value.to_owned()) };
    (value, rest)
}

/// Returns the value up to the closing quote, and the text after the quote, or `None` when the quote is never closed. A
/// fault in the value does not end it, so that the following lines are read as they are meant.
fn double_quoted(text: &str) -> (Result<String, What>, Option<&str>) {
    let (mut value, mut fault) = (String::new(), None);
    let mut chars = text.chars();
    loop {
        let here = chars.as_str();
        let c = match chars.next() {
            None => return (Err(What::Unclosed), None),
            Some('"') => return (fault.map_or(Ok(value), Err), Some(chars.as_str())),
            Some('\\') => escaped(chars.next()).unwrap_or_else(|what| {
                fault.get_or_insert(what);
                '\\'
            }),
            Some(c) => {
                if begins_reference(here) {
                    fault.get_or_insert(What::Reference);
                }
                c
            }
        };
        value.push(c);
    }
}

fn escaped(c: Option<char>) -> Result<char, What> {
    match c {
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some(itself @ ('"' | '\\' | '$')) => Ok(itself),
        _ => Err(What::Escape),
    }
}

/// Checks that only a comment follows a closing quote.
fn after_quote(value: Result<String, What>, text: &str) -> Read<'_, String> {
    let (line, rest) = first_line(text);
    let is_clean = without_comment(line).trim_matches(BLANK).is_empty();
    (value.and_then(|value| if is_clean { Ok(value) } else { Err(What::AfterQuote) }), rest)
}

/// Returns the line up to a `#` after a space or a tab.
fn without_comment(line: &str) -> &str {
    let comment = [" #", "\t#"].into_iter().filter_map(|begin| line.find(begin)).min();
    comment.and_then(|at| line.get(..at)).unwrap_or(line)
}

fn has_reference(value: &str) -> bool {
    value.match_indices('$').any(|(at, _)| value.get(at..).is_some_and(begins_reference))
}

/// Returns whether the text begins with `${NAME}`, or one of its forms with an operator.
fn begins_reference(text: &str) -> bool {
    text.strip_prefix("${").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// Characters that are removed from both ends of a value; the last one ends lines on Windows.
const BLANK: [char; 3] = [' ', '\t', '\r'];

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} ", self.line)?;
        match self.what {
            What::NotUtf8 => f.write_str("is not UTF-8; save the file as UTF-8"),
            What::NotAnAssignment => f.write_str("is not `NAME=value`"),
            What::Reference => f.write_str(
                "has `${NAME}`, which other tools replace; put the value in single quotes to have it as it is written",
            ),
            What::Escape => f.write_str(
                r#"has an unknown escape; double quotes know `\n`, `\r`, `\t`, `\"`, `\\` and `\$`, single quotes none"#,
            ),
            What::Unclosed => f.write_str("opens a quote that no later line closes"),
            What::AfterQuote => {
                f.write_str("has text after the closing quote; put the whole value in one pair of quotes")
            }
            What::Twice { first } => write!(f, "sets the name of line {first} again; keep one of the two"),
        }
    }
}

#[cfg(test)]
mod tests;
