use core::{num::NonZeroU32, time::Duration};

use super::{IssuerName, Rule, number::as_duration};

/// The callers that a policy admits.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Access {
    /// The policy admits all callers, with or without a credential.
    #[non_exhaustive]
    Public {
        /// The reason, as the attribute states it in `because`.
        reason: Option<&'static str>,
    },
    /// The policy admits callers with a valid credential for whom the rule holds.
    Protected(Protection),
}

/// The requirements on the caller of a protected handler.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    via: Via,
    issuers: Option<&'static [IssuerName]>,
    max_login_age: Option<NonZeroU32>,
    rule: Rule,
    csrf_exemption: Option<&'static str>,
}

impl Protection {
    pub(super) const ANY_CALLER: Self =
        Self { via: Via::ANY, issuers: None, max_login_age: None, rule: Rule::Authenticated, csrf_exemption: None };

    pub(super) const fn with_via(mut self, via: Via) -> Self {
        self.via = via;
        self
    }

    pub(super) const fn with_issuers(mut self, issuers: &'static [IssuerName]) -> Self {
        self.issuers = Some(issuers);
        self
    }

    pub(super) const fn with_max_login_age(mut self, seconds: NonZeroU32) -> Self {
        self.max_login_age = Some(seconds);
        self
    }

    pub(super) const fn with_rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    pub(super) const fn with_csrf_exemption(mut self, reason: &'static str) -> Self {
        self.csrf_exemption = Some(reason);
        self
    }

    /// Returns the accepted kinds of credential.
    pub const fn via(&self) -> Via {
        self.via
    }

    /// Returns the issuers of which one must vouch for the caller, or `None` where every known issuer may.
    pub const fn issuers(&self) -> Option<&'static [IssuerName]> {
        self.issuers
    }

    /// Returns the maximum age of the caller's login, or `None` where any age is accepted.
    #[doc(alias = "fresh")]
    pub const fn max_login_age(&self) -> Option<Duration> {
        match self.max_login_age {
            Some(seconds) => Some(as_duration(seconds)),
            None => None,
        }
    }

    /// Returns the rule that must hold for the caller.
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Returns the reason why a session cookie is accepted even in requests that other sites cause, or `None` where it
    /// is not.
    pub const fn csrf_exemption(&self) -> Option<&'static str> {
        self.csrf_exemption
    }

    /// Returns whether the parts fit each other. An exemption without accepted cookies would have no effect.
    pub(super) const fn is_consistent(&self) -> bool {
        self.csrf_exemption.is_none() || self.via.accepts(Via::SESSION)
    }
}

/// A set of credential kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Via(u8);

impl Via {
    /// The empty set. It admits no caller.
    pub const NONE: Self = Self(0);
    /// An access token in the `Authorization` header.
    pub const BEARER: Self = Self(1);
    /// A session cookie.
    pub const SESSION: Self = Self(2);
    /// An API key.
    pub const API_KEY: Self = Self(4);
    /// All kinds.
    pub const ANY: Self = Self(7);

    /// Returns the union of both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the kinds that are in both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the kinds of this set that are not in `other`.
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns whether every kind of `other` is in this set. An empty `other` is never accepted.
    pub const fn accepts(self, other: Self) -> bool {
        other.0 != 0 && self.0 & other.0 == other.0
    }

    /// Returns the names of the kinds in this set, as the attribute spells them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [(Self::BEARER, "bearer"), (Self::SESSION, "session"), (Self::API_KEY, "api_key")]
            .into_iter()
            .filter(move |(kind, _)| self.accepts(*kind))
            .map(|(_, name)| name)
    }
}
