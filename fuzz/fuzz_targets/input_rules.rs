//! Gives any text to the ready rules. What they accept must have no character that they promise to refuse.

#![no_main]

use auth_runtime::validate::{date, email, http_url, phone, plain_lines, plain_text, slug, trimmed, username};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for rule in [email, phone, slug, username, date] {
        if rule(text).is_ok() {
            assert!(text.is_ascii() && text.len() <= 254 && plain_text(text).is_ok() && trimmed(text).is_ok(), "{text:?}");
        }
    }
    if http_url(text).is_ok() {
        assert!(text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")), "{text:?}");
        assert!(!text.chars().any(|char| char.is_whitespace() || char.is_control()), "{text:?}");
    }
    if plain_text(text).is_ok() {
        assert!(plain_lines(text).is_ok() && !text.chars().any(char::is_control), "{text:?}");
    }
});
