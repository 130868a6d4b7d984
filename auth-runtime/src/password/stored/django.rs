//! Reads Django's forms: `scheme$…`, some of which wrap a modular one. Django uses salts as they are written.

use super::{
    argon2::Argon2Hash,
    bcrypt::{BcryptHash, Key},
    derivation::Derivation,
    fields::{PADDED, TAG_BYTES, decimal, decode, split},
    pbkdf2::{Pbkdf2Hash, Prf, SALT_BYTES},
    scrypt::{ScryptHash, Work},
};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

pub(super) fn read(scheme: &str, rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    match scheme {
        "argon2" => {
            let (variant, rest) = rest.split_once('$').ok_or(StoredHashError::Malformed)?;
            Argon2Hash::read(variant, rest, ceilings).map(Derivation::Argon2)
        }
        "bcrypt" => bcrypt(rest, Key::Password, ceilings),
        "bcrypt_sha256" => bcrypt(rest, Key::HexSha256, ceilings),
        "pbkdf2_sha1" => pbkdf2(Prf::Sha1, rest, ceilings),
        "pbkdf2_sha256" => pbkdf2(Prf::Sha256, rest, ceilings),
        "scrypt" => scrypt(rest, ceilings),
        _ => Err(StoredHashError::UnknownScheme),
    }
}

/// Reads the text after `bcrypt$` or another system's prefix: a modular bcrypt string.
pub(super) fn bcrypt(rest: &str, key: Key, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let rest = ["$2a$", "$2b$", "$2y$"].iter().find_map(|prefix| rest.strip_prefix(prefix));
    BcryptHash::read(rest.ok_or(StoredHashError::Malformed)?, key, ceilings).map(Derivation::Bcrypt)
}

/// Reads `iterations$salt$tag`.
fn pbkdf2(prf: Prf, rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let [iterations, salt, tag] = split(rest, '$')?;
    let tag = decode(&PADDED, tag, &(prf.block()..=prf.block()))?;
    if !SALT_BYTES.contains(&salt.len()) {
        return Err(StoredHashError::Malformed);
    }
    Pbkdf2Hash::new(prf, decimal(iterations)?, salt.into(), tag, ceilings).map(Derivation::Pbkdf2)
}

/// Reads `N$salt$r$p$tag`.
fn scrypt(rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let [n, salt, r, p, tag] = split(rest, '$')?;
    if !SALT_BYTES.contains(&salt.len()) {
        return Err(StoredHashError::Malformed);
    }
    let work = Work::of_n(decimal(n)?, decimal(r)?, decimal(p)?, ceilings)?;
    Ok(Derivation::Scrypt(ScryptHash::new(work, salt.into(), decode(&PADDED, tag, &TAG_BYTES)?)))
}
