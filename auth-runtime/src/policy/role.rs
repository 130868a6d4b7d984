use core::fmt;

/// An application's roles, as `#[derive(Role)]` writes them.
///
/// The derive also gives each value a `const fn requirement(&self) -> RoleRule`, `Display`, `FromStr` and serde's traits.
/// By hand it is this much; only the attributes need more, the `requirement`:
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
///         RoleRule::named("admin")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no role",
    label = "not a role",
    note = "write the role as a string literal, or as a value of an enum with `#[derive(Role)]`"
)]
pub trait Role: Sized + Send + Sync + 'static {
    /// Every role's name, in the order of the variants.
    const NAMES: &'static [&'static str];

    /// The name under which tokens and stores know this role.
    fn name(&self) -> &'static str;

    /// The role of this name, compared exactly.
    fn from_name(name: &str) -> Option<Self>;

    /// What a handler demands that asks for this role.
    fn rule(&self) -> RoleRule;
}

/// A role that is demanded, with the names of all roles that satisfy the demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleRule {
    name: &'static str,
    implied_by: &'static [&'static str],
}

impl RoleRule {
    /// A role without a hierarchy.
    pub const fn named(name: &'static str) -> Self {
        Self { name, implied_by: &[] }
    }

    /// A role that holders of any role in `implied_by` have as well.
    pub const fn implied_by(name: &'static str, implied_by: &'static [&'static str]) -> Self {
        Self { name, implied_by }
    }

    /// The role's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The names of the other roles that include this one.
    pub const fn implying(&self) -> &'static [&'static str] {
        self.implied_by
    }

    /// Whether a caller with the role `held` satisfies this demand.
    pub fn satisfied_by(&self, held: &str) -> bool {
        held == self.name || self.implied_by.contains(&held)
    }

    /// Whether this role and `other` overlap: one is the other, or is implied by it. For use in constants.
    pub const fn overlaps(&self, other: &RoleRule) -> bool {
        equal(self.name, other.name) || contains(self.implied_by, other.name) || contains(other.implied_by, self.name)
    }
}

/// A text that names no role of the enum it was parsed for. Does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownRole;

impl fmt::Display for UnknownRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown role")
    }
}

impl core::error::Error for UnknownRole {}

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

const fn equal(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    a.is_empty() && b.is_empty()
}
