use core::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::HasAuth,
    guard::{GuardRejection, client_address, refuse},
    limit::AddressKey,
};

pub(crate) use crate::session::Client;

impl<S: HasAuth + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state.auth().addresses()))
    }
}

/// The address that a request comes from. Without the peer's address the endpoint fails, as limits by address do.
/// Otherwise clients that cannot be told apart would lock each other out.
pub(crate) struct Peer(pub(crate) AddressKey);

impl<S: HasAuth + Sync> FromRequestParts<S> for Peer {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        client_address(&auth, parts).map(Self).map_err(|rejection| refuse(rejection, &auth, parts))
    }
}
