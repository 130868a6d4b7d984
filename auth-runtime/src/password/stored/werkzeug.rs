//! Reads Werkzeug's `method:parameters$salt$tag`, which Flask applications write. Werkzeug uses salts as they are
//! written; tags are hexadecimal.

use super::{
    derivation::Derivation,
    fields::{decimal, hex, split},
    pbkdf2::{Pbkdf2Hash, Prf, SALT_BYTES},
    scrypt::{ScryptHash, Work},
};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

/// The tag length, in bytes. Werkzeug has always used the default length of the underlying functions.
const SCRYPT_TAG_BYTES: core::ops::RangeInclusive<usize> = 64..=64;

pub(super) fn read(method: &str, rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let [salt, tag] = split(rest, '$')?;
    if !SALT_BYTES.contains(&salt.len()) {
        return Err(StoredHashError::Malformed);
    }
    match method.split_once(':') {
        Some(("scrypt", params)) => {
            let [n, r, p] = split(params, ':')?;
            let work = Work::of_n(decimal(n)?, decimal(r)?, decimal(p)?, ceilings)?;
            Ok(Derivation::Scrypt(ScryptHash::new(work, salt.into(), hex(tag, &SCRYPT_TAG_BYTES)?)))
        }
        Some(("pbkdf2", params)) => {
            let [prf, iterations] = split(params, ':')?;
            let prf = match prf {
                "sha1" => Prf::Sha1,
                "sha256" => Prf::Sha256,
                "sha512" => Prf::Sha512,
                _ => return Err(StoredHashError::UnknownScheme),
            };
            let tag = hex(tag, &(prf.block()..=prf.block()))?;
            Pbkdf2Hash::new(prf, decimal(iterations)?, salt.into(), tag, ceilings).map(Derivation::Pbkdf2)
        }
        _ => Err(StoredHashError::UnknownScheme),
    }
}
