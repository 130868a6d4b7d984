//! Lists of credentials and of issuers, in the forms of other frameworks.

use proc_macro2::TokenTree;

use super::reading::{inner, letters};
use crate::model::Credential;
use crate::syntax::{spelled, stream};

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

/// Returns the kind of credential that has this name, here or elsewhere.
pub(in crate::lower) fn credential(typed: &str) -> Option<Credential> {
    let word = letters(typed.trim_matches('"'));
    let is_meant = |(name, _): &&(&str, Credential)| letters(name) == word;
    CREDENTIALS.iter().find(is_meant).map(|(_, credential)| *credential)
}

/// Returns the credentials of a list in any form, as they stand in `via(..)`: `bearer, session`.
pub(in crate::lower) fn credentials(value: &[TokenTree]) -> Option<String> {
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
pub(super) fn issuers(value: &[TokenTree]) -> Option<String> {
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
pub(in crate::lower) fn listed(value: &[TokenTree]) -> Option<Vec<String>> {
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

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::lower::foreign_value::{Takes, tests::read};

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
