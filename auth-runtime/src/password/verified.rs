/// The result of comparing a password with a stored hash.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verified {
    /// The password is equal to the hashed one.
    #[non_exhaustive]
    Match {
        /// Whether to hash the password again and store the new hash. True when the hash has another scheme, a weaker
        /// setting or another spelling of the password than a new hash. False when the password is a variant that only
        /// the system behind the old hash takes for the same, for example one with a space at its end.
        upgrade: bool,
    },
    /// The password is longer than the 72 bytes that bcrypt reads, and its first 72 bytes match. Occurs only with
    /// [`accept_truncated_bcrypt`](super::PasswordsBuilder::accept_truncated_bcrypt); otherwise the password is a
    /// mismatch.
    ///
    /// Many passwords have this beginning: admit the user at most once, and ask for a new password.
    SameBeginning,
    /// The password does not match, or the account has no password.
    Mismatch,
}
