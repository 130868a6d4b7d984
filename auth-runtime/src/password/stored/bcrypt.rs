use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use base64::Engine;
use zeroize::Zeroizing;

use super::{
    fields::{BCRYPT, PADDED},
    foreign::Bcrypt,
};
use crate::{
    password::{ceilings::Ceilings, error::StoredHashError},
    secret::is_same,
};

/// The number of bytes of a password that bcrypt reads, including its closing NUL.
const MAX_BYTES: usize = 72;

const MIN_COST: u32 = 4;
const MAX_COST: u32 = 31;

/// `2b$12$` and 53 characters: 22 of salt, 31 of tag.
pub(in crate::password) struct BcryptHash {
    cost: u32,
    key: Key,
    salt: [u8; 16],
    tag: [u8; 23],
    function: Bcrypt,
}

/// The key that bcrypt receives.
pub(super) enum Key {
    /// The password, of which bcrypt reads 72 bytes.
    Password,
    /// The hexadecimal SHA-256 of the password: Django's `bcrypt_sha256`.
    HexSha256,
    /// The base64 of the password's SHA-256: passlib's `bcrypt_sha256`, first version.
    Base64Sha256,
    /// The base64 of the password's HMAC-SHA-256, keyed by the salt as it is written: passlib's second version.
    Base64HmacSha256(String),
    /// The base64 of the password's HMAC-SHA-384, keyed by a constant: WordPress.
    Base64HmacSha384(&'static [u8]),
}

/// The result of comparing a password with a hash that may have been made from its beginning only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::password) enum Likeness {
    Same,
    /// The password is longer than the part that bcrypt reads, and this part matches.
    SameBeginning,
    Other,
}

impl BcryptHash {
    /// Reads the text after `$2b$`.
    pub(super) fn read(rest: &str, key: Key, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        let (cost, salt_and_tag) = rest.split_once('$').ok_or(StoredHashError::Malformed)?;
        let (salt, tag) = salt_and_tag.split_at_checked(22).ok_or(StoredHashError::Malformed)?;
        Self::of_parts(cost, salt, tag, key, ceilings)
    }

    pub(super) fn of_parts(
        cost: &str,
        salt: &str,
        tag: &str,
        key: Key,
        ceilings: &Ceilings,
    ) -> Result<Self, StoredHashError> {
        let (cost, salt, tag) = (affordable(cost, ceilings)?, exactly(salt)?, exactly(tag)?);
        Ok(Self { cost, key, salt, tag, function: Bcrypt::new()? })
    }

    /// Compares the password. bcrypt would ignore the bytes after the 72nd, and would treat a key repeated across a NUL
    /// like the shorter key. This password takes the same work as any other, and does not match.
    pub(in crate::password) fn likeness(&self, password: &[u8]) -> Likeness {
        let derives = match self.prehashed(password) {
            Some(key) => return if self.derives_from(&key) { Likeness::Same } else { Likeness::Other },
            None => self.derives_from(password),
        };
        match (derives && !password.contains(&0), password.len() <= MAX_BYTES) {
            (true, true) => Likeness::Same,
            (true, false) => Likeness::SameBeginning,
            (false, _) => Likeness::Other,
        }
    }

    fn prehashed(&self, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let base64 = |digest: &[u8]| Zeroizing::new(PADDED.encode(digest).into_bytes());
        let keyed = |algorithm, key: &[u8]| base64(hmac::sign(&hmac::Key::new(algorithm, key), password).as_ref());
        match &self.key {
            Key::Password => None,
            Key::HexSha256 => Some(hex_sha256(password)),
            Key::Base64Sha256 => Some(base64(digest(&SHA256, password).as_ref())),
            Key::Base64HmacSha256(salt) => Some(keyed(hmac::HMAC_SHA256, salt.as_bytes())),
            Key::Base64HmacSha384(constant) => Some(keyed(hmac::HMAC_SHA384, constant)),
        }
    }

    fn derives_from(&self, password: &[u8]) -> bool {
        let mut key: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
        key.extend(password.iter().chain(&[0]).take(MAX_BYTES));
        let derived = Zeroizing::new(self.function.derive(self.cost, self.salt, &key));
        // The last of the 24 bytes was never part of the stored form.
        let derived = derived.get(..self.tag.len()).unwrap_or_default();
        is_same(derived, &self.tag)
    }
}

/// Reads two digits, as every implementation writes the cost.
fn affordable(cost: &str, ceilings: &Ceilings) -> Result<u32, StoredHashError> {
    let two_digits = cost.len() == 2 && cost.bytes().all(|byte| byte.is_ascii_digit());
    let cost = cost.parse().ok().filter(|cost| two_digits && (MIN_COST..=MAX_COST).contains(cost));
    let cost = cost.ok_or(StoredHashError::Malformed)?;
    if cost > ceilings.bcrypt_cost { Err(StoredHashError::TooCostly) } else { Ok(cost) }
}

fn exactly<const N: usize>(text: &str) -> Result<[u8; N], StoredHashError> {
    let decoded = BCRYPT.decode(text).map_err(|_| StoredHashError::Malformed)?;
    decoded.try_into().map_err(|_| StoredHashError::Malformed)
}

fn hex_sha256(password: &[u8]) -> Zeroizing<Vec<u8>> {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digest = digest(&SHA256, password);
    let nibbles = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex = nibbles.filter_map(|nibble| DIGITS.get(usize::from(nibble)).copied());
    let mut text = Zeroizing::new(Vec::with_capacity(64));
    text.extend(hex);
    text
}
