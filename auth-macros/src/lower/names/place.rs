use proc_macro2::{Group, Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::attribute::Attribute;
use crate::lower::meant::{Meant, Noun};
use crate::syntax::Clause;

/// What holds a list of names: `#[require_role(..)]`, or `role(..)` in an expression.
pub(in crate::lower) struct Place {
    pub(super) tokens: TokenStream,
    attribute: Option<Attribute>,
}

impl Place {
    pub(in crate::lower) fn attribute(clause: &Clause) -> Self {
        Self { tokens: clause.name.to_token_stream(), attribute: Some(clause.attribute) }
    }

    pub(in crate::lower) fn predicate(name: &Ident, list: &Group) -> Self {
        Self { tokens: quote!(#name #list), attribute: None }
    }

    /// Returns the line with one name.
    pub(super) fn with(&self, noun: Noun, name: &str) -> String {
        match (self.attribute, noun) {
            (Some(attribute), _) => format!("#[{}({name})]", attribute.name()),
            (None, Noun::Role) => format!("role({name})"),
            (None, Noun::Scope) => format!("scope({name})"),
        }
    }

    /// Returns the line that asks for `meant` in place of this one.
    pub(super) fn asking(&self, meant: &Meant) -> String {
        match (self.attribute, meant) {
            (None, meant) => meant.operand(),
            (Some(_), Meant::Roles(roles)) => format!("#[require_role({})]", roles.join(", ")),
            (Some(_), Meant::Scopes(scopes)) => format!("#[require_scope({})]", scopes.join(", ")),
            (Some(_), Meant::Authenticated) => "#[protected]".to_owned(),
            (Some(_), meant) => format!("#[authorize({})]", meant.alone()),
        }
    }
}

pub(super) fn word(noun: Noun) -> &'static str {
    match noun {
        Noun::Role => "role",
        Noun::Scope => "scope",
    }
}
