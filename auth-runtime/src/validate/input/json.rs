use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{FieldError, Problem},
    extract::{Json, OneForm, Unreadable, read_json, read_strictly},
    validate::{
        Check, Library, Valid,
        answer::{Source, of_fault, of_violations, refused},
        tree::{Style, read, short},
        violation::Violation,
    },
};

use super::readings;

impl<S, T, L> FromRequest<S> for Valid<Json<T>, L>
where
    S: Send + Sync,
    T: DeserializeOwned + Check<L>,
    L: Library<Of<Json<T>> = Json<T>>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = read_json(request, state).await?;
        read_strictly(&body).map_err(unreadable)?;
        let Some(value) = quickly::<T>(&body) else { return with_faults::<T, L>(&body).map(Json).map(Self) };
        let violations = value.check();
        if violations.is_empty() { Ok(Self(Json(value))) } else { Err(broken::<T>(&body, violations)) }
    }
}

/// Reads a value that fits.
fn quickly<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    T::deserialize(OneForm::<_, true>(&mut deserializer)).ok()
}

const JSON: Style = Style { is_text: false, is_closed: true };

/// Reads a value that did not fit, to find all of its faults.
fn with_faults<T: DeserializeOwned + Check<L>, L>(body: &[u8]) -> Result<T, Problem> {
    let mut tree: Value = serde_json::from_slice(body).map_err(|_| Unreadable::NotJson)?;
    let sent = tree.clone();
    let reading = read::<T>(&mut tree, JSON, readings(body.len()));
    let violations = reading.value.as_ref().map(Check::<L>::check).unwrap_or_default();
    match reading.value {
        Some(value) if reading.faults.is_empty() && violations.is_empty() => Ok(value),
        _ => {
            let mut errors: Vec<_> = reading.faults.iter().map(of_fault).collect();
            errors.extend(of_violations(violations, &reading.faults, &reading.names, &sent));
            Err(refused(Source::Body, errors))
        }
    }
}

/// Returns the answer to a value that fits, and breaks rules.
fn broken<T: DeserializeOwned>(body: &[u8], violations: Vec<Violation>) -> Problem {
    let mut tree: Value = serde_json::from_slice(body).unwrap_or_default();
    let names = read::<T>(&mut tree, JSON, 1).names;
    refused(Source::Body, of_violations(violations, &[], &names, &tree).collect())
}

fn unreadable(reason: Unreadable) -> Problem {
    match reason {
        Unreadable::Member { pointer, code, message } => {
            refused(Source::Body, vec![FieldError::new(short(&pointer), message).with_code(code)])
        }
        reason => reason.into(),
    }
}
