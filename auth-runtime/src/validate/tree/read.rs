use core::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    fault::{Fault, Kind},
    names::Names,
    node::{Context, Node},
    pointer::{At, is_within},
    stand_in::Wanted,
    style::Style,
};
use crate::validate::violation::MOST;

/// The value as read, and all faults that were found.
pub(in crate::validate) struct Reading<T> {
    /// The value. Where there are faults, other values stand in their places.
    pub(in crate::validate) value: Option<T>,
    pub(in crate::validate) faults: Vec<Fault>,
    pub(in crate::validate) names: Names,
    /// The places of passwords. Complete where there is a value.
    pub(in crate::validate) secrets: Vec<String>,
}

/// Reads a value. After a fault it puts a value that fits in the place, and reads again, at most `tries` times.
pub(in crate::validate) fn read<T: DeserializeOwned>(tree: &mut Value, style: Style, tries: usize) -> Reading<T> {
    let mut reading = Reading { value: None, faults: Vec::new(), names: Names::default(), secrets: Vec::new() };
    let mut mended: BTreeMap<String, Wanted> = BTreeMap::new();
    for _ in 0..tries {
        let context =
            Context { style, unknown: RefCell::default(), names: RefCell::default(), secrets: RefCell::default() };
        let result = T::deserialize(Node { value: tree, at: At::Root, context: &context });
        reading.names = context.names.into_inner();
        reading.secrets = context.secrets.into_inner();
        for pointer in context.unknown.into_inner() {
            let mut fault = Fault::new(Kind::Unknown);
            fault.pointer = Some(pointer);
            add(&mut reading.faults, fault);
        }
        let fault = match result {
            Ok(value) => {
                reading.value = Some(value);
                break;
            }
            Err(fault) => fault,
        };
        let (pointer, wanted) = (fault.pointer.clone().unwrap_or_default(), fault.wanted);
        add(&mut reading.faults, fault);
        // A value that did not fit is not tried again.
        if mended.insert(pointer.clone(), wanted) == Some(wanted) || !put(tree, &pointer, wanted.stand_in(style)) {
            break;
        }
    }
    reading
}

/// Adds a fault, unless one of the value or of an outer one is known, or the answer is full.
fn add(faults: &mut Vec<Fault>, fault: Fault) {
    if faults.len() > MOST {
        return;
    }
    let pointer = fault.pointer.as_deref().unwrap_or_default();
    let is_known = |known: &Fault| is_within(pointer, known.pointer.as_deref().unwrap_or_default());
    if !faults.iter().any(is_known) {
        faults.push(fault);
    }
}

/// Puts a value in a place. Returns whether the place exists.
fn put(tree: &mut Value, pointer: &str, value: Value) -> bool {
    if let Some(place) = tree.pointer_mut(pointer) {
        *place = value;
        return true;
    }
    let Some((outer, name)) = pointer.rsplit_once('/') else { return false };
    let Some(Value::Object(members)) = tree.pointer_mut(outer) else { return false };
    members.insert(name.replace("~1", "/").replace("~0", "~"), value);
    true
}
