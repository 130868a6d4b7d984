use zeroize::Zeroizing;

use super::{crypt64, fields::decimal, foreign::ShaCrypt};
use crate::{
    password::{ceilings::Ceilings, error::StoredHashError},
    secret::is_same,
};

/// The rounds that crypt(3) uses by default.
const DEFAULT_ROUNDS: u32 = 5_000;
/// The minimum number of rounds. Below it, crypt(3) uses another number than the hash states.
const MIN_ROUNDS: u32 = 1_000;
const MAX_SALT_BYTES: usize = 16;

/// One block of SHA-512, the minimum work of a round.
const MIN_BYTES_A_ROUND: u64 = 128;

/// `$5$` and `$6$`: crypt(3) by SHA-256 and SHA-512, as Linux and passlib write it.
pub(in crate::password) struct ShaCryptHash {
    function: ShaCrypt,
    rounds: u32,
    salt: String,
    tag: Tag,
}

enum Tag {
    Sha256([u8; 32]),
    Sha512([u8; 64]),
}

impl ShaCryptHash {
    /// Reads the text after `$5$` or `$6$`: `rounds=656000$salt$tag`, or `salt$tag`.
    pub(super) fn read(scheme: &str, rest: &str, ceilings: &Ceilings) -> Result<Self, StoredHashError> {
        let (rounds, rest) = match rest.strip_prefix("rounds=") {
            None => (DEFAULT_ROUNDS, rest),
            Some(rest) => {
                let (rounds, rest) = rest.split_once('$').ok_or(StoredHashError::Malformed)?;
                (decimal(rounds)?, rest)
            }
        };
        let (salt, tag) = rest.split_once('$').ok_or(StoredHashError::Malformed)?;
        if rounds < MIN_ROUNDS || salt.len() > MAX_SALT_BYTES || !crypt64::is_text(salt) {
            return Err(StoredHashError::Malformed);
        }
        let tag = match scheme {
            "5" => Tag::Sha256(crypt64::decode(tag, &crypt64::SHA256)?),
            _ => Tag::Sha512(crypt64::decode(tag, &crypt64::SHA512)?),
        };
        let hash = Self { function: ShaCrypt::new(rounds)?, rounds, salt: salt.to_owned(), tag };
        if hash.is_affordable(0, ceilings) { Ok(hash) } else { Err(StoredHashError::TooCostly) }
    }

    /// Returns an error when a password of this length takes more work than the ceiling allows.
    pub(super) fn affordable(&self, password_bytes: usize, ceilings: &Ceilings) -> Result<(), StoredHashError> {
        let is_affordable = self.is_affordable(password_bytes, ceilings);
        if is_affordable { Ok(()) } else { Err(StoredHashError::TooCostlyForLongPasswords) }
    }

    /// Returns whether the cost is below the ceiling. Each round hashes the password about twice.
    fn is_affordable(&self, password_bytes: usize, ceilings: &Ceilings) -> bool {
        let (tag, password) = (self.tag().len() as u64, password_bytes as u64);
        let a_round = password.saturating_mul(2).saturating_add(tag).saturating_add(self.salt.len() as u64);
        u64::from(self.rounds).saturating_mul(a_round.max(MIN_BYTES_A_ROUND)) <= ceilings.sha_crypt_bytes
    }

    pub(in crate::password) fn matches(&self, password: &[u8]) -> bool {
        let salt = self.salt.as_bytes();
        let derived = Zeroizing::new(match self.tag {
            Tag::Sha256(_) => self.function.sha256(password, salt).to_vec(),
            Tag::Sha512(_) => self.function.sha512(password, salt).to_vec(),
        });
        is_same(&derived, self.tag())
    }

    fn tag(&self) -> &[u8] {
        match &self.tag {
            Tag::Sha256(tag) => tag,
            Tag::Sha512(tag) => tag,
        }
    }
}
