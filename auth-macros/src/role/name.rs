//! The names of the roles in tokens and stores.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

use super::syntax::Variant;

use crate::diag::{Code, Sink, problem};
use crate::syntax::{separator, snake_case};

/// Returns the name of every role, in order. It refuses names that are empty, padded or not distinct.
pub(super) fn names(variants: &[Variant<'_>], sink: &mut Sink) -> Vec<String> {
    let mut taken: HashMap<String, &Ident> = HashMap::new();
    let mut names = Vec::new();
    for variant in variants {
        let name = name(variant, sink);
        match taken.get(&name) {
            Some(other) => refuse_same(variant, other, &name, sink),
            None => drop(taken.insert(name.clone(), variant.ident)),
        }
        names.push(name);
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
                .advice(format!("write the name that tokens carry, such as `{usual:?}`")),
        );
        return usual;
    }
    if trimmed != name {
        sink.push(
            problem(written, Code::RolePaddedName, format!("the role name `{name:?}` has spaces around it"))
                .write(format_args!("{trimmed:?}")),
        );
    }
    name
}

/// Refuses two roles with one name. They would be one role, and holders of the weaker one would have the stronger one.
fn refuse_same(variant: &Variant<'_>, other: &Ident, name: &str, sink: &mut Sink) {
    let at: &dyn ToTokens = match &variant.rename {
        Some(rename) => rename,
        None => variant.ident,
    };
    sink.push(
        problem(at, Code::RoleSameName, format!("`{other}` and `{}` are both named `{name}`", variant.ident))
            .advice(format!("give one of them a name of its own, such as `#[role(rename = \"{name}_2\")]`")),
    );
}
