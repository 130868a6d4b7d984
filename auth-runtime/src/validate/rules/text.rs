use validator::ValidationError;

use crate::names::{is_email_address, is_misleading, is_username};

/// Accepts 3 to 50 ASCII letters, digits or underscores, as the registration does. The code is `username`.
///
/// # Errors
/// Returns an error for any other text.
pub fn username(text: &str) -> Result<(), ValidationError> {
    hold(is_username(text), "username")
}

/// Accepts an e-mail address that mailers can use as it is: ASCII, with a domain of two labels or more, within the
/// lengths of RFC 5321. The code is `email`.
///
/// # Errors
/// Returns an error for any other text.
pub fn email(text: &str) -> Result<(), ValidationError> {
    hold(is_email_address(text), "email")
}

/// Accepts a phone number as E.164 writes it: `+`, the country code, and 7 to 15 digits altogether. The code is
/// `phone`.
///
/// # Errors
/// Returns an error for any other text.
pub fn phone(text: &str) -> Result<(), ValidationError> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    hold(is_number && !digits.starts_with('0'), "phone")
}

/// Accepts 1 to 100 lower-case ASCII letters and digits, with single hyphens between them. The code is `slug`.
///
/// # Errors
/// Returns an error for any other text.
pub fn slug(text: &str) -> Result<(), ValidationError> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    hold(text.len() <= 100 && text.split('-').all(is_word), "slug")
}

/// Accepts one line without control characters, characters that turn the direction of writing, and invisible ones. The
/// code is `plain_text`.
///
/// The joiners U+200C and U+200D may stand between two characters that are not ASCII, where several languages and
/// emoji need them.
///
/// # Errors
/// Returns an error for any other text.
pub fn plain_text(text: &str) -> Result<(), ValidationError> {
    hold(is_plain(text, |_| false), "plain_text")
}

/// Accepts what [`plain_text`] accepts, on several lines, with tabs. The code is `plain_lines`.
///
/// # Errors
/// Returns an error for any other text.
pub fn plain_lines(text: &str) -> Result<(), ValidationError> {
    hold(is_plain(&text.replace("\r\n", "\n"), |char| matches!(char, '\n' | '\t')), "plain_lines")
}

/// Accepts text that neither begins nor ends with white space. The code is `trimmed`.
///
/// # Errors
/// Returns an error for any other text.
pub fn trimmed(text: &str) -> Result<(), ValidationError> {
    hold(text.trim() == text, "trimmed")
}

fn is_plain(text: &str, is_allowed: impl Fn(char) -> bool) -> bool {
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let is_good = match char {
            '\u{200c}' | '\u{200d}' => [before, chars.peek().copied()].into_iter().all(is_joinable),
            char => is_allowed(char) || !is_misleading(char) || is_variation(char, before),
        };
        if !is_good {
            return false;
        }
        before = Some(char);
    }
    true
}

/// Returns whether a joiner has an effect beside this character.
fn is_joinable(char: Option<char>) -> bool {
    char.is_some_and(|char| !char.is_ascii() && !matches!(char, '\u{200c}' | '\u{200d}'))
}

/// Returns whether this is the selector that makes an emoji of the character before it.
fn is_variation(char: char, before: Option<char>) -> bool {
    char == '\u{fe0f}' && is_joinable(before) && before != Some('\u{fe0f}')
}

pub(super) fn hold(holds: bool, code: &'static str) -> Result<(), ValidationError> {
    if holds { Ok(()) } else { Err(ValidationError::new(code)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_hides_nothing() {
        for good in ["", "Grüße, 世界", "👩\u{200d}🚀", "❤\u{fe0f}", "می\u{200c}خواهم"] {
            assert!(plain_text(good).is_ok(), "{good:?}");
        }
        for bad in [
            "a\nb",
            "a\0",
            "\u{1b}[31m",
            "a\u{202e}b",
            "a\u{2066}b",
            "ad\u{200b}min",
            "ad\u{200d}min",
            "admin\u{200d}",
            "\u{feff}a",
            "a\u{ad}b",
            "a\u{2028}b",
            "a\u{fe0f}",
            "é\u{200d}\u{200d}é",
            "\u{e0041}",
        ] {
            assert_eq!(plain_text(bad).unwrap_err().code, "plain_text", "{bad:?}");
        }
    }

    #[test]
    fn lines_may_end_as_forms_send_them() {
        assert!(plain_lines("a\r\n\tb\nc").is_ok());
        for bad in ["a\rb", "a\u{b}b", "a\u{202e}\n", "\0"] {
            assert!(plain_lines(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn phones_have_a_country_code() {
        for good in ["+4930123456", "+12025550123", "+123456789012345"] {
            assert!(phone(good).is_ok(), "{good}");
        }
        for bad in ["", "+", "030123456", "+0123456789", "+123456", "+1234567890123456", "+49 30 123", "+49３０123456"]
        {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slugs_are_words_and_single_hyphens() {
        for good in ["a", "my-first-post", "2026-11-27", &"a".repeat(100)] {
            assert!(slug(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "a/b", "..", "ä", &"a".repeat(101)] {
            assert!(slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_are_those_of_the_registration() {
        assert!(username("alice_1").is_ok() && username("al").is_err() && username("a@b.co").is_err());
        assert!(email("a@example.org").is_ok() && email("a@localhost").is_err() && email("a@b.co\r\nBcc: x").is_err());
    }

    #[test]
    fn trimmed_text_has_no_space_around_it() {
        assert!(trimmed("a b").is_ok() && trimmed("").is_ok());
        assert!(trimmed(" a").is_err() && trimmed("a\u{3000}").is_err() && trimmed("a\n").is_err());
    }
}
