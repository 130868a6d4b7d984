/// A group of account endpoints that belong together. [`AccountRoutes`](super::AccountRoutes) switches parts on and
/// off.
///
/// The paths stand below the prefix, which is `/auth` by default. `/logout`, `/logout/all` and `/reauthenticate` have
/// no part of their own. They are there as long as [`Tokens`](Self::Tokens) or [`BrowserSession`](Self::BrowserSession)
/// is on, so that everyone who can sign in can sign out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Opens accounts: `/register`.
    Registration,
    /// Signs apps in, and continues and ends what they hold: `/login`, `/token`, `/refresh` and `/revoke`.
    Tokens,
    /// Signs browsers in, by a cookie: `/session`.
    BrowserSession,
    /// Tells other services whether a token is active: `/introspect`.
    Introspection,
    /// Lists and ends the caller's sessions: `/sessions` and `/sessions/{id}`.
    Sessions,
    /// Changes the password of the caller: `/password`.
    PasswordChange,
    /// Sends and takes the token that resets a password: `/password/forgot` and `/password/reset`.
    PasswordReset,
    /// Sends and takes the token that verifies an e-mail address: `/email/verify` and `/email/send-verification`.
    EmailVerification,
    /// Gives the caller's account another e-mail address: `/email` and `/email/change`. Off by default.
    EmailChange,
    /// Returns the caller's own account: `GET /me`.
    Me,
    /// Deletes the caller's own account: `DELETE /me`. Off by default, since an application has to say first what
    /// becomes of its own rows that refer to the account.
    AccountDeletion,
    /// Creates, lists, rotates and revokes API keys: `/api-keys`, `/api-keys/{id}` and `/api-keys/{id}/rotate`.
    ApiKeys,
    /// Returns the public keys that verify access tokens: `/.well-known/jwks.json`, which no prefix moves.
    Jwks,
}

/// The parts that are on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts(u16);

impl Parts {
    /// Every part up to the last one, but those that an application has to ask for.
    pub(super) const DEFAULT: Self =
        Self(u16::MAX >> (15 - Part::Jwks as u16)).without(Part::EmailChange).without(Part::AccountDeletion);

    pub(super) fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        Self(parts.into_iter().fold(0, |bits, part| bits | bit(part)))
    }

    pub(super) const fn with(self, part: Part) -> Self {
        Self(self.0 | bit(part))
    }

    pub(super) const fn without(self, part: Part) -> Self {
        Self(self.0 & !bit(part))
    }

    pub(super) const fn has(self, part: Part) -> bool {
        self.0 & bit(part) != 0
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has_any(self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.has(*part))
    }
}

const fn bit(part: Part) -> u16 {
    1 << (part as u16)
}
