use core::fmt;

use super::Identity;

/// A caller's subject together with the issuer that vouches for it, as a key.
///
/// A subject is unique only within its issuer: the `42` of a partner is another person than the `42` of this service.
/// Compare and store both wherever a record belongs to a caller.
///
/// ```
/// use auth_runtime::{Identity, identity::Principal, policy::Via};
///
/// let ours = Identity::builder("42", Via::BEARER).issuer("https://api.example.com").build();
/// let theirs = Identity::builder("42", Via::BEARER).issuer("https://partner.example").build();
/// assert_ne!(ours.principal(), theirs.principal());
/// assert_eq!(ours.principal(), Principal::new("https://api.example.com", "42"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Principal<'a> {
    issuer: &'a str,
    subject: &'a str,
}

impl<'a> Principal<'a> {
    /// Creates the key of a stored owner.
    pub const fn new(issuer: &'a str, subject: &'a str) -> Self {
        Self { issuer, subject }
    }

    /// Returns the issuer: `iss`.
    pub const fn issuer(self) -> &'a str {
        self.issuer
    }

    /// Returns the subject: `sub`.
    pub const fn subject(self) -> &'a str {
        self.subject
    }
}

impl Identity {
    /// Returns the caller's subject with its issuer, as a key for records and counters.
    pub fn principal(&self) -> Principal<'_> {
        Principal::new(self.issuer(), self.subject())
    }
}

/// Prints both texts.
impl fmt::Debug for Principal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").field("issuer", &self.issuer).field("subject", &self.subject).finish()
    }
}
