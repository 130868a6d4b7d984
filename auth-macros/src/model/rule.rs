use proc_macro2::TokenStream;
use syn::LitStr;

/// The condition that must hold for an authenticated caller.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Rule {
    Authenticated,
    Role(Role),
    Scope(LitStr),
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
    Path { path: TokenStream, spelled: String },
}

impl Role {
    /// Returns the text that messages quote and that distinguishes two roles.
    pub(crate) fn spelled(&self) -> String {
        match self {
            Self::Named(name) => format!("{:?}", name.value()),
            Self::Path { spelled, .. } => spelled.clone(),
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
