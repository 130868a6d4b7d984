use time::{Date, Month};
use validator::ValidationError;

use super::text::hold;

/// Accepts a date of the calendar as ISO 8601 writes it: `2026-12-31`. The code is `date`.
///
/// # Errors
/// Returns an error for any other text.
pub fn date(text: &str) -> Result<(), ValidationError> {
    hold(is_date(text), "date")
}

/// Accepts a date from `first` to `last`, both included. The code is `date`, with the parameters `min` and `max`.
///
/// ```
/// use auth_runtime::validate::date_between;
/// use validator::ValidationError;
///
/// fn birthday(text: &str) -> Result<(), ValidationError> {
///     date_between(text, "1900-01-01", "2026-12-31")
/// }
///
/// assert!(birthday("1999-02-28").is_ok() && birthday("1999-02-29").is_err());
/// ```
///
/// # Errors
/// Returns an error for any other text. No date is between bounds that are no dates themselves.
pub fn date_between(text: &str, first: &str, last: &str) -> Result<(), ValidationError> {
    // In this form, dates have the order of their texts.
    if [text, first, last].into_iter().all(is_date) && first <= text && text <= last {
        return Ok(());
    }
    let mut error = ValidationError::new("date");
    error.add_param("min".into(), &first);
    error.add_param("max".into(), &last);
    Err(error)
}

fn is_date(text: &str) -> bool {
    read(text).is_some()
}

fn read(text: &str) -> Option<Date> {
    let is_written = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !is_written {
        return None;
    }
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["2024-02-29", "0001-01-01", "9999-12-31"] {
            assert!(date(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-1-1",
            "20240101",
            "+024-01-01",
            "2024-01-01T00:00Z",
            "２024-01-1",
        ] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn bounds_belong_to_the_range() {
        let between = |text| date_between(text, "2026-01-01", "2026-12-31").is_ok();
        assert!(between("2026-01-01") && between("2026-12-31"));
        assert!(!between("2025-12-31") && !between("2027-01-01") && !between("x"));
        assert!(date_between("2026-01-01", "2026", "2027").is_err());
    }
}
