/// The text is a JSON list, but not one of strings only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAList;

/// Splits a setting that lists texts: separated by commas, or as a JSON list of strings.
///
/// Spaces around the entries of the first form are not part of them. The second form takes every text as it is.
///
/// # Errors
/// When the text begins as a JSON list and is none of strings.
pub(crate) fn entries(text: &str) -> Result<Vec<String>, NotAList> {
    if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|_| NotAList)
    } else {
        Ok(text.split(',').map(|entry| entry.trim().to_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        assert_eq!(entries("a, b\t,c d\n").unwrap(), ["a", "b", "c d"]);
        assert_eq!(entries(r#" ["a", " b,c "] "#).unwrap(), ["a", " b,c "]);
        assert_eq!(entries("a,").unwrap(), ["a", ""]);
        assert_eq!(entries("").unwrap(), [""]);
        assert_eq!(entries("[]").unwrap(), [""; 0]);
        for neither in ["[", "[1]", "[null]", r#"["a""#, r#"["a"],b"#, r#"[["a"]]"#, "[a]"] {
            assert_eq!(entries(neither), Err(NotAList), "{neither}");
        }
    }
}
