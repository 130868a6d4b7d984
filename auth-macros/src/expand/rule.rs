use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::model::{Role, Rule, Scope};
use crate::runtime::Runtime;

/// Writes the rule as a constant expression.
pub(super) fn rule(wanted: &Rule, runtime: &Runtime) -> TokenStream {
    let kind = quote!(#runtime::policy::Rule);
    match wanted {
        Rule::Authenticated => quote!(#kind::Authenticated),
        Rule::Role(Role::Named(name)) => quote!(#kind::role(#name)),
        Rule::Role(role) => {
            let role = role_rule(role, runtime);
            quote!(#kind::Role(#role))
        }
        Rule::Scope(Scope::Named(name)) => quote!(#kind::scope(#name)),
        Rule::Scope(Scope::Constant { path, .. }) => quote!(#kind::scope(#path)),
        Rule::Check(index, check) => {
            let name = &check.spelled;
            quote!(#kind::check(#index, #name))
        }
        Rule::All(rules) => {
            let rules = rules.iter().map(|one| rule(one, runtime));
            quote!(#kind::All(&[#(#rules),*]))
        }
        Rule::Any(rules) => {
            let rules = rules.iter().map(|one| rule(one, runtime));
            quote!(#kind::Any(&[#(#rules),*]))
        }
        Rule::Not(inner) => {
            let inner = rule(inner, runtime);
            quote!(#kind::Not(&#inner))
        }
    }
}

/// Writes the role as a `RoleRule`.
pub(super) fn role_rule(role: &Role, runtime: &Runtime) -> TokenStream {
    match role {
        Role::Named(name) => quote!(#runtime::policy::RoleRule::new(#name)),
        Role::Path { path, .. } => {
            let span = path.to_token_stream().into_iter().last().map_or_else(Span::call_site, |token| token.span());
            // `#[derive(Role)]` writes the method. On other types, the trait's method says that they are no roles.
            let requirement = quote_spanned!(Span::call_site().located_at(span)=> #path.requirement());
            quote!({ use #runtime::__private::RequirementOfRole as _; #requirement })
        }
        Role::Constant { path, .. } => {
            let constant = constant(path, runtime);
            quote!(#constant.requirement())
        }
    }
}

/// Writes a constant that has a role or the text of one. The compiler knows which.
pub(super) fn constant(path: &TokenStream, runtime: &Runtime) -> TokenStream {
    let span = path.clone().into_iter().last().map_or_else(Span::call_site, |token| token.span());
    let bytes = quote_spanned!(Span::call_site().located_at(span)=> #path.as_bytes());
    quote!(#runtime::__private::RoleConstant({ use #runtime::__private::RequirementOfRole as _; #bytes }))
}
