/// The user names that new accounts may have, for [`AuthBuilder::user_names`](crate::auth::AuthBuilder::user_names).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserNames {
    /// 3 to 50 ASCII letters, digits or underscores.
    #[default]
    Ascii,
}

impl UserNames {
    pub(crate) fn accepts(self, name: &str) -> bool {
        match self {
            Self::Ascii => super::is_username(name),
        }
    }

    /// Returns the rule, for people.
    pub(crate) const fn rule(self) -> &'static str {
        match self {
            Self::Ascii => "must be 3 to 50 letters, digits or underscores",
        }
    }
}
