use core::{cell::RefCell, iter::Enumerate, slice};

use serde_json::{Map, Value, map};

use super::{names::Names, pointer::At, style::Style};

/// A value, with its place.
#[derive(Clone, Copy)]
pub(super) struct Node<'de, 'p> {
    pub(super) value: &'de Value,
    pub(super) at: At<'p>,
    pub(super) context: &'p Context,
}

/// What one reading knows and finds.
pub(super) struct Context {
    pub(super) style: Style,
    pub(super) unknown: RefCell<Vec<String>>,
    pub(super) names: RefCell<Names>,
    /// The places of passwords.
    pub(super) secrets: RefCell<Vec<String>>,
}

/// The members of an object.
pub(super) struct Members<'de, 'p> {
    pub(super) rest: map::Iter<'de>,
    pub(super) next: Option<(&'de str, &'de Value)>,
    /// The names of a struct.
    pub(super) fields: Option<&'static [&'static str]>,
    pub(super) at: At<'p>,
    pub(super) context: &'p Context,
}

/// The elements of an array.
pub(super) struct Elements<'de, 'p> {
    pub(super) rest: Enumerate<slice::Iter<'de, Value>>,
    pub(super) at: At<'p>,
    pub(super) context: &'p Context,
}

/// A variant as serde writes it: a string without content, an object of one member with it.
pub(super) struct Variant<'de, 'p> {
    pub(super) name: &'de str,
    pub(super) content: Option<Node<'de, 'p>>,
}

impl<'de, 'p> Node<'de, 'p> {
    pub(super) fn elements(&self, elements: &'de [Value]) -> Elements<'de, 'p> {
        Elements { rest: elements.iter().enumerate(), at: self.at, context: self.context }
    }

    pub(super) fn members(
        &self,
        members: &'de Map<String, Value>,
        fields: Option<&'static [&'static str]>,
    ) -> Members<'de, 'p> {
        Members { rest: members.iter(), next: None, fields, at: self.at, context: self.context }
    }
}
