use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use zeroize::Zeroizing;

use super::fields::BCRYPT;
use crate::{
    password::{ceilings::Ceilings, error::UnreadableHash},
    secret::is_same,
};

/// What bcrypt takes of a password, its closing NUL counted.
const MAX_BYTES: usize = 72;

const MIN_COST: u32 = 4;
const MAX_COST: u32 = 31;

/// `2b$12$` and 53 characters: 22 of salt, 31 of tag.
pub(in crate::password) struct BcryptHash {
    cost: u32,
    /// Django's `bcrypt_sha256`: bcrypt is given the hexadecimal SHA-256 of the password.
    prehashed: bool,
    salt: [u8; 16],
    tag: [u8; 23],
}

impl BcryptHash {
    /// What follows `$2b$`.
    pub(super) fn read(rest: &str, prehashed: bool, ceilings: &Ceilings) -> Result<Self, UnreadableHash> {
        let (cost, salt_and_tag) = rest.split_once('$').ok_or(UnreadableHash::Malformed)?;
        let (salt, tag) = salt_and_tag.split_at_checked(22).ok_or(UnreadableHash::Malformed)?;
        Ok(Self { cost: affordable(cost, ceilings)?, prehashed, salt: exactly(salt)?, tag: exactly(tag)? })
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        if self.prehashed {
            return self.derives_from(&hex_sha256(password));
        }
        // bcrypt would ignore what follows the 72nd byte, and reads a key that is repeated over a NUL as the shorter one. Such
        // a password costs what any other costs and is nobody's.
        self.derives_from(password) & (password.len() <= MAX_BYTES) & !password.contains(&0)
    }

    fn derives_from(&self, password: &[u8]) -> bool {
        let mut key: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
        key.extend(password.iter().chain(&[0]).take(MAX_BYTES));
        let derived = Zeroizing::new(::bcrypt::bcrypt(self.cost, self.salt, &key));
        // The last of the 24 bytes was never part of the stored form.
        let derived = derived.get(..self.tag.len()).unwrap_or_default();
        is_same(derived, &self.tag)
    }
}

/// Two digits, as every implementation writes it.
fn affordable(cost: &str, ceilings: &Ceilings) -> Result<u32, UnreadableHash> {
    let two_digits = cost.len() == 2 && cost.bytes().all(|byte| byte.is_ascii_digit());
    let cost = cost.parse().ok().filter(|cost| two_digits && (MIN_COST..=MAX_COST).contains(cost));
    let cost = cost.ok_or(UnreadableHash::Malformed)?;
    if cost > ceilings.bcrypt_cost { Err(UnreadableHash::TooCostly) } else { Ok(cost) }
}

fn exactly<const N: usize>(text: &str) -> Result<[u8; N], UnreadableHash> {
    let decoded = BCRYPT.decode(text).map_err(|_| UnreadableHash::Malformed)?;
    decoded.try_into().map_err(|_| UnreadableHash::Malformed)
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
