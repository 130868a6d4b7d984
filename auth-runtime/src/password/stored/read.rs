use std::sync::Arc;

use super::{
    argon2::Argon2Hash,
    aspnet,
    bcrypt::{BcryptHash, Key},
    better_auth,
    derivation::Derivation,
    django,
    ldap::{self, LdapHash},
    passlib,
    pbkdf2::Pbkdf2Hash,
    phpass::PhpassHash,
    refused,
    scrypt::ScryptHash,
    sha_crypt::ShaCryptHash,
    spring, werkzeug, wordpress,
};
use crate::password::{
    ceilings::Ceilings,
    cost::Cost,
    error::StoredHashError,
    text::Text,
    verifier::{PasswordVerifier, recognise},
};

/// The maximum length of a stored hash, in bytes. The longest hash that a supported system writes has about 200.
const MAX_BYTES: usize = 1024;

/// The beginning of this crate's own hashes. Other systems write the same form, and their hashes cannot be
/// distinguished.
const OWN: &str = "$argon2id$v=19$";

/// A hash as it was stored. It has been read and is within the ceilings.
pub(in crate::password) struct Stored {
    pub(in crate::password) derivation: Derivation,
    /// The text of the password from which the hash was derived.
    pub(in crate::password) text: Text,
}

impl Stored {
    /// A hash that no system wrote: the account is absent, or has no password.
    pub(in crate::password) const UNUSABLE: Self = Self { derivation: Derivation::Unusable, text: Text::NfcOrRaw };

    pub(in crate::password) fn read(
        text: &str,
        ceilings: &Ceilings,
        verifiers: &[Arc<dyn PasswordVerifier>],
    ) -> Result<Self, StoredHashError> {
        if text.len() > MAX_BYTES {
            return Err(StoredHashError::Malformed);
        }
        if text.starts_with('!') {
            return Ok(Self::UNUSABLE);
        }
        if text.starts_with(OWN) {
            return Ok(Self { derivation: built_in(text, ceilings)?, text: Text::NfcOrRaw });
        }
        if let Some(recognised) = recognise(verifiers, text, ceilings)? {
            return Ok(Self { derivation: Derivation::Custom(recognised), text: Text::Raw });
        }
        Ok(Self { derivation: built_in(text, ceilings)?, text: hashed_by(text) })
    }

    /// Checks that a password of this length is within the ceilings, too.
    pub(in crate::password) fn affordable(
        &self,
        password_bytes: usize,
        ceilings: &Ceilings,
    ) -> Result<(), StoredHashError> {
        match &self.derivation {
            Derivation::ShaCrypt(hash) => hash.affordable(password_bytes, ceilings),
            _ => Ok(()),
        }
    }

    /// Returns whether this hash is at least as strong as a new one, and normalised like it.
    pub(in crate::password) fn is_as_strong_as(&self, cost: &Cost) -> bool {
        match &self.derivation {
            Derivation::Argon2(hash) => self.text == Text::NfcOrRaw && hash.is_as_strong_as(cost),
            _ => false,
        }
    }
}

/// Returns the text that a foreign form was derived from. Only this function decides it.
fn hashed_by(text: &str) -> Text {
    match text {
        _ if text.starts_with("$wp$") => Text::WordPress,
        _ if text.starts_with("$P$") => Text::Phpass,
        _ if text.starts_with("$H$") => Text::PhpBb,
        _ if text.split_once(':').is_some_and(|(salt, tag)| better_auth::is_form(salt, tag)) => Text::Nfkc,
        _ => Text::Raw,
    }
}

/// Selects one form for each text: the first character decides, then the name of the scheme.
fn built_in(text: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let read = if let Some(rest) = text.strip_prefix('$') {
        modular(rest, ceilings)
    } else if let Some(rest) = text.strip_prefix('{') {
        braced(rest, ceilings)
    } else if let Some((scheme, rest)) = text.split_once('$') {
        let system = if scheme.contains(':') { werkzeug::read } else { django::read };
        system(scheme, rest, ceilings)
    } else if let Some((salt, tag)) = text.split_once(':').filter(|(salt, tag)| better_auth::is_form(salt, tag)) {
        better_auth::read(salt, tag, ceilings).map(Derivation::Scrypt)
    } else if aspnet::is_form(text) {
        aspnet::read(text, ceilings).map(Derivation::Pbkdf2)
    } else {
        Err(StoredHashError::UnknownScheme)
    };
    read.map_err(|unreadable| match unreadable {
        StoredHashError::UnknownScheme => refused::reason(text),
        known => known,
    })
}

/// Reads PHC strings and the forms of crypt and passlib: `$scheme$…`, here without the first dollar.
fn modular(text: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let (scheme, rest) = text.split_once('$').ok_or(StoredHashError::UnknownScheme)?;
    match scheme {
        "argon2id" | "argon2i" | "argon2d" => Argon2Hash::read(scheme, rest, ceilings).map(Derivation::Argon2),
        // 2x marks hashes of an implementation that mangled non-ASCII passwords: many passwords match one hash. So it
        // is not accepted.
        "2a" | "2b" | "2y" => BcryptHash::read(rest, Key::Password, ceilings).map(Derivation::Bcrypt),
        "5" | "6" => ShaCryptHash::read(scheme, rest, ceilings).map(Derivation::ShaCrypt),
        "P" | "H" => PhpassHash::read(rest, ceilings).map(Derivation::Phpass),
        "bcrypt-sha256" => passlib::bcrypt_sha256(rest, ceilings).map(Derivation::Bcrypt),
        "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" => {
            Pbkdf2Hash::read(scheme, rest, ceilings).map(Derivation::Pbkdf2)
        }
        "scrypt" => ScryptHash::read(rest, ceilings).map(Derivation::Scrypt),
        "wp" => wordpress::bcrypt(rest, ceilings).map(Derivation::Bcrypt),
        _ => Err(StoredHashError::UnknownScheme),
    }
}

/// Reads the forms of directories and Spring Security, here without the first brace.
fn braced(text: &str, ceilings: &Ceilings) -> Result<Derivation, StoredHashError> {
    let (id, rest) = text.split_once('}').ok_or(StoredHashError::UnknownScheme)?;
    match ldap::algorithm(id) {
        Some(algorithm) => LdapHash::read(algorithm, rest).map(Derivation::Ldap),
        None => spring::read(id, rest, ceilings),
    }
}
