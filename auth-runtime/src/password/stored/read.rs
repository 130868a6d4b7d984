use super::{argon2::Argon2Hash, bcrypt::BcryptHash, pbkdf2::Pbkdf2Hash, scrypt::ScryptHash};
use crate::password::{ceilings::Ceilings, cost::Cost, error::UnreadableHash};

/// The longest hash that is looked at, in bytes. The longest that any supported system writes is about 200.
const MAX_BYTES: usize = 1024;

/// A hash as it was stored, read and found affordable.
pub(in crate::password) enum Stored {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Pbkdf2(Pbkdf2Hash),
    Scrypt(ScryptHash),
    /// The account has no password: Django's `!` and whatever follows.
    Unusable,
}

impl Stored {
    pub(in crate::password) fn read(text: &str, ceilings: &Ceilings) -> Result<Self, UnreadableHash> {
        if text.len() > MAX_BYTES {
            return Err(UnreadableHash::Malformed);
        }
        if text.starts_with('!') {
            return Ok(Self::Unusable);
        }
        match text.strip_prefix('$') {
            Some(text) => modular(text, ceilings),
            None => django(text, ceilings),
        }
    }

    /// Would a new hash be no stronger than this one?
    pub(in crate::password) fn is_as_strong_as(&self, cost: &Cost) -> bool {
        match self {
            Self::Argon2(hash) => hash.is_as_strong_as(cost),
            Self::Bcrypt(_) | Self::Pbkdf2(_) | Self::Scrypt(_) | Self::Unusable => false,
        }
    }
}

/// PHC strings, crypt's and passlib's forms: `$scheme$…`, here without the first dollar.
fn modular(text: &str, ceilings: &Ceilings) -> Result<Stored, UnreadableHash> {
    let (scheme, rest) = text.split_once('$').ok_or(UnreadableHash::UnknownScheme)?;
    match scheme {
        "argon2id" | "argon2i" | "argon2d" => Argon2Hash::read(scheme, rest, ceilings).map(Stored::Argon2),
        // 2x marks hashes of an implementation that mangled non-ASCII passwords: many passwords fit one hash.
        "2a" | "2b" | "2y" => BcryptHash::read(rest, false, ceilings).map(Stored::Bcrypt),
        "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" => {
            Pbkdf2Hash::read(scheme, rest, ceilings).map(Stored::Pbkdf2)
        }
        "scrypt" => ScryptHash::read(rest, ceilings).map(Stored::Scrypt),
        _ => Err(UnreadableHash::UnknownScheme),
    }
}

/// Django's forms: `scheme$…`, some of which wrap a modular one.
fn django(text: &str, ceilings: &Ceilings) -> Result<Stored, UnreadableHash> {
    let (scheme, rest) = text.split_once('$').ok_or(UnreadableHash::UnknownScheme)?;
    match scheme {
        "argon2" => {
            let (variant, rest) = rest.split_once('$').ok_or(UnreadableHash::Malformed)?;
            Argon2Hash::read(variant, rest, ceilings).map(Stored::Argon2)
        }
        "bcrypt" => wrapped_bcrypt(rest, false, ceilings),
        "bcrypt_sha256" => wrapped_bcrypt(rest, true, ceilings),
        "pbkdf2_sha1" | "pbkdf2_sha256" => Pbkdf2Hash::read_django(scheme, rest, ceilings).map(Stored::Pbkdf2),
        "scrypt" => ScryptHash::read_django(rest, ceilings).map(Stored::Scrypt),
        _ => Err(UnreadableHash::UnknownScheme),
    }
}

fn wrapped_bcrypt(rest: &str, prehashed: bool, ceilings: &Ceilings) -> Result<Stored, UnreadableHash> {
    let rest = ["$2a$", "$2b$", "$2y$"].iter().find_map(|prefix| rest.strip_prefix(prefix));
    BcryptHash::read(rest.ok_or(UnreadableHash::Malformed)?, prehashed, ceilings).map(Stored::Bcrypt)
}
