use core::fmt;

use proc_macro2::Ident;

/// One of the attributes of this crate that add a clause to a handler's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Attribute {
    Public,
    Protected,
    RequireRole,
    RequireScope,
    Authorize,
    Body,
    RateLimit,
    Csp,
    CsrfExempt,
}

impl Attribute {
    pub(crate) const ALL: [Attribute; 9] = [
        Self::Public,
        Self::Protected,
        Self::RequireRole,
        Self::RequireScope,
        Self::Authorize,
        Self::Body,
        Self::RateLimit,
        Self::Csp,
        Self::CsrfExempt,
    ];

    /// Returns the attribute with this name. The raw identifier `r#protected` is the same name as `protected`.
    pub(crate) fn from_name(name: &Ident) -> Option<Self> {
        let name = name.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        Self::ALL.into_iter().find(|attribute| name == attribute.name())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Protected => "protected",
            Self::RequireRole => "require_role",
            Self::RequireScope => "require_scope",
            Self::Authorize => "authorize",
            Self::Body => "body",
            Self::RateLimit => "rate_limit",
            Self::Csp => "csp",
            Self::CsrfExempt => "csrf_exempt",
        }
    }

    /// Returns whether the attribute declares who may call.
    pub(crate) fn declares_access(self) -> bool {
        !matches!(self, Self::Body | Self::RateLimit | Self::Csp | Self::CsrfExempt)
    }
}

/// Writes the attribute as messages show it: `#[rate_limit]`.
impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#[{}]", self.name())
    }
}
