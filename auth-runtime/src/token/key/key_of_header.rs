use super::{ring_key::RingKey, set::only};
use crate::token::jose::{Header, JoseError};

/// Finds the key that a header names, if the header's algorithm is the key's.
pub(super) fn named_by<'k>(header: &Header<'_>, keys: &'k [RingKey]) -> Result<&'k RingKey, JoseError> {
    let key = match header.kid {
        Some(kid) => keys.iter().find(|key| &*key.verifying().id == kid).ok_or(JoseError::UnknownKey)?,
        None => only(keys)?,
    };
    let fits = key.verifying().algorithm.jwa().is_named(header.alg);
    if fits { Ok(key) } else { Err(JoseError::WrongAlgorithm) }
}
