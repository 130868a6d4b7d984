use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use super::fields::read_fields;
use crate::{
    extract::Query,
    validate::{Check, Invalid, Library, Valid, answer::Source},
};

impl<S, T, L> FromRequestParts<S> for Valid<Query<T>, L>
where
    S: Send + Sync,
    T: DeserializeOwned + Check<L>,
    L: Library<Of<Query<T>> = Query<T>>,
{
    type Rejection = Invalid;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Invalid> {
        let query = parts.uri.query().unwrap_or_default();
        read_fields::<T, L>(Source::Query, form_urlencoded::parse(query.as_bytes())).map(Query).map(Self)
    }
}
