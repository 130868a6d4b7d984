use core::fmt;

/// The roles of an application. `#[derive(Role)]` implements the trait for an enum.
///
/// The derive also adds `const fn requirement(&self) -> RoleRule` and implements `Display`, `FromStr`, serde's traits,
/// and `From` for `String`. An implementation by hand looks like this. To use such roles in the attributes, add the
/// `requirement` function as well. Where the name in the attribute is in capitals, as of a constant, add
/// `const fn as_bytes` with the same result:
///
/// ```
/// use auth_runtime::policy::{Role, RoleRule};
///
/// struct Admin;
/// impl Role for Admin {
///     const NAMES: &'static [&'static str] = &["admin"];
///     fn name(&self) -> &'static str {
///         "admin"
///     }
///     fn from_name(name: &str) -> Option<Self> {
///         (name == "admin").then_some(Self)
///     }
///     fn rule(&self) -> RoleRule {
///         RoleRule::new("admin")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no role [AUTH138]",
    label = "not a role",
    note = "put `#[derive(Role)]` on the enum, or name the role in quotes: `\"admin\"`"
)]
pub trait Role: Sized + Send + Sync + 'static {
    /// The names of all roles, in the order of the variants.
    const NAMES: &'static [&'static str];

    /// Returns the name of this role in tokens and stores.
    fn name(&self) -> &'static str;

    /// Returns the role with this name. Names are compared exactly.
    fn from_name(name: &str) -> Option<Self>;

    /// Returns the requirement of a handler that asks for this role.
    fn rule(&self) -> RoleRule;
}

/// A required role, with the names of all roles that satisfy the requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleRule {
    name: &'static str,
    implied_by: &'static [&'static str],
}

impl RoleRule {
    /// Creates the requirement of the role `name`, which no other role satisfies.
    pub const fn new(name: &'static str) -> Self {
        Self { name, implied_by: &[] }
    }

    /// Sets the names of the other roles that satisfy the requirement as well.
    #[must_use]
    pub const fn with_implied_by(mut self, roles: &'static [&'static str]) -> Self {
        self.implied_by = roles;
        self
    }

    /// Returns the role's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the requirement itself, as a role of a derived enum returns its own. So a constant of this type stands
    /// in an attribute like a role:
    ///
    /// ```
    /// use auth_runtime::{policy::RoleRule, prelude::*};
    ///
    /// const AUDITOR: RoleRule = RoleRule::new("auditor");
    ///
    /// #[require_role(AUDITOR)]
    /// async fn audit() {}
    /// ```
    #[must_use]
    pub const fn requirement(&self) -> Self {
        *self
    }

    /// Returns the requirement. A constant of this type stands in an attribute like a constant text, see
    /// `RoleConstant`.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_bytes(&self) -> Self {
        *self
    }

    /// Returns the names of the other roles that include this one.
    pub const fn implied_by(&self) -> &'static [&'static str] {
        self.implied_by
    }

    /// Returns whether a caller with the role `held` satisfies this requirement.
    pub fn is_satisfied_by(&self, held: &str) -> bool {
        held == self.name || self.implied_by.contains(&held)
    }

    /// Returns whether this role and `other` overlap: they are equal, or one implies the other. The attributes call it
    /// in constants.
    #[doc(hidden)]
    pub const fn overlaps(&self, other: &RoleRule) -> bool {
        equal(self.name, other.name) || contains(self.implied_by, other.name) || contains(other.implied_by, self.name)
    }
}

/// The error for a text that names no role of the parsed enum. It lists the names, and does not repeat the text.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseRoleError {
    pub(super) names: &'static [&'static str],
}

// A `main` that returns an error shows its `Debug`.
impl fmt::Debug for ParseRoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ParseRoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown role: the roles are {}", self.names.join(", "))
    }
}

impl core::error::Error for ParseRoleError {}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut rest = names;
    while let [first, tail @ ..] = rest {
        if equal(first, name) {
            return true;
        }
        rest = tail;
    }
    false
}

pub(super) const fn equal(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    a.is_empty() && b.is_empty()
}
