use axum::http::request::Parts;

use crate::{
    auth::Auth,
    limit::{AddressKey, NoAddressError},
};

use super::Rejection;

/// Returns the counter key for the client's address.
///
/// # Errors
/// Returns a [`Rejection`] when the request has no client address. A single counter for all clients would let each
/// client lock out the others.
pub(crate) fn client_address(auth: &Auth, parts: &Parts) -> Result<AddressKey, Rejection> {
    match auth.addresses().find(parts) {
        Ok(address) => Ok(AddressKey::of(address)),
        Err(NoAddressError(fault)) => Err(Rejection::NoAddress(fault)),
    }
}
