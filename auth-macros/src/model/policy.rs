use core::num::NonZeroU32;

use proc_macro2::TokenStream;
use syn::LitStr;

use super::{Body, Check, Csp, Limit, Role, Rule};

/// All requirements on a request before its handler runs.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) access: Access,
    pub(crate) body: Option<Body>,
    /// The limits, in an order that does not depend on the order of the attributes.
    pub(crate) limits: Vec<Limit>,
    pub(crate) csp: Option<Csp>,
}

#[derive(Clone)]
pub(crate) enum Access {
    Public { because: Option<LitStr> },
    Protected(Box<Protection>),
}

/// The requirements on the caller of a protected handler.
#[derive(Clone)]
pub(crate) struct Protection {
    /// The accepted kinds of credential, in ascending order; empty for all kinds.
    pub(crate) via: Vec<Credential>,
    /// The issuers of which one must vouch for the caller; empty for all issuers.
    pub(crate) issuers: Vec<Issuer>,
    /// The maximum age of the login, in seconds.
    pub(crate) fresh: Option<NonZeroU32>,
    pub(crate) rule: Rule,
    /// The reason why a session cookie is accepted even in requests that other sites cause, or `None` where it is not.
    pub(crate) csrf_exempt: Option<LitStr>,
    /// The policies that must hold besides, each once.
    pub(crate) named: Vec<Named>,
    /// The checks that the rule refers to by index, each once.
    pub(crate) checks: Vec<Check>,
    /// Pairs of roles of one list, of which neither may imply the other. Only the compiler can check this.
    pub(crate) apart: Vec<(Role, Role)>,
    /// Expressions that must neither always nor never hold. Only the compiler can check this.
    pub(crate) contingent: Vec<Contingent>,
}

impl Protection {
    /// Returns whether a credential of this kind is accepted.
    pub(crate) fn accepts(&self, kind: Credential) -> bool {
        self.via.is_empty() || self.via.contains(&kind)
    }
}

/// A demand on the hierarchy of roles: some caller must be in one of the marked rows.
#[derive(Clone)]
pub(crate) struct Contingent {
    /// The expression, at which the error points.
    pub(crate) at: TokenStream,
    /// The text of the error.
    pub(crate) text: String,
    pub(crate) roles: Vec<Role>,
    /// One bit for each combination of the roles. In row `r`, the caller satisfies role `i` if bit `i` of `r` is set.
    pub(crate) rows: Vec<u64>,
}

/// A type with a policy, by its path.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Named {
    pub(crate) path: TokenStream,
    pub(crate) spelled: String,
}

/// A variant of the application's issuers, by its path.
#[derive(Clone)]
pub(crate) struct Issuer {
    pub(crate) path: TokenStream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Credential {
    Bearer,
    Session,
    ApiKey,
}

impl Credential {
    /// Returns the name in `via(..)`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Session => "session",
            Self::ApiKey => "api_key",
        }
    }
}
