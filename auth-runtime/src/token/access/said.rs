use serde::de::DeserializeOwned;

use crate::token::jose::{Compact, decode_payload};

/// Deserializes the claims of a token that was verified before. Returns `None` when the claims do not have the form of
/// `T`.
///
/// Requests rarely need all claims, so verification does not keep them.
pub(crate) fn claims_of_verified<T: DeserializeOwned>(token: &str) -> Option<T> {
    let compact = Compact::split(token).ok()?;
    let mut buffer = vec![0; compact.payload.len()];
    let payload = decode_payload(compact.payload, &mut buffer).ok()?;
    serde_json::from_slice(payload).ok()
}
