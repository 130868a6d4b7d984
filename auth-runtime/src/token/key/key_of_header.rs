use super::algorithm::Jwa;
use crate::token::jose::{Header, JoseError};

/// A key that the header of a token may name.
pub(super) trait NamedKey {
    /// Returns the key's `kid`, if it has one.
    fn id(&self) -> Option<&str>;

    /// Returns the only algorithm for which the key is used.
    fn jwa(&self) -> Jwa;
}

/// Finds the only key that a header can name, if the header's algorithm is the key's.
#[inline]
pub(super) fn named_by<'k, K: NamedKey>(header: &Header<'_>, keys: &'k [K]) -> Result<&'k K, JoseError> {
    let key = match (header.kid, keys) {
        (Some(kid), _) => keys.iter().find(|key| key.id() == Some(kid)).ok_or(JoseError::UnknownKey)?,
        (None, [only]) => only,
        (None, []) => return Err(JoseError::UnknownKey),
        // A token without `kid` can name no key of a larger set.
        (None, _) => return Err(JoseError::AmbiguousKey),
    };
    if key.jwa().is_named(header.alg) { Ok(key) } else { Err(JoseError::WrongAlgorithm) }
}
