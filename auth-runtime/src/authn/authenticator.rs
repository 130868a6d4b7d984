use core::{error::Error, fmt};

use axum::http::{HeaderMap, request::Parts};

use crate::{
    clock::UnixTime, error::StoreError, identity::Identity, limit::LimitRejection, policy::Via, store::BoxFuture,
};

/// A way to prove the caller other than the built-in access tokens: sessions, API keys, another issuer.
///
/// A request with credentials for two authenticators is refused; no credential takes precedence.
///
/// # Credentials that browsers attach automatically
///
/// Where [`via`](Self::via) is [`Via::SESSION`], the credential that [`find`](Self::find) returns is treated like a
/// cookie:
///
/// - A request that another site causes is refused with 403 before the credential is looked up.
/// - A dead credential counts as absent. `find` and [`authenticate`](Self::authenticate) report it with
///   [`AuthnError::Invalid`]. The caller is then anonymous, and an event records the reason.
/// - A token or an API key beside it is verified first. Two live credentials are refused with 400.
///
/// A bad credential of any kind in `Authorization: Bearer` is refused with 401.
pub trait Authenticator: Send + Sync + 'static {
    /// Returns the kind of credential, one of [`Via`]'s constants. An identity of another kind is answered with 500.
    fn via(&self) -> Via;

    /// Returns whether a token from `Authorization: Bearer` belongs to this authenticator, by its form. A token that no
    /// authenticator takes is read as an access token.
    fn takes_bearer(&self, _token: &str) -> bool {
        false
    }

    /// Finds this authenticator's credential in other headers.
    ///
    /// # Errors
    /// Returns [`AuthnError::Malformed`] when the credential is there twice or cannot be read. Returns
    /// [`AuthnError::Invalid`] when browsers attach the credential automatically and its form already makes it invalid.
    fn find<'r>(&self, _headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        Ok(None)
    }

    /// Returns the credential's owner as an identity. When the subject is the identifier of a user of this service, the
    /// identity [says so](crate::identity::IdentityBuilder::of_this_service). Any other identity names its
    /// [issuer](crate::identity::IdentityBuilder::issuer). An identity that does neither belongs to no user:
    /// `CurrentUser` and the account endpoints refuse it with 403, and an event records the reason.
    ///
    /// # Errors
    /// Returns an error when the credential proves no caller, or when the store that must be read does not answer.
    fn authenticate<'a>(&'a self, credential: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>>;

    /// Does the same for a credential of this request. This crate's authenticators read the client's address from it.
    #[doc(hidden)]
    fn authenticate_of<'a>(
        &'a self,
        credential: &'a str,
        _request: &'a Parts,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        self.authenticate(credential, now)
    }
}

/// The reason why a credential proves no caller. The texts are for the operator and are never sent to the client.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthnError {
    /// It cannot be read, or there are several: 400.
    Malformed(&'static str),
    /// It is forged, expired, revoked or unknown: 401. A credential that browsers attach
    /// automatically counts as absent.
    Invalid(&'static str),
    /// Another site caused the request, and browsers attach the credential automatically: 403.
    CrossSite(&'static str),
    /// It is valid, and was used more often than its limit allows: 429. Or its issuer is not asked about it, because
    /// the client's address sends too many credentials that are refused.
    Limited(Box<LimitRejection>),
    /// A store or an issuer does not answer: 503.
    Unavailable(StoreError),
    /// The application is put together wrongly: 500. The text is for the operator.
    Misconfigured(&'static str),
}

impl fmt::Display for AuthnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(reason) => write!(f, "malformed credential: {reason}"),
            Self::Invalid(reason) => write!(f, "invalid credential: {reason}"),
            Self::CrossSite(reason) => write!(f, "cross-site request: {reason}"),
            Self::Limited(_) => f.write_str("the credential is used too often"),
            Self::Unavailable(error) => error.fmt(f),
            Self::Misconfigured(fault) => write!(f, "misconfigured: {fault}"),
        }
    }
}

impl Error for AuthnError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unavailable(error) => error.source(),
            _ => None,
        }
    }
}
