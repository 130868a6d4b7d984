/// The place of a claim, by the names of the members that lead to it.
///
/// A text is split at its dots. A text that begins with `https://` or `http://` is one name, as some issuers name
/// claims of their own by URLs. An array of names is taken as it is.
///
/// ```
/// use auth_runtime::remote::ClaimPath;
///
/// assert_eq!(ClaimPath::from("realm_access.roles"), ClaimPath::from(["realm_access", "roles"]));
/// assert_eq!(ClaimPath::from("https://api.example/roles"), ClaimPath::from(["https://api.example/roles"]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPath(Box<[Box<str>]>);

impl ClaimPath {
    /// Returns whether the path leads through the member `name` at this depth.
    #[inline]
    pub(in crate::remote) fn has(&self, depth: usize, name: &[u8]) -> bool {
        self.0.get(depth).is_some_and(|step| step.as_bytes() == name)
    }

    /// Returns whether the path ends at this depth.
    #[inline]
    pub(in crate::remote) fn ends_at(&self, depth: usize) -> bool {
        depth.checked_add(1) == Some(self.0.len())
    }

    /// Returns whether no name is empty, and there is one.
    pub(super) fn is_complete(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|name| !name.is_empty())
    }

    pub(super) fn first(&self) -> &str {
        self.0.first().map_or("", |name| name)
    }
}

impl From<&str> for ClaimPath {
    fn from(text: &str) -> Self {
        if text.starts_with("https://") || text.starts_with("http://") {
            return Self::from([text]);
        }
        Self(text.split('.').map(Into::into).collect())
    }
}

impl<const N: usize> From<[&str; N]> for ClaimPath {
    fn from(names: [&str; N]) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}
