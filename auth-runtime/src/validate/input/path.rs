use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::fields::{broken, fit, read_fields};
use crate::{
    error::Problem,
    extract::Path,
    validate::{
        Check, Library, Valid,
        answer::{Source, refused},
    },
};

impl<S, T, L> FromRequestParts<S> for Valid<Path<T>, L>
where
    S: Send + Sync,
    T: DeserializeOwned + Check<L> + Send,
    L: Library<Of<Path<T>> = Path<T>>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = match Path::<T>::from_request_parts(parts, state).await {
            Ok(_) if is_unbounded::<T, S>(parts, state).await => Err(refused(Source::Path, Vec::new())),
            read => read,
        };
        let violations = match &read {
            Ok(Path(value)) => value.check(),
            Err(_) => Vec::new(),
        };
        match read {
            Ok(path) if violations.is_empty() => Ok(Self(path)),
            // The application's own mistake.
            Err(problem) if problem.status().is_server_error() => Err(problem),
            read => {
                let params = RawPathParams::from_request_parts(parts, state).await;
                let params = params.ok().map(|params| owned(&params));
                Err(match (read, params) {
                    (Err(problem), None) => problem,
                    (Err(problem), Some(params)) => {
                        read_fields::<T, L>(Source::Path, params).err().map_or(problem, Into::into)
                    }
                    (Ok(_), params) => broken::<T>(params.unwrap_or_default(), violations),
                })
            }
        }
    }
}

/// Returns whether a number is infinite or `NaN`: no comparison with `NaN` breaks a rule. A number of 64 bits may be
/// finite where one of 32 bits is not.
async fn is_unbounded<T: DeserializeOwned, S: Send + Sync>(parts: &mut Parts, state: &S) -> bool {
    let Ok(params) = RawPathParams::from_request_parts(parts, state).await else { return false };
    let is_odd = |(_, text): (&str, &str)| text.parse::<f32>().is_ok_and(|number| !number.is_finite());
    params.iter().any(is_odd) && !fit::<T>(&owned(&params))
}

fn owned(params: &RawPathParams) -> Vec<(String, String)> {
    params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
