use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    messages,
    tree::{Fault, Kind, Names, is_within, short},
    violation::{MOST, Message, Violation},
};
use crate::error::{FieldError, Problem};

/// The part of a request that is judged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    Body,
    Query,
    Path,
}

/// Returns 422 with these errors.
pub(super) fn refused(source: Source, mut errors: Vec<FieldError>) -> Problem {
    // `validator` has no order.
    errors.sort_by(|one, other| (&one.pointer, &one.code).cmp(&(&other.pointer, &other.code)));
    errors.dedup();
    errors.truncate(MOST);
    let problem = match source {
        Source::Body => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "The body does not have the expected form.")
        }
        Source::Query => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-query",
            "The query does not have the expected parameters.",
        ),
        Source::Path => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-path", "The path does not have the expected form.")
        }
    };
    problem.with_errors(errors)
}

/// Describes a value that does not fit its type.
pub(super) fn of_fault(fault: &Fault) -> FieldError {
    let (code, params) = match fault.kind {
        Kind::Missing(_) => ("missing", Value::Null),
        Kind::Unknown => ("unknown", Value::Null),
        Kind::Duplicate(_) => ("duplicate", Value::Null),
        Kind::Type(Some(expected)) => ("type", json!({ "expected": expected })),
        Kind::Type(None) => ("type", Value::Null),
        Kind::Value => ("value", Value::Null),
        Kind::Choice(expected) => ("choice", json!({ "expected": expected })),
    };
    let params = if let Value::Object(params) = params { params } else { Map::new() };
    let pointer = short(fault.pointer.as_deref().unwrap_or_default());
    FieldError::new(pointer, messages::of(code, &params)).with_code(code).with_params(params)
}

/// Describes broken rules. Rules that were judged by a value that stands in for another one are left out.
pub(super) fn of_violations(
    violations: Vec<Violation>,
    faults: &[Fault],
    names: &Names,
    tree: &Value,
) -> impl Iterator<Item = FieldError> {
    violations.into_iter().filter_map(move |violation| {
        let pointer = names.pointer(tree, violation.steps());
        let (outer, name) = pointer.rsplit_once('/').unwrap_or_default();
        // A member with another name on the wire may be any member of its struct.
        let may_be_any = !names.has(name) && tree.pointer(&pointer).is_none();
        let is_misjudged = |fault: &Fault| {
            let of_fault = fault.pointer.as_deref().unwrap_or_default();
            let compares = (violation.code == "must_match" || may_be_any) && is_within(of_fault, outer);
            let stands_in = is_within(&pointer, of_fault) || is_within(of_fault, &pointer) || compares;
            stands_in && !matches!(fault.kind, Kind::Unknown)
        };
        (!faults.iter().any(is_misjudged)).then(|| of_violation(violation, &pointer, tree))
    })
}

fn of_violation(violation: Violation, pointer: &str, tree: &Value) -> FieldError {
    let Violation { code, message, mut params, has_constant_params, .. } = violation;
    if !has_constant_params && !params.is_empty() {
        let rejected = Rejected::at(tree, pointer);
        params.retain(|_, param| !rejected.is_in(param));
    }
    let message = match message {
        Some(Message::Constant(text)) => text.to_owned(),
        Some(Message::Made(text)) if !Rejected::at(tree, pointer).is_in_text(&text) => text,
        _ => messages::of(&code, &params),
    };
    FieldError::new(short(pointer), message).with_code(code).with_params(params)
}

/// The texts and numbers of a value that was rejected.
struct Rejected<'a>(Vec<Cow<'a, str>>);

impl<'a> Rejected<'a> {
    fn at(tree: &'a Value, pointer: &str) -> Self {
        let mut texts = Vec::new();
        collect(tree.pointer(pointer), &mut texts);
        // A rule of one member can compare it with another one.
        let outer = pointer.rsplit_once('/').map_or("", |(outer, _)| outer);
        if let Some(Value::Object(members)) = tree.pointer(outer) {
            let scalars = members.values().filter(|member| !member.is_array() && !member.is_object());
            scalars.for_each(|member| collect(Some(member), &mut texts));
        }
        Self(texts)
    }

    fn is_in(&self, param: &Value) -> bool {
        match param {
            Value::Array(elements) => elements.iter().any(|element| self.is_in(element)),
            Value::Object(members) => members.values().any(|member| self.is_in(member)),
            Value::String(text) => self.is_in_text(text),
            Value::Null | Value::Bool(_) => false,
            Value::Number(number) => self.0.contains(&Cow::Owned(number.to_string())),
        }
    }

    fn is_in_text(&self, text: &str) -> bool {
        self.0.iter().any(|rejected| !rejected.is_empty() && text.contains(rejected.as_ref()))
    }
}

fn collect<'a>(value: Option<&'a Value>, texts: &mut Vec<Cow<'a, str>>) {
    match value {
        Some(Value::String(text)) => texts.push(Cow::Borrowed(text)),
        Some(Value::Number(number)) => texts.push(Cow::Owned(number.to_string())),
        Some(Value::Array(elements)) => elements.iter().for_each(|element| collect(Some(element), texts)),
        Some(Value::Object(members)) => members.values().for_each(|member| collect(Some(member), texts)),
        _ => {}
    }
}
