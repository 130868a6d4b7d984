//! A condition in our words.

/// What a string or a path names where the tokens do not say it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::lower) enum Noun {
    Role,
    Scope,
}

/// A condition in our words. Names are texts as the user types them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lower) enum Meant {
    /// At least one of the roles.
    Roles(Vec<String>),
    /// All of the scopes.
    Scopes(Vec<String>),
    Authenticated,
    Check(String),
    Not(Box<Meant>),
    All(Vec<Meant>),
    Any(Vec<Meant>),
}

impl Meant {
    pub(in crate::lower) fn named(names: Vec<String>, noun: Noun) -> Self {
        match noun {
            Noun::Role => Self::Roles(names),
            Noun::Scope => Self::Scopes(names),
        }
    }

    /// Returns the condition that all of these hold. Scopes become one list.
    pub(in crate::lower) fn all(parts: Vec<Meant>) -> Self {
        let mut joined: Vec<Meant> = Vec::new();
        for part in parts {
            match (joined.last_mut(), part) {
                (Some(Self::Scopes(before)), Self::Scopes(more)) => before.extend(more),
                (_, Self::All(parts)) => joined.extend(parts),
                (_, part) => joined.push(part),
            }
        }
        if joined.len() == 1 { joined.remove(0) } else { Self::All(joined) }
    }

    /// Returns the condition that one of these holds. Roles become one list.
    pub(in crate::lower) fn any(parts: Vec<Meant>) -> Self {
        let mut joined: Vec<Meant> = Vec::new();
        for part in parts {
            match (joined.last_mut(), part) {
                (Some(Self::Roles(before)), Self::Roles(more)) => before.extend(more),
                (_, Self::Any(parts)) => joined.extend(parts),
                (_, part) => joined.push(part),
            }
        }
        if joined.len() == 1 { joined.remove(0) } else { Self::Any(joined) }
    }

    pub(in crate::lower) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Returns the condition as a whole expression.
    pub(in crate::lower) fn alone(&self) -> String {
        match self {
            Self::Roles(roles) => joined(roles.iter().map(|role| format!("role({role})")), " || "),
            Self::All(parts) => joined(parts.iter().map(Self::operand), " && "),
            Self::Any(parts) => joined(parts.iter().map(Self::operand), " || "),
            other => other.operand(),
        }
    }

    /// Returns the condition as an operand of `!`, `&&` or `||`.
    pub(in crate::lower) fn operand(&self) -> String {
        match self {
            Self::Roles(roles) => format!("role({})", roles.join(", ")),
            Self::Scopes(scopes) => format!("scope({})", scopes.join(", ")),
            Self::Authenticated => "authenticated".to_owned(),
            Self::Check(path) => format!("check({path})"),
            Self::Not(inner) => format!("!{}", inner.operand()),
            Self::All(_) | Self::Any(_) => format!("({})", self.alone()),
        }
    }
}

fn joined(parts: impl Iterator<Item = String>, operator: &str) -> String {
    parts.collect::<Vec<_>>().join(operator)
}
