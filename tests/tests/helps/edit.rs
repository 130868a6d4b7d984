use std::{collections::BTreeSet, ops::Range};

use super::help::Help;

/// Text that takes the place of bytes of the source. Edits are ordered by their place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// Returns what a help changes: nothing if it is advice.
pub fn of(help: Help<'_>, mark: Range<usize>, source: &str) -> Option<Edit> {
    let Range { start, end } = mark;
    match help {
        Help::Write(text) => Some(Edit { start, end, text: text.to_owned() }),
        Help::Add(attribute) if attribute.starts_with('#') => {
            let line = source[..start].rfind('\n').map_or(0, |at| at + 1);
            let indent: String = source[line..].chars().take_while(|c| *c == ' ').collect();
            Some(Edit { start: line, end: line, text: format!("{indent}{attribute}\n") })
        }
        Help::Add(option) => Some(Edit { start: end, end, text: format!(", {option}") }),
        Help::Remove => {
            let Range { start, end } = with_comma(start..end, source);
            Some(Edit { start, end, text: String::new() })
        }
        Help::Advice(_) => None,
    }
}

/// Takes in the comma after the range or else before it, and the whole line if nothing else is on it.
fn with_comma(mark: Range<usize>, source: &str) -> Range<usize> {
    let (before, after) = (&source[..mark.start], &source[mark.end..]);
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        return mark.start..source.len() - rest.trim_start_matches(' ').len();
    }
    if let Some(rest) = before.trim_end().strip_suffix(',') {
        return rest.len()..mark.end;
    }
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    match (before[line..].trim().is_empty(), after.strip_prefix('\n')) {
        (true, Some(rest)) => line..source.len() - rest.len(),
        _ => mark,
    }
}

/// Applies all edits.
///
/// # Errors
/// Returns an error if two edits change the same bytes.
pub fn apply(source: &str, edits: BTreeSet<Edit>) -> Result<String, String> {
    let (mut applied, mut done) = (String::new(), 0);
    for Edit { start, end, text } in edits {
        let between = source.get(done..start).ok_or("two helps change the same place: make it two cases")?;
        applied.push_str(between);
        applied.push_str(&text);
        done = end;
    }
    applied.push_str(&source[done..]);
    Ok(applied)
}

#[test]
fn a_help_is_typed_at_its_mark() {
    let source = "#[a(b, c)]\n    #[d]\nfn f() {}\n";
    let typed = |help, mark: &str| {
        let start = source.find(mark).unwrap();
        apply(source, of(help, start..start + mark.len(), source).into_iter().collect()).unwrap()
    };
    assert_eq!(typed(Help::Write("x"), "b"), "#[a(x, c)]\n    #[d]\nfn f() {}\n");
    assert_eq!(typed(Help::Add("x = 1"), "c"), "#[a(b, c, x = 1)]\n    #[d]\nfn f() {}\n");
    assert_eq!(typed(Help::Add("#[x]"), "#[d]"), "#[a(b, c)]\n    #[x]\n    #[d]\nfn f() {}\n");
    assert_eq!(typed(Help::Remove, "b"), "#[a(c)]\n    #[d]\nfn f() {}\n");
    assert_eq!(typed(Help::Remove, "c"), "#[a(b)]\n    #[d]\nfn f() {}\n");
    assert_eq!(typed(Help::Remove, "#[d]"), "#[a(b, c)]\nfn f() {}\n");
    assert_eq!(typed(Help::Advice("think"), "b"), source);
}
