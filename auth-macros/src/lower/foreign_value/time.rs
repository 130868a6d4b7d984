//! Times, in the forms of other frameworks.

use proc_macro2::TokenTree;

use super::reading::{number, string};

/// The spellings of units of time elsewhere, and ours.
const UNITS: &[(&str, &str)] = &[
    ("s", "sec"),
    ("sec", "sec"),
    ("secs", "sec"),
    ("second", "sec"),
    ("seconds", "sec"),
    ("m", "min"),
    ("min", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("h", "hour"),
    ("hour", "hour"),
    ("hours", "hour"),
    ("d", "day"),
    ("day", "day"),
    ("days", "day"),
];

/// Reads `300`, `"5 min"`, `5m`, `Duration::from_secs(300)`, `timedelta(minutes=5)`. A number alone counts seconds, as
/// in OpenID Connect's `max_age`, which is also the strictest unit.
pub(super) fn time(value: &[TokenTree]) -> Option<String> {
    if let Some(seconds) = number(value) {
        return Some(format!("{seconds} sec"));
    }
    match value {
        [TokenTree::Literal(_)] => {
            let text = string(&value[0]).unwrap_or_else(|| value[0].to_string());
            let text = text.trim();
            if let Some(duration) = text.strip_prefix("PT") {
                return time_of_iso(duration);
            }
            let end = text.find(|char: char| !char.is_ascii_digit())?;
            timed(text[..end].parse().ok()?, text[end..].trim().trim_start_matches('_'))
        }
        [amount @ TokenTree::Literal(_), TokenTree::Ident(unit)] => {
            timed(number(core::slice::from_ref(amount))?, &unit.to_string())
        }
        [TokenTree::Ident(unit), equals, amount @ ..] if equals.to_string() == "=" => {
            timed(number(amount)?, &unit.to_string())
        }
        [TokenTree::Ident(call), TokenTree::Group(group)] if call == "timedelta" => {
            match group.stream().into_iter().collect::<Vec<_>>().as_slice() {
                [TokenTree::Ident(unit), _, amount @ ..] => timed(number(amount)?, &unit.to_string()),
                _ => None,
            }
        }
        [.., TokenTree::Ident(constructor), TokenTree::Group(group)] => {
            let amount: Vec<TokenTree> = group.stream().into_iter().collect();
            let name = constructor.to_string();
            timed(number(&amount)?, name.trim_start_matches("from_"))
        }
        _ => None,
    }
}

/// Reads the rest of `PT5M`.
fn time_of_iso(duration: &str) -> Option<String> {
    let unit = duration.chars().last()?;
    timed(duration.strip_suffix(unit)?.parse().ok()?, &unit.to_lowercase().to_string())
}

fn timed(amount: u32, unit: &str) -> Option<String> {
    let (_, ours) = UNITS.iter().find(|(name, _)| *name == unit)?;
    (amount > 0).then(|| format!("{amount} {ours}"))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::lower::foreign_value::{Takes, tests::read};

    #[test]
    fn a_time_is_read_in_the_forms_of_others() {
        for (tokens, meant) in [
            (quote!(300), Some("300 sec")),
            (quote!(5 * 60), Some("300 sec")),
            (quote!("5 minutes"), Some("5 min")),
            (quote!("15m"), Some("15 min")),
            (quote!("300"), Some("300 sec")),
            (quote!(5m), Some("5 min")),
            (quote!((5min)), Some("5 min")),
            (quote!(Duration::from_secs(300)), Some("300 sec")),
            (quote!(std::time::Duration::from_mins(5)), Some("5 min")),
            (quote!(Duration::hours(2)), Some("2 hour")),
            (quote!(timedelta(minutes = 5)), Some("5 min")),
            (quote!(0), None),
            (quote!(soon), None),
            (quote!("soon"), None),
            (quote!(5.5), None),
            (quote!(Duration::from_millis(5)), None),
        ] {
            assert_eq!(read(Takes::Time, tokens.clone()).as_deref(), meant, "{tokens}");
        }
    }
}
