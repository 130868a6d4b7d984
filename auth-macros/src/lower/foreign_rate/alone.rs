use proc_macro2::TokenTree;

use super::amount::WholeRate;
use super::phrase::{Phrase, phrase, throttle};
use super::words::plain;

/// Returns the rate in our words that a value of another attribute says: `rate = "5/minute"`, `throttle = "60,1"`.
pub(in crate::lower) fn rate_in(name: &str, value: &[TokenTree]) -> Option<String> {
    let text = plain(value);
    let rate = match phrase(&text) {
        Some(Phrase::Rate(count, time)) => WholeRate::new(count, time)?,
        _ if name == "throttle" || text.starts_with("throttle:") => throttle(&text)?,
        _ => return None,
    };
    Some(rate.with_burst())
}
