use super::RoleRule;

/// A role that an attribute names by a constant: a text or a value of a type with roles.
///
/// A constant cannot ask a trait which of the two it is. But `str` has a constant function `as_bytes`, and types with
/// roles have a hidden one of the same name, which returns the requirement. So the result of `CONSTANT.as_bytes()` has
/// one of the two types below.
#[derive(Clone, Copy, Debug)]
pub struct RoleConstant<T>(pub T);

impl RoleConstant<RoleRule> {
    /// Returns the requirement of a handler that asks for this role.
    pub const fn requirement(self) -> RoleRule {
        self.0
    }

    /// Judges the text. Roles of a type were checked with their type.
    pub const fn text(self) -> RoleText {
        RoleText::Role
    }
}

impl RoleConstant<&'static [u8]> {
    /// Returns the requirement of a handler that asks for the role of this name.
    pub const fn requirement(self) -> RoleRule {
        match core::str::from_utf8(self.0) {
            Ok(name) => RoleRule::new(name),
            // Never: the bytes are those of a text. No caller has a role without a name.
            Err(_) => RoleRule::new(""),
        }
    }

    /// Judges the text.
    pub const fn text(self) -> RoleText {
        RoleText::of(self.0)
    }
}

/// What the text of a constant is, where an attribute names the constant as a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleText {
    /// One role.
    Role,
    /// Nothing, or spaces alone.
    Empty,
    /// A name with spaces around it.
    Padded,
    /// A text with a comma, a semicolon, a bar or a control character, which separate names.
    Several,
}

impl RoleText {
    const fn of(text: &[u8]) -> Self {
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if trimmed.len() != text.len() {
            return Self::Padded;
        }
        let mut rest = text;
        while let [byte, tail @ ..] = rest {
            if matches!(byte, b',' | b';' | b'|') || byte.is_ascii_control() {
                return Self::Several;
            }
            rest = tail;
        }
        Self::Role
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_role_or_says_why_not() {
        for (text, expected) in [
            ("admin", RoleText::Role),
            ("Billing (EU)", RoleText::Role),
            ("", RoleText::Empty),
            ("  ", RoleText::Empty),
            ("admin ", RoleText::Padded),
            ("a,b", RoleText::Several),
            ("a|b", RoleText::Several),
            ("a\nb", RoleText::Several),
        ] {
            assert_eq!(RoleConstant(text.as_bytes()).text(), expected, "{text:?}");
        }
        assert_eq!(RoleConstant("admin".as_bytes()).requirement(), RoleRule::new("admin"));
        assert_eq!(RoleConstant(RoleRule::new("admin").as_bytes()).requirement(), RoleRule::new("admin"));
    }
}
