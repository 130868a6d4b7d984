//! The step from syntax to meaning. Only this module and [`name`] refuse code.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::quote;
use syn::Fields;

use super::{
    hierarchy::Hierarchy,
    model::{Role, Roles},
    name,
    syntax::{Implied, RoleEnum, Variant},
};
use crate::diag::{Code, Problem, Sink, nearest, one_of, problem};
use crate::runtime::runtime_path;

/// Returns the enum's meaning. If the sink has problems afterwards, the result must not be used.
pub(super) fn check(written: &RoleEnum<'_>, sink: &mut Sink) -> Option<Roles> {
    at_least_one(written, sink);
    written.variants.iter().for_each(|variant| no_fields(variant, sink));
    let names = name::names(&written.variants, sink);
    let implied_by = hierarchy(written, sink)?.implied_by();
    let roles = written.variants.iter().zip(&names).zip(implied_by).map(|((variant, name), implied_by)| Role {
        variant: variant.ident.clone(),
        name: name.clone(),
        implied_by: implied_by.into_iter().map(|role| names[role].clone()).collect(),
    });
    let runtime = runtime_path(written.runtime.as_ref());
    Some(Roles { ident: written.ident.clone(), vis: written.vis.clone(), runtime, roles: roles.collect() })
}

/// Refuses an enum without variants: no caller could ever satisfy a requirement of its roles.
fn at_least_one(written: &RoleEnum<'_>, sink: &mut Sink) {
    if written.variants.is_empty() && written.is_enum {
        let name = written.ident;
        sink.push(
            problem(&written.whole, Code::RoleNone, format!("`{name}` has no roles"))
                .write(format_args!("enum {name} {{ Member, Admin }}"))
                .because("each role is a variant"),
        );
    }
}

/// Refuses variants with fields. A role is known by its name alone, and tokens and stores could not carry a field.
fn no_fields(variant: &Variant<'_>, sink: &mut Sink) {
    let role = variant.ident;
    match variant.fields {
        Fields::Unit => {}
        fields => sink.push(
            problem(quote!(#role #fields), Code::RoleFields, format!("the role `{role}` has fields"))
                .write(role)
                .because("a role is a name and carries no data"),
        ),
    }
}

/// Returns the hierarchy of the roles, or refuses every cycle of implications.
fn hierarchy(written: &RoleEnum<'_>, sink: &mut Sink) -> Option<Hierarchy> {
    let variants = &written.variants;
    let places = variants.iter().enumerate().map(|(place, variant)| (variant.ident.to_string(), place)).collect();
    let implies = variants.iter().map(|variant| implications(written, variant, &places, sink)).collect();
    let hierarchy = Hierarchy::new(implies);
    let cycles = hierarchy.cycles();
    for cycle in &cycles {
        refuse_cycle(variants, cycle, sink);
    }
    cycles.is_empty().then_some(hierarchy)
}

/// Returns the indices of the roles that one variant implies. It refuses and leaves out names that are not another
/// role.
fn implications(
    written: &RoleEnum<'_>,
    variant: &Variant<'_>,
    places: &HashMap<String, usize>,
    sink: &mut Sink,
) -> Vec<usize> {
    let role = variant.ident;
    let mut implied = Vec::new();
    for Implied { role: included, removable } in &variant.implies {
        match places.get(&included.to_string()) {
            None => sink.push(unknown_role(written, included)),
            Some(_) if included == role => sink.push(
                problem(removable, Code::RoleImpliesItself, format!("`{role}` implies itself"))
                    .remove()
                    .because("every role includes itself"),
            ),
            Some(place) if implied.contains(place) => sink.push(
                problem(removable, Code::RoleImpliedTwice, format!("`{role}` implies `{included}` twice")).remove(),
            ),
            Some(place) => implied.push(*place),
        }
    }
    implied
}

fn unknown_role(written: &RoleEnum<'_>, named: &Ident) -> Problem {
    let roles: Vec<_> = written.variants.iter().map(|variant| variant.ident.to_string()).collect();
    let known: Vec<_> = roles.iter().map(String::as_str).collect();
    let unknown = problem(named, Code::RoleUnknown, format!("`{}` has no role `{named}`", written.ident));
    match nearest(&named.to_string(), &known) {
        Some(meant) => unknown.did_you_mean(Some(meant)).note(format!("its roles are {}", all_of(&known))),
        None => unknown.advice(format!("name {}, or add `{named}` to the enum", one_of(&known))),
    }
}

/// Refuses a cycle. A holder of one of its roles would have all of them, so they would be one role with several names.
fn refuse_cycle(variants: &[Variant<'_>], cycle: &[usize], sink: &mut Sink) {
    let (Some(&first), Some(&last)) = (cycle.first(), cycle.last()) else { return };
    let (first, last) = (variants[first].ident, &variants[last]);
    let Some(closing) = last.implies.iter().find(|included| included.role == *first) else { return };
    let chain: Vec<_> =
        cycle.iter().map(|&role| variants[role].ident).chain([first]).map(|role| format!("`{role}`")).collect();
    sink.push(
        problem(
            &closing.role,
            Code::RoleCycle,
            format!("the roles imply each other in a circle: {}", chain.join(" implies ")),
        )
        .advice("an implication goes from the stronger role to the weaker: remove the one that goes back"),
    );
}

fn all_of(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
