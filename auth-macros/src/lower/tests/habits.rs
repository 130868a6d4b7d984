use std::{fs, path::Path};

use super::under;
use crate::harness::problems;

/// Each row of `docs/errors/habits.md` tells what the macros answer: `| from | written | [code](page) | here |`.
#[test]
fn the_table_of_habits_tells_what_the_macros_answer() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors/habits.md");
    let page = fs::read_to_string(page).unwrap();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ")).skip(1).map(Row::read).collect();
    assert!(rows.len() >= 7, "the table was not found");
    let wrong: Vec<_> = rows.iter().filter_map(Row::difference).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

struct Row<'a> {
    written: String,
    code: &'a str,
    here: String,
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Self {
        let cells: Vec<_> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [_, written, code, here] = cells[..] else { panic!("not four cells: {line}") };
        // A bar inside of a cell is escaped.
        let unquoted = |cell: &str| cell.trim_matches('`').replace("\\|", "|");
        let code = code.trim_start_matches('[').split(']').next().unwrap();
        Self { written: unquoted(written), code, here: unquoted(here) }
    }

    /// Returns what the macros answer if it is not the row's code and line.
    fn difference(&self) -> Option<String> {
        let Self { written, code, here } = self;
        let texts = problems(under(written));
        let says = |text: &String| {
            let line = if here.starts_with("remove") { format!("help: {here}") } else { format!("`{here}`") };
            text.contains(&format!("[{code}]\nhelp: ")) && text.contains(&line)
        };
        (!matches!(texts.as_slice(), [text] if says(text))).then(|| format!("{written}\n    {}", texts.join("\n    ")))
    }
}
