use core::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

pub(crate) use crate::session::Client;

use crate::auth::HasAuth;

impl<S: HasAuth + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state.auth().addresses()))
    }
}
