use std::sync::Arc;

use super::{
    ceilings::Ceilings,
    cost::Cost,
    error::{HashingError, PasswordError, StoredHashError},
    memory::Buffers,
    stored::{Argon2Hash, Derivation, Likeness, Stored},
    verified::Verified,
    verifier::PasswordVerifier,
};
use crate::secret::Entropy;

const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 32;

/// The work of a worker.
#[derive(Clone)]
pub(super) struct Hasher {
    pub(super) cost: Cost,
    pub(super) ceilings: Ceilings,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) verifiers: Arc<[Arc<dyn PasswordVerifier>]>,
    pub(super) truncated_bcrypt: bool,
}

impl Hasher {
    pub(super) fn hash(&self, password: &[u8], buffers: &Buffers) -> Result<String, HashingError> {
        let mut salt = [0; SALT_BYTES];
        self.entropy.fill(&mut salt).map_err(HashingError::Randomness)?;
        let fresh = Argon2Hash::new(&self.cost, salt.to_vec(), vec![0; TAG_BYTES]);
        fresh.with_tag_of(password, buffers).map(|hash| hash.to_string())
    }

    pub(super) fn read(&self, stored: &str) -> Result<Stored, StoredHashError> {
        Stored::read(stored, &self.ceilings, &self.verifiers)
    }

    pub(super) fn verify(
        &self,
        password: &str,
        stored: &Stored,
        buffers: &Buffers,
    ) -> Result<Result<Verified, PasswordError>, HashingError> {
        for (at, candidate) in stored.text.candidates(password).iter().enumerate() {
            match self.likeness(candidate, stored, buffers)? {
                Ok(Likeness::Other) => {}
                // The second text of a hash of this crate is the text that earlier versions hashed.
                Ok(Likeness::Same) => {
                    let is_better = at > 0 || !stored.is_as_strong_as(&self.cost);
                    let upgrade = is_better && stored.text.is_plain(password);
                    return Ok(Ok(Verified::Match { upgrade }));
                }
                Ok(Likeness::SameBeginning) if self.truncated_bcrypt => return Ok(Ok(Verified::SameBeginning)),
                Ok(Likeness::SameBeginning) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(Verified::Mismatch))
    }

    fn likeness(
        &self,
        text: &str,
        stored: &Stored,
        buffers: &Buffers,
    ) -> Result<Result<Likeness, PasswordError>, HashingError> {
        let password = text.as_bytes();
        let matches = match &stored.derivation {
            Derivation::Unusable => {
                // Takes the same work as a hash of this crate. The result does not count.
                let decoy = Argon2Hash::new(&self.cost, vec![0; SALT_BYTES], vec![0; TAG_BYTES]);
                decoy.matches(password, buffers)?;
                false
            }
            Derivation::Argon2(hash) => hash.matches(password, buffers)?,
            Derivation::Bcrypt(hash) => return Ok(Ok(hash.likeness(password))),
            Derivation::Custom(recognised) => match recognised.matches(text) {
                Ok(matches) => matches,
                Err(error) => return Ok(Err(error)),
            },
            Derivation::Ldap(hash) => hash.matches(password),
            Derivation::Pbkdf2(hash) => hash.matches(password),
            Derivation::Phpass(hash) => hash.matches(password),
            Derivation::Scrypt(hash) => hash.matches(password)?,
            Derivation::ShaCrypt(hash) => hash.matches(password),
        };
        Ok(Ok(if matches { Likeness::Same } else { Likeness::Other }))
    }
}
