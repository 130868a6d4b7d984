use std::collections::BTreeMap;

use serde_json::Value;

use super::pointer::{At, escaped, joined};
use crate::validate::violation::Step;

/// The names of the structs' members, as serde reads them, by the place of the struct.
#[derive(Debug, Default)]
pub(in crate::validate) struct Names(BTreeMap<String, &'static [&'static str]>);

impl Names {
    pub(super) fn add(&mut self, at: &At<'_>, fields: &'static [&'static str]) {
        self.0.insert(at.pattern(), fields);
    }

    /// Returns whether the outermost value is a struct with members that were read one by one. With a flattened field
    /// it is not.
    pub(in crate::validate) fn is_plain_struct(&self) -> bool {
        self.0.contains_key("")
    }

    /// Returns whether serde reads a member of this name, as it stands in a pointer.
    pub(in crate::validate) fn has(&self, name: &str) -> bool {
        self.0.values().any(|fields| fields.iter().any(|field| escaped(field) == name))
    }

    /// Returns the JSON pointer to a value. The libraries of rules name fields as the source does; the pointer has the
    /// names that serde reads.
    pub(in crate::validate) fn pointer<'s>(&self, tree: &Value, steps: impl Iterator<Item = &'s Step>) -> String {
        let (mut pointer, mut pattern) = (String::new(), String::new());
        let mut steps = steps.peekable();
        while let Some(step) = steps.next() {
            let value = tree.pointer(&pointer);
            match step {
                Step::Member(field) if is_whole(field) => {}
                Step::Member(field) => match self.name(&pattern, value, field) {
                    Some(name) => {
                        pattern = joined(&pattern, &name);
                        pointer = joined(&pointer, &name);
                    }
                    // A flattened field: its own members stand in the outer object.
                    None if steps.peek().is_some() => {}
                    None => return joined(&pointer, plain(field)),
                },
                // The rules count the entries of a map, in an order of their own.
                Step::Element(_) if value.is_some_and(Value::is_object) => return pointer,
                Step::Element(index) => {
                    pattern.push_str("/*");
                    pointer = joined(&pointer, &index.to_string());
                }
            }
        }
        pointer
    }

    /// Returns the name that serde reads for a field.
    fn name(&self, pattern: &str, value: Option<&Value>, field: &str) -> Option<String> {
        let field = plain(field);
        match self.0.get(pattern) {
            Some(fields) => Some(among(fields.iter().copied(), field).unwrap_or(field).to_owned()),
            None => {
                let members = value?.as_object()?.keys().map(String::as_str);
                among(members, field).map(str::to_owned)
            }
        }
    }
}

/// Returns whether the libraries mean the value itself: `validator` names the rules of a whole struct, and lists
/// without a name, like this. Our own types that are validated as nested ones have the empty name.
fn is_whole(field: &str) -> bool {
    ["", "__all__", "_tmp_validator"].contains(&field)
}

fn plain(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// Returns the name that is the field's own, or the only name that differs from it by case, `-` and `_` alone.
fn among<'n>(names: impl Iterator<Item = &'n str> + Clone, field: &str) -> Option<&'n str> {
    if let Some(name) = names.clone().find(|name| *name == field) {
        return Some(name);
    }
    let mut alike = names.filter(|name| letters(name).eq(letters(field)));
    alike.next().filter(|_| alike.next().is_none())
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|char| !matches!(char, '-' | '_')).flat_map(char::to_lowercase)
}
