//! The attribute in which a misplaced value belongs, written with the value.

use proc_macro2::TokenTree;

use crate::attribute::Attribute;
use crate::lower::foreign_rate::rate_in;
use crate::lower::foreign_value::{inner, listed, string};
use crate::lower::meant::{Meant, Several, several_scopes};
use crate::syntax::is_pattern;

/// The attribute that an argument belongs in.
pub(super) struct Place {
    pub(super) attribute: Attribute,
    /// The whole attribute with the user's values, or `None` where a value is missing.
    pub(super) line: Option<String>,
    /// The argument as that attribute writes it, where the attribute needs more than it.
    pub(super) example: String,
}

pub(super) fn roles(value: &[TokenTree]) -> Place {
    let line = role_names(value).map(|names| format!("#[require_role({names})]"));
    Place { example: "#[require_role(\"admin\")]".to_owned(), ..whole(Attribute::RequireRole, line) }
}

pub(super) fn scopes(value: &[TokenTree]) -> Place {
    let several = match inner(value).as_slice() {
        [token] => string(token).and_then(|text| several_scopes(&text)),
        _ => None,
    };
    match several {
        Some(Several::Either(meant)) => {
            return whole(Attribute::Authorize, Some(format!("#[authorize({})]", meant.alone())));
        }
        Some(Several::Unsaid(names)) => {
            let each = Meant::any(names.iter().map(|name| Meant::Scopes(vec![name.clone()])).collect());
            let all = names.join(", ");
            let example =
                format!("#[require_scope({all})]` if all are needed, or else in `#[authorize({})]", each.alone());
            return Place { example, ..whole(Attribute::RequireScope, None) };
        }
        Some(Several::Unclear) => return whole(Attribute::RequireScope, None),
        None => {}
    }
    let line = names(value, &[], false).map(|names| format!("#[require_scope({names})]"));
    Place { example: "#[require_scope(\"orders:write\")]".to_owned(), ..whole(Attribute::RequireScope, line) }
}

/// Returns the place of a rate, the value of an argument with this name.
pub(super) fn rate(name: &str, value: &[TokenTree]) -> Place {
    let line = rate_in(name, &inner(value)).map(|rate| format!("#[rate_limit({rate})]"));
    Place { example: "#[rate_limit(10/min)]".to_owned(), ..whole(Attribute::RateLimit, line) }
}

pub(super) fn whole(attribute: Attribute, line: Option<String>) -> Place {
    Place { attribute, line, example: format!("#[{}]", attribute.name()) }
}

/// Returns the roles of a list in any form, as `#[require_role]` takes them.
pub(in crate::lower) fn role_names(value: &[TokenTree]) -> Option<String> {
    names(value, &[',', '|'], true)
}

/// Returns the names of a list, each as a string or a path. A string may hold several. A pattern names nothing.
fn names(value: &[TokenTree], separators: &[char], paths: bool) -> Option<String> {
    let mut all = Vec::new();
    for item in listed(value)? {
        match syn::parse_str::<syn::LitStr>(&item) {
            Ok(text) if is_pattern(&text.value()) => return None,
            Ok(text) => {
                let names: Vec<String> = text.value().split(separators).map(str::trim).map(str::to_owned).collect();
                all.extend(names.iter().filter(|name| !name.is_empty()).map(|name| format!("{name:?}")));
            }
            Err(_) if item.contains("::") || item.starts_with(char::is_uppercase) => {
                paths.then_some(())?;
                all.push(item);
            }
            Err(_) => all.push(format!("{item:?}")),
        }
    }
    (!all.is_empty()).then(|| all.join(", "))
}
