use core::fmt;

use crate::password::MAX_PASSWORD_BYTES;

/// What is wrong with a new password. Displayed, it is a message for the person who chose it, without the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordFault {
    /// Fewer code points than the policy asks for.
    TooShort {
        /// How many it asks for.
        least: usize,
    },
    /// More than [`MAX_PASSWORD_BYTES`] bytes.
    TooLong,
    /// One of the passwords that attackers try first.
    Common,
    /// Little more than a name, an e-mail address or the service's name.
    Context,
    /// The policy asks for a digit.
    NoDigit,
    /// The policy asks for an upper-case letter.
    NoUppercase,
    /// The policy asks for a lower-case letter.
    NoLowercase,
}

impl PasswordFault {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::Common => "password-common",
            Self::Context => "password-context",
            Self::NoDigit => "password-no-digit",
            Self::NoUppercase => "password-no-uppercase",
            Self::NoLowercase => "password-no-lowercase",
        }
    }
}

impl fmt::Display for PasswordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { least } => write!(f, "must have at least {least} characters"),
            Self::TooLong => write!(f, "must have at most {MAX_PASSWORD_BYTES} bytes"),
            Self::Common => f.write_str("is among the passwords that are tried first; choose another one"),
            Self::Context => f.write_str("must be more than your name, your e-mail address or the name of the service"),
            Self::NoDigit => f.write_str("must have a digit"),
            Self::NoUppercase => f.write_str("must have an upper-case letter"),
            Self::NoLowercase => f.write_str("must have a lower-case letter"),
        }
    }
}
