use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::form::read_form;
use crate::{
    auth::HasAuth,
    guard::{CsrfForm, without_token},
    validate::{Check, InvalidCsrfForm, Library, Valid},
};

impl<S, T, L> FromRequest<S> for Valid<CsrfForm<T>, L>
where
    S: HasAuth + Send + Sync,
    T: DeserializeOwned + Check<L>,
    L: Library<Of<CsrfForm<T>> = CsrfForm<T>>,
{
    type Rejection = InvalidCsrfForm;

    async fn from_request(request: Request, state: &S) -> Result<Self, InvalidCsrfForm> {
        let (_, form) = without_token(request, state).await?;
        Ok(Self(CsrfForm(read_form::<T, L>(&form)?)))
    }
}
