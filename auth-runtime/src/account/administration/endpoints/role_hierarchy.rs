use crate::policy::{Role, RoleRule};

/// The application's roles and their hierarchy, which says what the holder of a role may grant. `None` stands for an
/// application that has not named its roles.
#[derive(Clone, Copy)]
pub(super) struct Hierarchy(Option<fn(&str) -> Option<RoleRule>>);

impl Hierarchy {
    /// Without a hierarchy, a role stands for itself alone.
    pub(super) const NONE: Self = Self(None);

    /// Returns the hierarchy of a type that says which roles imply others.
    pub(super) fn of<R: Role>() -> Self {
        Self(Some(|name| R::from_name(name).map(|role| role.rule())))
    }

    /// Returns whether one of the roles `held` is the role `name`, or implies it.
    pub(super) fn is_held(self, name: &str, held: &[String]) -> bool {
        let rule = self.0.and_then(|rule_of| rule_of(name));
        held.iter().any(|one| one == name || rule.is_some_and(|rule| rule.is_satisfied_by(one)))
    }

    /// Returns whether the application may have this role: it has named the role, or none at all.
    pub(super) fn may_have(self, name: &str) -> bool {
        self.0.is_none_or(|rule_of| rule_of(name).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Editor;

    impl Role for Editor {
        const NAMES: &'static [&'static str] = &["editor"];
        fn name(&self) -> &'static str {
            "editor"
        }
        fn from_name(name: &str) -> Option<Self> {
            (name == "editor").then_some(Self)
        }
        fn rule(&self) -> RoleRule {
            RoleRule::new("editor").with_implied_by(&["admin"])
        }
    }

    #[test]
    fn a_role_is_held_by_its_name_or_by_one_that_implies_it() {
        let admin = ["admin".to_owned()];
        assert!(Hierarchy::of::<Editor>().is_held("editor", &admin));
        assert!(Hierarchy::of::<Editor>().is_held("admin", &admin), "a name that the type does not have");
        assert!(!Hierarchy::NONE.is_held("editor", &admin));
        for hierarchy in [Hierarchy::NONE, Hierarchy::of::<Editor>()] {
            assert!(hierarchy.is_held("editor", &["editor".to_owned()]));
            assert!(!hierarchy.is_held("admin", &["editor".to_owned()]), "never the other way round");
            assert!(!hierarchy.is_held("editor", &[]));
        }
    }
}
