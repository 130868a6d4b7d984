//! Prints the public items of crates, one a line, from the JSON that rustdoc writes. `scripts/public-api` runs it.
//!
//! A list for review leaves out what says nothing new: hidden items, blanket and auto trait impls, and the inside of
//! the prelude's items. It also leaves out the methods of derived traits, since the impl is listed.
#![expect(clippy::print_stdout, reason = "its output is the list")]

use std::{collections::HashSet, env, error::Error};

use public_api::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    for json in env::args().skip(1) {
        let api = Builder::from_rustdoc_json(&json).omit_blanket_impls(true).omit_auto_trait_impls(true).build()?;
        // An item that is exported under two paths is listed once.
        let mut listed = HashSet::new();
        for line in api.items().map(ToString::to_string).filter(|line| !says_nothing_new(line)) {
            if listed.insert(line.clone()) {
                println!("{line}");
            }
        }
    }
    Ok(())
}

fn says_nothing_new(line: &str) -> bool {
    is_known_from_its_impl(line) || is_inside_the_prelude(line)
}

/// Returns whether the line is a method of a trait that is usually derived, with the standard library's signature.
fn is_known_from_its_impl(line: &str) -> bool {
    const METHODS: [&str; 5] = [
        "::fmt(&self, &mut core::fmt::Formatter",
        "::clone(&self) -> ",
        "::eq(&self, &",
        "::hash<__H: core::hash::Hasher>(",
        "core::marker::StructuralPartialEq",
    ];
    METHODS.iter().any(|method| line.contains(method))
}

/// Returns whether the line is a part of an item that the prelude exports. The list has these parts where the item is.
fn is_inside_the_prelude(line: &str) -> bool {
    let Some((_, path)) = line.split_once("auth_runtime::prelude::") else { return false };
    path.split(['<', '(']).next().is_some_and(|path| path.contains("::"))
}
