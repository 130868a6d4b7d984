/// What the text of a constant is, where an attribute names the constant as a scope. The attributes ask while the
/// handler is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeText {
    /// One scope.
    Scope,
    /// Nothing.
    Empty,
    /// A text with a space, a comma, a semicolon or a bar, which separate names.
    Several,
    /// A text with a character that no scope has (RFC 6749, section 3.3).
    Strange,
}

impl ScopeText {
    /// Judges the text.
    pub const fn of(text: &str) -> Self {
        let mut rest = text.as_bytes();
        if rest.is_empty() {
            return Self::Empty;
        }
        while let [byte, tail @ ..] = rest {
            match byte {
                b' ' | b',' | b';' | b'|' => return Self::Several,
                b'"' | b'\\' => return Self::Strange,
                byte if !byte.is_ascii_graphic() => return Self::Strange,
                _ => rest = tail,
            }
        }
        Self::Scope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_visible_ascii_without_separators() {
        for scope in ["read", "notes:read", "https://api.example/scopes/a.b-c_d", "!#~"] {
            assert_eq!(ScopeText::of(scope), ScopeText::Scope, "{scope}");
        }
        assert_eq!(ScopeText::of(""), ScopeText::Empty);
        for several in ["a b", " a", "a ", "a,b", "a;b", "a|b"] {
            assert_eq!(ScopeText::of(several), ScopeText::Several, "{several}");
        }
        for strange in ["a\"", "a\\b", "caf\u{e9}", "a\nb", "\u{7f}"] {
            assert_eq!(ScopeText::of(strange), ScopeText::Strange, "{strange:?}");
        }
    }
}
