//! What a value in the wrong form says. The replacements keep the user's own words and numbers.

use proc_macro2::{Delimiter, TokenTree};
use quote::ToTokens;
use syn::Lit;

use super::size;
use crate::model::Credential;
use crate::syntax::{Argument, flat, integer, spelled, stream};

/// The kind of value that an option takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Text,
    Number,
    Size,
    Time,
    Words(&'static [&'static str]),
    Credentials,
    Issuers,
}

/// The words for kinds of credential: our own, then those of other frameworks.
const CREDENTIALS: &[(&str, Credential)] = &[
    ("bearer", Credential::Bearer),
    ("session", Credential::Session),
    ("api_key", Credential::ApiKey),
    ("jwt", Credential::Bearer),
    ("token", Credential::Bearer),
    ("bearertoken", Credential::Bearer),
    ("accesstoken", Credential::Bearer),
    ("oauth", Credential::Bearer),
    ("oauth2", Credential::Bearer),
    ("cookie", Credential::Session),
    ("cookies", Credential::Session),
    ("sessions", Credential::Session),
    ("sessioncookie", Credential::Session),
    ("apikey", Credential::ApiKey),
    ("apikeys", Credential::ApiKey),
    ("xapikey", Credential::ApiKey),
];

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

/// Returns the value in the form that the option takes, or `None` if the tokens do not say it.
pub(super) fn meant(takes: Takes, value: &[TokenTree]) -> Option<String> {
    let value = inner(value);
    match takes {
        Takes::Nothing => None,
        Takes::Text => text(&value),
        Takes::Number => number(&value).map(|number| number.to_string()),
        Takes::Size => size::meant(&value),
        Takes::Time => time(&value),
        Takes::Words(words) => word(&value, words),
        Takes::Credentials => credentials(&value),
        Takes::Issuers => issuers(&value),
    }
}

/// Returns the kind of credential that has this name, here or elsewhere.
pub(super) fn credential(typed: &str) -> Option<Credential> {
    let word = letters(typed.trim_matches('"'));
    let is_meant = |(name, _): &&(&str, Credential)| letters(name) == word;
    CREDENTIALS.iter().find(is_meant).map(|(_, credential)| *credential)
}

