use super::RoleRule;

/// The condition that must hold for an authenticated caller: a tree, never text.
///
/// An empty [`All`](Rule::All) admits no caller, and neither does an empty [`Any`](Rule::Any).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Rule {
    /// Holds for every authenticated caller.
    Authenticated,
    /// The caller holds this role, or another role that implies it.
    Role(RoleRule),
    /// The caller's credential carries this scope.
    Scope(&'static str),
    /// An asynchronous check of the application. It runs only when the other rules leave the decision open.
    Check(CheckRule),
    /// All rules of the list hold.
    All(&'static [Rule]),
    /// At least one rule of the list holds.
    Any(&'static [Rule]),
    /// The rule does not hold.
    Not(&'static Rule),
}

impl Rule {
    /// Creates the rule that the caller holds the role of this name.
    pub const fn role(name: &'static str) -> Self {
        Self::Role(RoleRule::new(name))
    }

    /// Creates the rule that the caller's credential carries this scope.
    pub const fn scope(name: &'static str) -> Self {
        Self::Scope(name)
    }

    /// Creates the rule that the check at `index` of [`HasPolicy::Checks`](super::HasPolicy::Checks) holds.
    pub const fn check(index: usize, name: &'static str) -> Self {
        Self::Check(CheckRule { index, name })
    }
}

impl Rule {
    /// Returns the scopes that the rule names outside of negations, each once. A rule without scopes costs nothing.
    pub(crate) fn scopes(&self) -> Vec<&'static str> {
        let mut scopes = Vec::new();
        self.collect_scopes(&mut scopes);
        scopes
    }

    fn collect_scopes(&self, scopes: &mut Vec<&'static str>) {
        match self {
            Self::Scope(scope) if !scopes.contains(scope) => scopes.push(scope),
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|rule| rule.collect_scopes(scopes)),
            _ => {}
        }
    }
}

/// A reference to one of a policy's checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckRule {
    pub(crate) index: usize,
    pub(crate) name: &'static str,
}

impl CheckRule {
    /// Returns the index of the check in [`HasPolicy::Checks`](super::HasPolicy::Checks), counted from zero.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Returns the path of the check, as the attribute spells it.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// A function that explains why an extractor cannot read the path of a route with these parameters. It returns `None`
/// when no obstacle is known.
pub type PathFit = fn(parameters: &[&str]) -> Option<String>;

/// The requirements of a check on the handler's route.
#[derive(Clone, Copy, Debug)]
pub struct CheckPath {
    /// The path of the check as the attribute spells it.
    pub name: &'static str,
    /// One entry for each argument that reads the path.
    pub arguments: &'static [Option<PathFit>],
}
