use axum::http::request::Parts;

use crate::{
    auth::Auth,
    limit::{AddressKey, NoAddress},
};

use super::Rejection;

/// What the client's address is counted as.
///
/// # Errors
/// When the request has none. One counter for all clients would let any of them lock out the others.
pub(crate) fn client_address(auth: &Auth, parts: &Parts) -> Result<AddressKey, Rejection> {
    match auth.addresses().find(parts) {
        Ok(address) => Ok(AddressKey::of(address)),
        Err(NoAddress(fault)) => Err(Rejection::NoAddress(fault)),
    }
}
