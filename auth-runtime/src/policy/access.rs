use super::Rule;

/// Who may call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Access {
    /// Everyone, known or not.
    Public {
        /// Why, as the attribute says it.
        because: Option<&'static str>,
    },
    /// Callers with a valid credential, for whom the rule holds.
    Protected(Protection),
}

/// What is demanded of the caller of a protected handler.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    via: Via,
    fresh: Option<u32>,
    rule: Rule,
    csrf_exempt: Option<&'static str>,
}

impl Protection {
    pub(super) const ANY_CALLER: Self =
        Self { via: Via::ANY, fresh: None, rule: Rule::Authenticated, csrf_exempt: None };

    pub(super) const fn with_via(mut self, via: Via) -> Self {
        self.via = via;
        self
    }

    pub(super) const fn with_fresh(mut self, seconds: u32) -> Self {
        self.fresh = Some(seconds);
        self
    }

    pub(super) const fn with_rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    pub(super) const fn with_csrf_exempt(mut self, because: &'static str) -> Self {
        self.csrf_exempt = Some(because);
        self
    }

    /// The kinds of credential that are accepted.
    pub const fn via(&self) -> Via {
        self.via
    }

    /// The greatest age of the caller's login, in seconds.
    pub const fn fresh(&self) -> Option<u32> {
        self.fresh
    }

    /// What must hold for the caller.
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Why a session's cookie counts in requests that other sites cause, too; `None` where it does not.
    pub const fn csrf_exemption(&self) -> Option<&'static str> {
        self.csrf_exempt
    }

    /// An exemption where no cookie is accepted would promise something that does not happen.
    pub(super) const fn is_consistent(&self) -> bool {
        self.csrf_exempt.is_none() || self.via.accepts(Via::SESSION)
    }
}

/// A set of credential kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via(u8);

impl Via {
    /// No kind at all: admits nobody.
    pub const NONE: Self = Self(0);
    /// An access token in the `Authorization` header.
    pub const BEARER: Self = Self(1);
    /// A session cookie.
    pub const SESSION: Self = Self(2);
    /// An API key.
    pub const API_KEY: Self = Self(4);
    /// Every kind.
    pub const ANY: Self = Self(7);

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every kind of `other` is in this set, and there is one.
    pub const fn accepts(self, other: Self) -> bool {
        other.0 != 0 && self.0 & other.0 == other.0
    }

    /// The names of the kinds in this set, as the attribute spells them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [(Self::BEARER, "bearer"), (Self::SESSION, "session"), (Self::API_KEY, "api_key")]
            .into_iter()
            .filter(move |(kind, _)| self.accepts(*kind))
            .map(|(_, name)| name)
    }
}
