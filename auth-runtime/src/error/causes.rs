use core::{error::Error, fmt};

use tracing::field::{DisplayValue, display};

use super::one_line::on_one_line;

/// Returns an error as the value of an event's field: its words and those of its causes. A field that is the error
/// itself has the causes in the text format alone. The JSON format drops them.
pub(crate) fn with_causes<'e>(error: &'e (dyn Error + 'static)) -> DisplayValue<WithCauses<'e>> {
    display(WithCauses(error))
}

/// An error and its causes, in words, on one line. A server may have chosen a part of them.
pub(crate) struct WithCauses<'e>(pub(super) &'e (dyn Error + 'static));

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = self.0.to_string();
        f.write_str(&on_one_line(&told))?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let words = error.to_string();
            // sqlx repeats a cause in its own words.
            if !told.contains(&words) {
                write!(f, ": {}", on_one_line(&words))?;
            }
            (told, cause) = (words, error.source());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::StoreError;

    #[test]
    fn what_a_server_says_begins_no_line_and_controls_no_terminal() {
        let error = StoreError::new("postgres", "no\nINFO a user signed in\u{1b}[2J");
        let told = WithCauses(&error).to_string();
        assert_eq!(told, "the store `postgres` failed: no\\nINFO a user signed in\\u{1b}[2J");
    }
}
