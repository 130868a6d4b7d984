use core::fmt;

use crate::password::MAX_PASSWORD_BYTES;

/// The fault of a new password. `Display` writes a message for the user who chose it, without the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordPolicyError {
    /// The password has fewer code points than the policy requires.
    TooShort {
        /// The number of code points that the policy requires.
        min: usize,
    },
    /// The password has more than [`MAX_PASSWORD_BYTES`] bytes.
    TooLong,
    /// Attackers try this password first.
    Common,
    /// A list of leaked passwords has it.
    Breached,
    /// The password is little more than a name, an e-mail address or the service's name.
    Context,
    /// The password lacks a digit, which the policy requires.
    NoDigit,
    /// The password lacks an upper-case letter, which the policy requires.
    NoUppercase,
    /// The password lacks a lower-case letter, which the policy requires.
    NoLowercase,
}

impl PasswordPolicyError {
    /// Returns a stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::Common => "password-common",
            Self::Breached => "password-breached",
            Self::Context => "password-context",
            Self::NoDigit => "password-no-digit",
            Self::NoUppercase => "password-no-uppercase",
            Self::NoLowercase => "password-no-lowercase",
        }
    }
}

impl fmt::Display for PasswordPolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::TooLong => write!(f, "must have at most {MAX_PASSWORD_BYTES} bytes"),
            Self::Common => f.write_str("is among the passwords that are tried first; choose another one"),
            Self::Breached => f.write_str("was published in a leak of passwords; choose another one"),
            Self::Context => f.write_str("must be more than your name, your e-mail address or the name of the service"),
            Self::NoDigit => f.write_str("must have a digit"),
            Self::NoUppercase => f.write_str("must have an upper-case letter"),
            Self::NoLowercase => f.write_str("must have a lower-case letter"),
        }
    }
}
