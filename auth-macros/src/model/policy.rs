use core::num::NonZeroU32;

use syn::LitStr;

use super::{Check, Limit, Role, Rule};

/// Everything that is demanded of a request before its handler runs.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) access: Access,
    /// In an order that does not depend on the order of the attributes.
    pub(crate) limits: Vec<Limit>,
}

impl Policy {
    /// Admits nobody: stands in for a policy that could not be made, beside its errors.
    pub(crate) fn nobody() -> Self {
        let rule = Rule::Any(Vec::new());
        let protection =
            Protection { via: Vec::new(), fresh: None, rule, csrf_exempt: None, checks: Vec::new(), apart: Vec::new() };
        Self { access: Access::Protected(protection), limits: Vec::new() }
    }
}

#[derive(Clone)]
pub(crate) enum Access {
    Public { because: Option<LitStr> },
    Protected(Protection),
}

/// What is demanded of the caller of a protected handler.
#[derive(Clone)]
pub(crate) struct Protection {
    /// The kinds of credential that are accepted, in ascending order; empty for every kind.
    pub(crate) via: Vec<Credential>,
    /// The greatest age of the login, in seconds.
    pub(crate) fresh: Option<NonZeroU32>,
    pub(crate) rule: Rule,
    /// Why a browser's cookie counts in requests from other sites, too; `None` where it does not.
    pub(crate) csrf_exempt: Option<LitStr>,
    /// The checks that the rule refers to by index, each once.
    pub(crate) checks: Vec<Check>,
    /// Pairs of roles of one list, none of which may imply the other: only the compiler can tell.
    pub(crate) apart: Vec<(Role, Role)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Credential {
    Bearer,
    Session,
    ApiKey,
}
