use serde::de::DeserializeOwned;

use crate::token::jose::{Compact, decode_payload};

/// Claims of a token that was verified before, in whatever form the caller wants them; `None` where they do not have it.
///
/// For what a request never needs, so that verifying need not keep it.
pub(crate) fn claims_of_verified<T: DeserializeOwned>(token: &str) -> Option<T> {
    let compact = Compact::split(token).ok()?;
    let mut buffer = vec![0; compact.payload.len()];
    let payload = decode_payload(compact.payload, &mut buffer).ok()?;
    serde_json::from_slice(payload).ok()
}
