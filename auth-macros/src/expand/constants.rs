use proc_macro2::TokenStream;
use quote::quote;

use super::rule::constant;
use crate::diag::{Code, Problem, panic_at, problem};
use crate::model::{Role, Rule};
use crate::runtime::Runtime;

/// Asserts that each constant of the rule is one scope. Only the compiler knows its text.
pub(super) fn are_scopes<'a>(
    rule: &'a Rule,
    lints: &'a [TokenStream],
    runtime: &'a Runtime,
) -> impl Iterator<Item = TokenStream> + 'a {
    rule.scope_constants().into_iter().map(move |(path, spelled)| {
        let wrong = |code, what: &str| problem(path, code, format_args!("the constant `{spelled}` {what}"));
        let empty = refused(
            path,
            &wrong(Code::EmptyName, "is an empty scope")
                .advice("give it the text of a scope, such as `\"orders:write\"`"),
        );
        let several = refused(
            path,
            &wrong(Code::NameSeparator, "holds a sign that separates names")
                .advice("give it one scope, and list several constants: `scope(READ, WRITE)`"),
        );
        let strange = refused(
            path,
            &wrong(Code::ScopeCharacter, "holds a character that no scope has")
                .advice("give it the text of a scope that your tokens carry")
                .note("scopes are visible ASCII without `\"` and `\\` (RFC 6749)"),
        );
        let kind = quote!(#runtime::__private::ScopeText);
        quote! {
            #(#lints)*
            const _: () = match #kind::of(#path) {
                #kind::Scope => {}
                #kind::Empty => #empty,
                #kind::Several => #several,
                #kind::Strange => #strange,
            };
        }
    })
}

/// Asserts that each constant of the rule is one role.
pub(super) fn are_roles<'a>(
    rule: &'a Rule,
    lints: &'a [TokenStream],
    runtime: &'a Runtime,
) -> impl Iterator<Item = TokenStream> + 'a {
    let constants = rule.role_constants().into_iter().filter_map(|role| match role {
        Role::Constant { path, spelled } => Some((path, spelled)),
        Role::Named(_) | Role::Path { .. } => None,
    });
    constants.map(move |(path, spelled)| {
        let wrong = |code, what: &str, advice: &str| {
            refused(path, &problem(path, code, format_args!("the constant `{spelled}` {what}")).advice(advice))
        };
        let empty = wrong(Code::EmptyName, "is an empty role name", "give it the name of a role, such as `\"admin\"`");
        let padded = wrong(Code::PaddedName, "has spaces around the role name", "leave the spaces out");
        let advice = "give it one role, and list several constants: `role(ADMIN, SUPPORT)`";
        let several = wrong(Code::NameSeparator, "holds a sign that separates names", advice);
        let (kind, constant) = (quote!(#runtime::__private::RoleText), constant(path, runtime));
        quote! {
            #(#lints)*
            const _: () = match #constant.text() {
                #kind::Role => {}
                #kind::Empty => #empty,
                #kind::Padded => #padded,
                #kind::Several => #several,
            };
        }
    })
}

fn refused(path: &TokenStream, problem: &Problem) -> TokenStream {
    panic_at(path, &problem.text())
}
