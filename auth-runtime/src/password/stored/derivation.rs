use super::{
    argon2::Argon2Hash, bcrypt::BcryptHash, ldap::LdapHash, pbkdf2::Pbkdf2Hash, phpass::PhpassHash, scrypt::ScryptHash,
    sha_crypt::ShaCryptHash,
};
use crate::password::verifier::Recognised;

/// The way to derive the hash again.
pub(in crate::password) enum Derivation {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Ldap(LdapHash),
    Pbkdf2(Pbkdf2Hash),
    Phpass(PhpassHash),
    Scrypt(ScryptHash),
    ShaCrypt(ShaCryptHash),
    /// A verifier of the application derives it.
    Custom(Recognised),
    /// The account has no password: Django's `!` followed by any text.
    Unusable,
}
