//! Reads passlib's `$bcrypt-sha256$`, which differs from Django's `bcrypt_sha256`.

use super::{
    bcrypt::{BcryptHash, Key},
    fields::split,
};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

/// Reads the text after `$bcrypt-sha256$`: `v=2,t=2b,r=12$salt$tag`, or the first version's `2b,12$salt$tag`.
pub(super) fn bcrypt_sha256(rest: &str, ceilings: &Ceilings) -> Result<BcryptHash, StoredHashError> {
    let [params, salt, tag] = split(rest, '$')?;
    let (ident, cost, key) = match params.strip_prefix("v=2,") {
        None => {
            let [ident, cost] = split(params, ',')?;
            (ident, cost, Key::Base64Sha256)
        }
        Some(params) => {
            let [ident, cost] = split(params, ',')?;
            let (ident, cost) = (ident.strip_prefix("t="), cost.strip_prefix("r="));
            let (ident, cost) = ident.zip(cost).ok_or(StoredHashError::Malformed)?;
            (ident, cost, Key::Base64HmacSha256(salt.to_owned()))
        }
    };
    if !matches!(ident, "2a" | "2b" | "2y") {
        return Err(StoredHashError::Malformed);
    }
    // passlib writes the cost without a leading zero, bcrypt with it.
    let cost = if cost.len() == 1 { format!("0{cost}") } else { cost.to_owned() };
    BcryptHash::of_parts(&cost, salt, tag, key, ceilings)
}
