//! Reads the forms of Spring Security's `DelegatingPasswordEncoder`: `{id}` and the output of the encoder with this
//! name.

use super::{
    argon2::Argon2Hash,
    bcrypt::Key,
    derivation::Derivation,
    django::bcrypt,
    fields::{PADDED, TAG_BYTES, decode, hex, split},
    pbkdf2::{Pbkdf2Hash, Prf},
    scrypt::{SALT_BYTES, ScryptHash, Work},
};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

pub(super) fn read(id: &str, rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    match id {
        "bcrypt" => bcrypt(rest, Key::Password, ceilings),
        "pbkdf2" => pbkdf2(&V5_5, rest, ceilings),
        "pbkdf2@SpringSecurity_v5_8" => pbkdf2(&V5_8, rest, ceilings),
        "scrypt" | "scrypt@SpringSecurity_v5_8" => scrypt(rest, ceilings),
        "argon2" | "argon2@SpringSecurity_v5_8" => argon2(rest, ceilings),
        _ => Err(StoredHashError::UnknownScheme),
    }
}

/// The settings that the form does not contain. The encoder of that name has always used the same ones.
struct Pbkdf2Settings {
    prf: Prf,
    salt_bytes: usize,
    iterations: u32,
}

const V5_5: Pbkdf2Settings = Pbkdf2Settings { prf: Prf::Sha1, salt_bytes: 8, iterations: 185_000 };
const V5_8: Pbkdf2Settings = Pbkdf2Settings { prf: Prf::Sha256, salt_bytes: 16, iterations: 310_000 };

/// 256 bits with either settings; with SHA-1 this is more than one block.
const PBKDF2_TAG_BYTES: usize = 32;

/// Reads salt and tag, in hexadecimal.
fn pbkdf2(settings: &Pbkdf2Settings, rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let bytes = settings.salt_bytes.saturating_add(PBKDF2_TAG_BYTES);
    let mut salt = hex(rest, &(bytes..=bytes))?;
    let tag = salt.split_off(settings.salt_bytes);
    Pbkdf2Hash::new(settings.prf, settings.iterations, salt, tag, ceilings).map(Derivation::Pbkdf2)
}

/// Reads `$e0801$salt$tag`. The first field is `N` as a power of two, then `r` and `p` with one byte each.
fn scrypt(rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let [params, salt, tag] = split(rest.strip_prefix('$').ok_or(StoredHashError::Malformed)?, '$')?;
    let is_canonical = matches!(params.len(), 5..=6)
        && !params.starts_with('0')
        && params.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let params = u32::from_str_radix(params, 16).ok().filter(|_| is_canonical).ok_or(StoredHashError::Malformed)?;
    let work = Work::new(params >> 16, (params >> 8) & 0xff, params & 0xff, ceilings)?;
    let (salt, tag) = (decode(&PADDED, salt, &SALT_BYTES)?, decode(&PADDED, tag, &TAG_BYTES)?);
    Ok(Derivation::Scrypt(ScryptHash::new(work, salt, tag)))
}

fn argon2(rest: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let rest = rest.strip_prefix('$').ok_or(StoredHashError::Malformed)?;
    let (variant, rest) = rest.split_once('$').ok_or(StoredHashError::Malformed)?;
    Argon2Hash::read(variant, rest, ceilings).map(Derivation::Argon2)
}
