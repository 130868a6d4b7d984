//! `Debug` of the records and arguments that hold hashes or personal data. None of them prints a hash.

use core::fmt::{Debug, Formatter, Result};

use super::{
    Accounts, Attempt, CookieSwap, FirstCredential, NewAccount, Revocation, RevokedTarget, Rotation, TokenUse,
};

impl Debug for Accounts {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}

impl Debug for NewAccount {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("NewAccount")
            .field("id", &self.id)
            .field("active", &self.active)
            .field("superuser", &self.superuser)
            .finish_non_exhaustive()
    }
}

impl Debug for Attempt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Attempt").finish_non_exhaustive()
    }
}

impl Debug for CookieSwap {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("CookieSwap").finish_non_exhaustive()
    }
}

impl Debug for FirstCredential {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::RefreshToken { .. } => f.debug_struct("RefreshToken").finish_non_exhaustive(),
            Self::Cookie { .. } => f.debug_struct("Cookie").finish_non_exhaustive(),
        }
    }
}

impl Debug for Rotation<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Rotation")
            .field("client_id", &self.client_id)
            .field("now", &self.now)
            .field("grace_seconds", &self.grace_seconds)
            .field("idle_expires_at", &self.idle_expires_at)
            .finish_non_exhaustive()
    }
}

impl Debug for TokenUse<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("TokenUse").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Debug for Revocation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Revocation")
            .field("position", &self.position)
            .field("target", &self.target)
            .field("before_generation", &self.before_generation)
            .field("remember_until", &self.remember_until)
            .finish()
    }
}

/// Prints no identifier, which finds rows.
impl Debug for RevokedTarget {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Session(_) => "Session(..)",
            Self::Token(_) => "Token(..)",
        })
    }
}
