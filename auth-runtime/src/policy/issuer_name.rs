use core::fmt;

/// The application's own name for an issuer of tokens.
///
/// Policies ask for issuers by name, and the settings say which issuer has the name. So a policy stays the same when an
/// issuer's URL differs between deployments.
///
/// ```
/// use auth_runtime::policy::IssuerName;
///
/// const CORPORATE: IssuerName = IssuerName::new("corporate");
/// assert_eq!(CORPORATE.as_str(), "corporate");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IssuerName(&'static str);

impl IssuerName {
    /// Creates a name. Names are compared exactly.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Returns the name as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for IssuerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
