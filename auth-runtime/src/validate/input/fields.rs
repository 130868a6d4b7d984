use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    error::{FieldError, Problem},
    validate::{
        Check, Invalid,
        answer::{Source, of_fault, of_violations, refused},
        tree::{Style, escaped, read, short},
        violation::{MOST, Violation},
    },
};

use super::readings;

const OPEN: Style = Style { is_text: true, is_closed: false };

/// Reads a value from fields of text, as they stand in a form, a query or a path.
///
/// # Errors
/// Returns 422 with all faults and all broken rules, and the values that a page may show again.
pub(super) fn read_fields<T: DeserializeOwned + Check<L>, L>(
    source: Source,
    fields: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
) -> Result<T, Invalid> {
    let style = Style { is_closed: matches!(source, Source::Body), ..OPEN };
    let (mut bytes, mut twice) = (0_usize, Vec::new());
    let mut members = Map::new();
    for (name, value) in fields {
        let (name, value) = (name.into(), value.into());
        bytes = bytes.saturating_add(name.len()).saturating_add(value.len());
        if !members.contains_key(&name) {
            members.insert(name, Value::String(value));
        } else if twice.len() <= MOST && !twice.contains(&name) {
            twice.push(name);
        }
    }
    let mut errors: Vec<_> = twice.iter().map(|name| duplicate(name)).collect();
    let sent = Value::Object(members);
    let mut tree = sent.clone();
    let reading = read::<T>(&mut tree, style, readings(bytes));
    let violations = reading.value.as_ref().map(Check::<L>::check).unwrap_or_default();
    // Otherwise a password may not have been reached, or not have been seen as one.
    let has_known_secrets = reading.value.is_some() && reading.names.is_plain_struct();
    match reading.value {
        Some(value) if errors.is_empty() && reading.faults.is_empty() && violations.is_empty() => Ok(value),
        _ => {
            errors.extend(reading.faults.iter().map(of_fault));
            errors.extend(of_violations(violations, &reading.faults, &reading.names, &sent));
            let invalid = Invalid::from(refused(source, errors));
            Err(if has_known_secrets { invalid.with_all_typed(sent, &reading.secrets) } else { invalid })
        }
    }
}

fn duplicate(name: &str) -> FieldError {
    let pointer = format!("/{}", escaped(name));
    FieldError::new(short(&pointer), "is there twice").with_code("duplicate")
}

/// Returns whether the parameters of a path fit as this crate reads them: without numbers that are not finite. They are
/// those of a struct, of a tuple, or a single one.
pub(super) fn fit<T: DeserializeOwned>(params: &[(String, String)]) -> bool {
    let texts = || params.iter().map(|(_, value)| Value::String(value.clone()));
    let members = params.iter().map(|(name, value)| (name.clone(), Value::String(value.clone())));
    let shapes = [members.collect(), Value::Array(texts().collect()), texts().next().unwrap_or_default()];
    shapes.into_iter().any(|mut shape| read::<T>(&mut shape, OPEN, 1).value.is_some())
}

/// Returns the answer to the parameters of a path that fit, and break rules.
pub(super) fn broken<T: DeserializeOwned>(params: Vec<(String, String)>, violations: Vec<Violation>) -> Problem {
    let mut tree: Value = params.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    let names = read::<T>(&mut tree, OPEN, 1).names;
    refused(Source::Path, of_violations(violations, &[], &names, &tree).collect())
}
