#[automatically_derived]
impl Trusted {
    /// Returns the name of this issuer, by which policies ask for it.
    #[must_use]
    pub(crate) const fn issuer_name(&self) -> ::auth_runtime::policy::IssuerName {
        match *self {
            Self::Corporate { .. } => {
                ::auth_runtime::policy::IssuerName::new("Trusted::Corporate")
            }
            Self::r#Self_ { .. } => {
                ::auth_runtime::policy::IssuerName::new("Trusted::Self_")
            }
        }
    }
}
#[automatically_derived]
impl ::auth_runtime::policy::TrustedIssuer for Trusted {
    fn issuer_name(&self) -> ::auth_runtime::policy::IssuerName {
        Self::issuer_name(self)
    }
}
