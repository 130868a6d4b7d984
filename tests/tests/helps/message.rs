use std::ops::Range;

/// One error with a code of this crate, as the compiler printed it.
pub struct Told {
    /// The code, for example `AUTH061`.
    pub code: String,
    /// The texts after `help: `. Without one, the notes say what to do: those of a trait that is not implemented, or
    /// the list of the known words in this place.
    pub helps: Vec<String>,
    /// The marked bytes of the source.
    pub mark: Result<Range<usize>, String>,
}

/// Returns the errors that have a code of this crate.
///
/// # Errors
/// Returns the reason why the message cannot be read.
pub fn told(message: &str, source: &str) -> Result<Vec<Told>, String> {
    let errors = message.split("\n\n").filter(|error| error.starts_with("error"));
    errors.filter_map(|error| one(error, source)).collect()
}

fn one(error: &str, source: &str) -> Option<Result<Told, String>> {
    let (head, places) = error.split_once("--> ")?;
    let (_, code) = head.split_once("[AUTH")?;
    let code = format!("AUTH{}", code.split_once(']')?.0);
    let ours = |lead| head.lines().filter_map(move |line| line.trim().strip_prefix(lead)).map(str::to_owned).collect();
    let sources: [Vec<String>; 3] = [ours("help: "), notes_of_trait(places), ours("note: ")];
    let helps = sources.into_iter().find(|helps| !helps.is_empty()).unwrap_or_default();
    Some(Ok(Told { code, helps, mark: mark(places, source) }))
}

/// Returns the notes that a trait has for types that do not implement it, without those of the compiler.
fn notes_of_trait(places: &str) -> Vec<String> {
    const OF_COMPILER: [&str; 3] = ["required for ", "this error originates ", "the full name for "];
    let notes = places.lines().filter_map(|line| line.trim().strip_prefix("= note: "));
    notes.filter(|note| !OF_COMPILER.iter().any(|start| note.starts_with(start))).map(str::to_owned).collect()
}

/// Returns the marked bytes: from the line and column behind the arrow to the last `^`.
fn mark(places: &str, source: &str) -> Result<Range<usize>, String> {
    let mut lines = places.lines();
    let place = lines.next().unwrap_or_default();
    if !place.starts_with("ui/fail/") {
        return Err(format!("the mark is outside of the case, in {place}"));
    }
    let mut numbers = place.rsplit(':').map(str::parse::<usize>);
    let (Some(Ok(column)), Some(Ok(line))) = (numbers.next(), numbers.next()) else {
        return Err(format!("no line and column in {place}"));
    };
    let picture = Picture::read(lines, source);
    let (last_line, last_column) = picture.end(line, column).ok_or("no `^` at the line and column behind the arrow")?;
    let start = offset(source, line, column)?;
    let end = offset(source, last_line, last_column)?;
    Ok(start..end + source[end..].chars().next().map_or(0, char::len_utf8))
}

/// Returns the byte of a line and a column, which count from 1.
fn offset(source: &str, line: usize, column: usize) -> Result<usize, String> {
    let before: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let (within, _) = source[before..].char_indices().nth(column - 1).ok_or("a column behind the end")?;
    Ok(before + within)
}

/// The lines of the source that the compiler prints, with its marks below them.
struct Picture {
    marks: Vec<Marks>,
}

/// A row of marks.
struct Marks {
    /// The number of the line above, as in the source.
    line: usize,
    /// By how many columns the compiler printed that line further to the right.
    shift: usize,
    row: Vec<char>,
}

impl Picture {
    fn read<'a>(lines: impl Iterator<Item = &'a str>, source: &str) -> Self {
        let mut marks = Vec::new();
        let (mut line, mut shift) = (0, 0);
        for printed in lines.take_while(|line| !line.trim_start().starts_with(['=', 'n', 'h'])) {
            let Some((gutter, row)) = printed.split_once('|') else { continue };
            // One space is between the bar and the line.
            let row: Vec<char> = row.chars().skip(1).collect();
            match gutter.trim().parse() {
                Ok(number) => {
                    line = number;
                    let length = source.lines().nth(number - 1).map_or(0, |line| line.chars().count());
                    shift = row.len().saturating_sub(length);
                }
                Err(_) => marks.push(Marks { line, shift, row }),
            }
        }
        Self { marks }
    }

    /// Returns the line and column of the last marked character.
    fn end(&self, line: usize, column: usize) -> Option<(usize, usize)> {
        let is_marked = |marks: &Marks, column: usize| marks.row.get(column - 1 + marks.shift) == Some(&'^');
        let below = self.marks.iter().find(|marks| marks.line == line && is_marked(marks, column));
        // Marks over several lines end with `|___^`, and begin with `___^` unless they begin a line.
        match below.filter(|marks| !marks.row.contains(&'_')) {
            Some(marks) => {
                let last = (column..).take_while(|column| is_marked(marks, *column)).last()?;
                Some((line, last))
            }
            None => self.marks.iter().find_map(|marks| {
                let text: String = marks.row.iter().collect();
                let last = text.trim_start().strip_prefix('|')?.starts_with('_').then(|| text.find('^'))??;
                Some((marks.line, last + 1 - marks.shift))
            }),
        }
    }
}

#[test]
fn marks_of_one_line_and_of_several_are_read() {
    let source = "#[a(\n    b,\n    ccc\n)]\nfn f() {}\n";
    let picture = |text: &str| mark(text, source).map(|range| source[range].to_owned());
    let one = "ui/fail/x.rs:3:5\n  |\n3 |     ccc\n  |     ^^^ not this\n";
    assert_eq!(picture(one).as_deref(), Ok("ccc"));
    let whole = "ui/fail/x.rs:1:1\n  |\n1 | / #[a(\n2 | |     b,\n3 | |     ccc\n4 | | )]\n  | |__^\n";
    assert_eq!(picture(whole).as_deref(), Ok("#[a(\n    b,\n    ccc\n)]"));
    let inside = "ui/fail/x.rs:2:5\n  |\n2 |       b,\n  |  _____^\n3 | |     ccc\n  | |_______^\n";
    assert_eq!(picture(inside).as_deref(), Ok("b,\n    ccc"));
    assert!(picture("$WORKSPACE/auth-runtime/src/x.rs\n").is_err());
}
