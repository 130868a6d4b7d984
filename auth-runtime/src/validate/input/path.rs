use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::fields::{broken, read_fields};
use crate::{
    error::Problem,
    extract::Path,
    validate::{Check, Library, Valid, answer::Source},
};

impl<S, T, L> FromRequestParts<S> for Valid<Path<T>, L>
where
    S: Send + Sync,
    T: DeserializeOwned + Check<L> + Send,
    L: Library<Of<Path<T>> = Path<T>>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Path::<T>::from_request_parts(parts, state).await;
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

fn owned(params: &RawPathParams) -> Vec<(String, String)> {
    params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
