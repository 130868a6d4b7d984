use axum::{
    extract::{FromRequest, Request},
    http::Method,
};
use serde::de::DeserializeOwned;

use super::fields::read_fields;
use crate::{
    extract::{Form, expect_form, read},
    validate::{Check, Invalid, Library, Valid, answer::Source},
};

impl<S, T, L> FromRequest<S> for Valid<Form<T>, L>
where
    S: Send + Sync,
    T: DeserializeOwned + Check<L>,
    L: Library<Of<Form<T>> = Form<T>>,
{
    type Rejection = Invalid;

    async fn from_request(request: Request, state: &S) -> Result<Self, Invalid> {
        let (parts, body) = request.into_parts();
        expect_form(&parts)?;
        let value = if parts.method == Method::GET {
            read_form::<T, L>(parts.uri.query().unwrap_or_default().as_bytes())
        } else {
            read_form::<T, L>(&read(Request::from_parts(parts, body), state).await?)
        };
        value.map(Form).map(Self)
    }
}

pub(super) fn read_form<T: DeserializeOwned + Check<L>, L>(form: &[u8]) -> Result<T, Invalid> {
    read_fields::<T, L>(Source::Body, form_urlencoded::parse(form))
}
