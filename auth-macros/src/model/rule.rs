use proc_macro2::TokenStream;
use syn::LitStr;

/// The condition that must hold for an authenticated caller.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Rule {
    Authenticated,
    Role(Role),
    Scope(Scope),
    /// The check at this index of the policy's checks.
    Check(usize, Check),
    All(Vec<Rule>),
    Any(Vec<Rule>),
    Not(Box<Rule>),
}

impl Rule {
    /// Returns the rule that all `rules` hold. It drops rules that always hold and flattens nested lists.
    pub(crate) fn all(rules: Vec<Rule>) -> Self {
        let mut flat = Vec::new();
        for rule in rules {
            match rule {
                Self::Authenticated => {}
                Self::All(rules) => flat.extend(rules),
                rule => flat.push(rule),
            }
        }
        match flat.len() {
            0 => Self::Authenticated,
            1 => flat.remove(0),
            _ => Self::All(flat),
        }
    }

    /// Returns the rule that at least one of `rules` holds. It flattens nested lists.
    pub(crate) fn any(rules: Vec<Rule>) -> Self {
        let mut flat = Vec::new();
        for rule in rules {
            match rule {
                Self::Any(rules) => flat.extend(rules),
                rule => flat.push(rule),
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => Self::Any(flat),
        }
    }
}

/// A role, given by its name or by a path to a value that has one.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Role {
    Named(LitStr),
    Path {
        path: TokenStream,
        spelled: String,
    },
    /// A constant, which has a role or the text of one.
    Constant {
        path: TokenStream,
        spelled: String,
    },
}

impl Role {
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self, Self::Constant { .. })
    }

    /// Returns the text that messages quote and that distinguishes two roles.
    pub(crate) fn spelled(&self) -> String {
        match self {
            Self::Named(name) => format!("{:?}", name.value()),
            Self::Path { spelled, .. } | Self::Constant { spelled, .. } => spelled.clone(),
        }
    }
}

/// A scope, given by its text or by the path of a constant that has it.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Scope {
    Named(LitStr),
    Constant { path: TokenStream, spelled: String },
}

impl Scope {
    /// Returns the text that messages quote and that distinguishes two scopes.
    pub(crate) fn spelled(&self) -> String {
        match self {
            Self::Named(name) => format!("{:?}", name.value()),
            Self::Constant { spelled, .. } => spelled.clone(),
        }
    }
}

impl Rule {
    /// Returns the constants that the rule names as roles, each once.
    pub(crate) fn role_constants(&self) -> Vec<&Role> {
        let mut constants = Vec::new();
        self.collect_role_constants(&mut constants);
        constants
    }

    fn collect_role_constants<'r>(&'r self, constants: &mut Vec<&'r Role>) {
        match self {
            Self::Role(role) if role.is_constant() => {
                if !constants.iter().any(|known| known.spelled() == role.spelled()) {
                    constants.push(role);
                }
            }
            Self::All(rules) | Self::Any(rules) => {
                rules.iter().for_each(|rule| rule.collect_role_constants(constants));
            }
            Self::Not(rule) => rule.collect_role_constants(constants),
            Self::Authenticated | Self::Role(_) | Self::Scope(_) | Self::Check(..) => {}
        }
    }

    /// Returns the paths of the constants that the rule names as scopes, each once, with their spelling.
    pub(crate) fn scope_constants(&self) -> Vec<(&TokenStream, &str)> {
        let mut constants = Vec::new();
        self.collect_scope_constants(&mut constants);
        constants
    }

    fn collect_scope_constants<'r>(&'r self, constants: &mut Vec<(&'r TokenStream, &'r str)>) {
        match self {
            Self::Scope(Scope::Constant { path, spelled }) => {
                if !constants.iter().any(|(_, known)| known == spelled) {
                    constants.push((path, spelled));
                }
            }
            Self::All(rules) | Self::Any(rules) => {
                rules.iter().for_each(|rule| rule.collect_scope_constants(constants));
            }
            Self::Not(rule) => rule.collect_scope_constants(constants),
            Self::Authenticated | Self::Role(_) | Self::Scope(Scope::Named(_)) | Self::Check(..) => {}
        }
    }
}

/// A check of the application.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Check {
    pub(crate) path: TokenStream,
    pub(crate) spelled: String,
}
