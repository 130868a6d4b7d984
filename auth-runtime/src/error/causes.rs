use core::{error::Error, fmt};

use tracing::field::{DisplayValue, display};

/// Returns an error as the value of an event's field: its words and those of its causes. A field that is the error
/// itself has the causes in the text format alone. The JSON format drops them.
pub(crate) fn with_causes<'e>(error: &'e (dyn Error + 'static)) -> DisplayValue<WithCauses<'e>> {
    display(WithCauses(error))
}

/// An error and its causes, in words.
pub(crate) struct WithCauses<'e>(pub(super) &'e (dyn Error + 'static));

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = self.0.to_string();
        f.write_str(&told)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let words = error.to_string();
            // sqlx repeats a cause in its own words.
            if !told.contains(&words) {
                write!(f, ": {words}")?;
            }
            (told, cause) = (words, error.source());
        }
        Ok(())
    }
}
