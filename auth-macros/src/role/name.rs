//! The names of the roles in tokens and stores.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

use super::syntax::Variant;

use crate::diag::{Code, Sink, problem};
use crate::syntax::{is_pattern, separator, snake_case};

/// Returns the name of every role, in order. It refuses names that are empty, padded, patterns, several in one text
/// or not distinct.
pub(super) fn names(variants: &[Variant<'_>], sink: &mut Sink) -> Vec<String> {
    let names: Vec<String> = variants.iter().map(|variant| name(variant, sink)).collect();
    let mut taken: HashMap<&str, &Ident> = HashMap::new();
    for (variant, name) in variants.iter().zip(&names) {
        match taken.get(name.as_str()) {
            Some(other) => refuse_same(variant, other, name, &names, sink),
            None => drop(taken.insert(name, variant.ident)),
        }
    }
    names
}

/// Returns the name given by `rename`, or the variant in snake case.
fn name(variant: &Variant<'_>, sink: &mut Sink) -> String {
    let usual = snake_case(&variant.ident.unraw().to_string());
    let Some(written) = &variant.rename else { return usual };
    let name = written.value();
    let trimmed = name.trim();
    if trimmed.is_empty() {
        sink.push(
            problem(written, Code::RoleEmptyName, format!("the name of the role `{}` is empty", variant.ident))
                .write(format_args!("{usual:?}"))
                .because("it is the name that tokens carry"),
        );
        return usual;
    }
    if trimmed != name {
        sink.push(
            problem(written, Code::RolePaddedName, format!("the role name `{name:?}` has spaces around it"))
                .write(format_args!("{trimmed:?}")),
        );
    }
    if is_pattern(trimmed) {
        sink.push(
            problem(
                written,
                Code::NameSeparator,
                format!("`{trimmed:?}` is a pattern, and a role is compared as a whole"),
            )
            .advice("give each role a variant of its own; one stands for others by `#[role(implies(..))]`"),
        );
    }
    if let Some(char) = separator(trimmed) {
        sink.push(
            problem(written, Code::NameSeparator, format!("a role name cannot contain {char:?}"))
                .advice("give each role a variant of its own")
                .note("elsewhere, `,`, `;` and `|` separate several roles"),
        );
    }
    name
}

/// Refuses two roles with one name. They would be one role, and holders of the weaker one would have the stronger one.
fn refuse_same(variant: &Variant<'_>, other: &Ident, name: &str, names: &[String], sink: &mut Sink) {
    let at: &dyn ToTokens = match &variant.rename {
        Some(rename) => rename,
        None => variant.ident,
    };
    let same = problem(at, Code::RoleSameName, format!("`{other}` and `{}` are both named `{name}`", variant.ident));
    let free = free_name(variant, name, names);
    sink.push(match &variant.rename {
        Some(_) => same.write(format_args!("{free:?}")),
        None => same.add(format_args!("#[role(rename = {free:?})]")),
    });
}

/// Returns a name that no role has: the variant's own, or the same name with a number.
fn free_name(variant: &Variant<'_>, name: &str, names: &[String]) -> String {
    let usual = snake_case(&variant.ident.unraw().to_string());
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    [usual].into_iter().chain(numbered).find(|free| !names.contains(free)).unwrap_or_default()
}
