use super::ClaimPath;

/// The claims that become roles and scopes.
#[derive(Clone, Debug)]
pub(in crate::remote) struct Mapping {
    pub(in crate::remote) roles: Option<ClaimPath>,
    pub(in crate::remote) role_prefix: Box<str>,
    pub(in crate::remote) scopes: ClaimPath,
    pub(in crate::remote) scope_prefix: Box<str>,
    /// Whether `name`, `email`, `emailVerified` and `banned` are of the person, as better-auth writes them.
    pub(in crate::remote) has_profile: bool,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            roles: None,
            role_prefix: "".into(),
            scopes: ClaimPath::from(["scope"]),
            scope_prefix: "".into(),
            has_profile: false,
        }
    }
}