/// Returns the credentials of a list in any form, as they stand in `via(..)`: `bearer, session`.
pub(super) fn credentials(value: &[TokenTree]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for word in listed(value)? {
        let name = credential(&word)?.name();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns the issuers of a list in any form, as they stand in `issuer(..)`: paths with a capital.
fn issuers(value: &[TokenTree]) -> Option<String> {
    let mut paths: Vec<String> = Vec::new();
    for item in listed(value)? {
        let path = syn::parse_str::<syn::Path>(&item).ok()?;
        let is_variant = path.segments.last()?.ident.to_string().starts_with(char::is_uppercase);
        if !is_variant {
            return None;
        }
        if !paths.contains(&item) {
            paths.push(item);
        }
    }
    (!paths.is_empty()).then(|| paths.join(", "))
}

/// Returns the items of a list of words, strings and paths, between commas, `|`, `||` or `or`: the texts of the tokens.
pub(super) fn listed(value: &[TokenTree]) -> Option<Vec<String>> {
    let mut items: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in inner(value) {
        match &token {
            TokenTree::Punct(sign) if matches!(sign.as_char(), ',' | '|') => items.push(Vec::new()),
            TokenTree::Ident(word) if word == "or" => items.push(Vec::new()),
            TokenTree::Punct(sign) if sign.as_char() != ':' => return None,
            TokenTree::Group(_) => return None,
            _ => items.last_mut()?.push(token),
        }
    }
    let texts = items.iter().filter(|item| !item.is_empty()).map(|item| spelled(stream(item)));
    Some(texts.collect())
}

/// Returns a word in lower case, without separators: `hasAnyRole` and `has_any_role` are the same.
pub(super) fn letters(word: &str) -> String {
    word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the tokens inside the brackets or parentheses around all of them.
pub(super) fn inner(value: &[TokenTree]) -> Vec<TokenTree> {
    match flat(stream(value)).as_slice() {
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::None => {
            inner(&group.stream().into_iter().collect::<Vec<_>>())
        }
        tokens => tokens.to_vec(),
    }
}

/// Returns the text of a string.
pub(super) fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Writes words as the string that they were meant to be.
fn text(value: &[TokenTree]) -> Option<String> {
    let text = match value {
        [] => return None,
        [token] if string(token).is_some() => string(token)?,
        tokens if tokens.iter().all(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_))) => {
            tokens.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty() && !text.contains('"')).then(|| format!("{text:?}"))
}

fn number(value: &[TokenTree]) -> Option<u32> {
    match value {
        [token @ TokenTree::Literal(literal)] => {
            let typed = integer(literal).filter(|number| is_type(number.suffix()));
            let digits = typed.map(|number| number.base10_digits().to_owned());
            digits.or_else(|| string(token))?.trim().replace('_', "").parse().ok()
        }
        [left, TokenTree::Punct(times), right @ ..] if times.as_char() == '*' => {
            number(core::slice::from_ref(left))?.checked_mul(number(right)?)
        }
        _ => None,
    }
    .filter(|number| *number > 0)
}

fn is_type(suffix: &str) -> bool {
    suffix.is_empty() || suffix.starts_with(['u', 'i'])
}

/// Reads `300`, `"5 min"`, `5m`, `Duration::from_secs(300)`, `timedelta(minutes=5)`. A number alone counts seconds, as
/// in OpenID Connect's `max_age`, which is also the strictest unit.
fn time(value: &[TokenTree]) -> Option<String> {
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

fn word(value: &[TokenTree], words: &[&str]) -> Option<String> {
    let [.., last] = value else { return None };
    let typed = string(last).unwrap_or_else(|| last.to_string());
    words.iter().find(|word| letters(word) == letters(&typed)).map(|word| (*word).to_owned())
}

/// Returns an argument as text, as a message shows it.
pub(super) fn shown(argument: &Argument) -> String {
    match argument {
        Argument::Set { name, value, .. } => format!("{name} = {}", spelled(stream(value))),
        other => spelled(other.to_token_stream()),
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;

    fn read(takes: Takes, tokens: TokenStream) -> Option<String> {
        meant(takes, &flat(tokens))
    }

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

    #[test]
    fn words_are_read_as_what_they_stand_for() {
        assert_eq!(read(Takes::Text, quote!(load balancer)).as_deref(), Some("\"load balancer\""));
        assert_eq!(read(Takes::Text, quote!(("x"))).as_deref(), Some("\"x\""));
        assert_eq!(read(Takes::Text, quote!(format!("x"))), None);
        assert_eq!(read(Takes::Number, quote!("3")).as_deref(), Some("3"));
        assert_eq!(read(Takes::Number, quote!(-3)), None);
        assert_eq!(read(Takes::Words(&["after_checks"]), quote!(Counts::AfterChecks)).as_deref(), Some("after_checks"));
        assert_eq!(read(Takes::Words(&["deny"]), quote!("deny")).as_deref(), Some("deny"));
    }

    #[test]
    fn credentials_are_never_more_than_were_named() {
        for (tokens, meant) in [
            (quote!(bearer), Some("bearer")),
            (quote!("bearer"), Some("bearer")),
            (quote!([bearer, session]), Some("bearer, session")),
            (quote!("jwt" | cookie), Some("bearer, session")),
            (quote!(bearer || session), Some("bearer, session")),
            (quote!(Via::BEARER), None),
            (quote!(bearer && session), None),
            (quote!(mtls), None),
            (quote!([bearer, mtls]), None),
            (quote!(), None),
        ] {
            assert_eq!(read(Takes::Credentials, tokens.clone()).as_deref(), meant, "{tokens}");
        }
    }
}
