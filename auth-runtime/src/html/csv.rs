use std::borrow::Cow;

use crate::names::is_misleading;

/// Characters with which spreadsheets begin a formula, with their full-width forms.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Returns a text as a cell of CSV that a spreadsheet shows, and never computes.
///
/// A text that begins like a formula gets `'` before it, also where white space or invisible characters come first.
/// Plain numbers such as `-12.5` are exceptions. A text with `"`, with a separator (`,`, `;`, a tab) or with a line end
/// is quoted, as RFC 4180 says. A file that programs read back has the `'`, too.
///
/// ```
/// use auth_runtime::html::csv_cell;
///
/// let row = ["Alice", "-12.5", "=HYPERLINK(\"https://evil.example\")"].map(csv_cell).join(",");
/// assert_eq!(row, r#"Alice,-12.5,"'=HYPERLINK(""https://evil.example"")""#);
/// ```
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let shown = text.trim_start_matches(is_passed_over);
    let begins_formula = [text, shown].iter().any(|text| text.starts_with(BEGINNINGS)) && !is_number(text);
    let needs_quotes = text.contains(['"', ',', ';', '\t', '\r', '\n']);
    if !begins_formula && !needs_quotes {
        return Cow::Borrowed(text);
    }
    let shown = if begins_formula { format!("'{text}") } else { text.to_owned() };
    Cow::Owned(if needs_quotes { format!("\"{}\"", shown.replace('"', "\"\"")) } else { shown })
}

/// Returns whether programs may drop the character at the beginning of a cell.
fn is_passed_over(char: char) -> bool {
    char.is_whitespace() || is_misleading(char) || matches!(char, '\u{200c}' | '\u{200d}')
}

/// Returns whether the text is a sign, digits, and perhaps a fraction.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for text in [
            "=1+1",
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1+1",
            "\r=1+1",
            "\n=1+1",
            " =1+1",
            "＝1+1",
            "\u{a0}=1+1",
            "\u{3000}=1+1",
            "\u{feff}=1+1",
            "\u{200b} =1+1",
            "\u{202e}@SUM(A1)",
            "\0=1+1",
            "\u{b}=1+1",
            "-2+3+cmd|' /C calc'!A0",
            "=\"a\",\"=b\"",
            "--1",
            "+",
        ] {
            let cell = csv_cell(text);
            assert!(cell.trim_start_matches('"').starts_with('\''), "{text:?}: {cell}");
        }
    }

    #[test]
    fn other_cells_are_as_they_were() {
        for text in ["", "Alice", "12", "-12.5", "+49", "a=b", "O'Brien"] {
            assert_eq!(csv_cell(text), text);
        }
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("a;b"), "\"a;b\"");
        assert_eq!(csv_cell("say \"a\"\r\n"), "\"say \"\"a\"\"\r\n\"");
    }
}
