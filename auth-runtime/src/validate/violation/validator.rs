use std::borrow::Cow;

use serde_json::{Map, Value};
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::{MOST, Message, Step, Violation};

/// The rules of `validator` and of this crate that take constants of the application as parameters.
const OWN_RULES: [&str; 6] = ["length", "range", "contains", "does_not_contain", "password-too-short", "date"];

/// The parameters of these rules. `value` and `other` are what the client has sent.
const CONSTANTS: [&str; 6] = ["min", "max", "equal", "exclusive_min", "exclusive_max", "needle"];

impl Violation {
    /// Reads the errors of `validator`.
    pub(in crate::validate) fn of_validator(errors: ValidationErrors) -> Vec<Self> {
        let mut found = Vec::new();
        read(errors, &mut Vec::new(), &mut found);
        found
    }
}

fn read(errors: ValidationErrors, path: &mut Vec<Step>, found: &mut Vec<Violation>) {
    for (name, kind) in errors.into_errors() {
        path.push(Step::Member(name));
        match kind {
            ValidationErrorsKind::Field(errors) => {
                found.extend(errors.into_iter().map(|error| violation(error, path)));
            }
            ValidationErrorsKind::Struct(errors) => read(*errors, path, found),
            ValidationErrorsKind::List(elements) => {
                for (index, errors) in elements {
                    path.push(Step::Element(index));
                    read(*errors, path, found);
                    path.pop();
                    if found.len() > MOST {
                        break;
                    }
                }
            }
        }
        path.pop();
    }
}

fn violation(error: ValidationError, path: &[Step]) -> Violation {
    let ValidationError { code, message, params } = error;
    // The derive gives each rule of the library the value itself, and `must_match` the other field's.
    let is_own_rule = OWN_RULES.contains(&&*code) && params.keys().any(|name| CONSTANTS.contains(&&**name));
    let is_told =
        |name: &str| if is_own_rule { CONSTANTS.contains(&name) } else { !["value", "other"].contains(&name) };
    let params: Map<String, Value> =
        params.into_iter().filter(|(name, _)| is_told(name)).map(|(name, value)| (name.into_owned(), value)).collect();
    Violation {
        path: path.iter().rev().cloned().collect(),
        code,
        message: message.map(|message| match message {
            Cow::Borrowed(text) => Message::Constant(text),
            Cow::Owned(text) => Message::Made(text),
        }),
        params,
        has_constant_params: is_own_rule,
    }
}
