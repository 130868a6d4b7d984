use super::IssuerName;

/// The issuers that an application trusts. `#[derive(Issuer)]` implements the trait for an enum.
///
/// The derive also adds `const fn issuer_name(&self) -> IssuerName`, which the attributes call. An implementation by
/// hand needs that function, too:
///
/// ```
/// use auth_runtime::policy::{IssuerName, TrustedIssuer};
///
/// struct Corporate;
///
/// impl Corporate {
///     const fn issuer_name(&self) -> IssuerName {
///         IssuerName::new("corporate")
///     }
/// }
///
/// impl TrustedIssuer for Corporate {
///     fn issuer_name(&self) -> IssuerName {
///         self.issuer_name()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no issuer [AUTH190]",
    label = "not an issuer",
    note = "put `#[derive(Issuer)]` on the enum that lists the issuers"
)]
pub trait TrustedIssuer: Sized + Send + Sync + 'static {
    /// Returns the name of this issuer.
    fn issuer_name(&self) -> IssuerName;
}

impl TrustedIssuer for IssuerName {
    fn issuer_name(&self) -> IssuerName {
        *self
    }
}

/// A method `issuer_name` of every value, for the attributes.
///
/// `#[derive(Issuer)]` writes a function of this name, which the compiler prefers. On a type without the derive, the
/// compiler finds this method. Its bound says that the type is no issuer.
pub trait NameOfIssuer {
    /// Returns the name of the issuer for which a handler asks.
    fn issuer_name(&self) -> IssuerName
    where
        Self: TrustedIssuer,
    {
        TrustedIssuer::issuer_name(self)
    }
}

impl<T> NameOfIssuer for T {}
