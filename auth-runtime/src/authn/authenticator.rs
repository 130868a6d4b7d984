use core::{error::Error, fmt};

use axum::http::HeaderMap;

use crate::{clock::UnixTime, error::StoreError, identity::Identity, limit::Refusal, policy::Via, store::BoxFuture};

/// A way to prove who calls, other than the built-in access tokens: sessions, API keys, another issuer.
///
/// A request with credentials for two authenticators is refused; nothing ranks them.
///
/// # Credentials that browsers send by themselves
///
/// Where [`kind`](Self::kind) is [`Via::SESSION`], what [`find`](Self::find) returns is taken for a cookie:
///
/// - A request that another site causes is refused with 403 before the credential is looked up.
/// - A dead credential counts as absent. `find` and [`authenticate`](Self::authenticate) report one with
///   [`AuthnError::Invalid`]; the caller is anonymous then, and an event has the reason.
/// - A token or an API key beside it is verified first. Two live credentials are refused with 400.
///
/// A bad credential in `Authorization: Bearer` is refused with 401, whatever its kind.
pub trait Authenticator: Send + Sync + 'static {
    /// The kind of credential, one of [`Via`]'s constants. An identity of another kind is answered with 500.
    fn kind(&self) -> Via;

    /// Whether a token from `Authorization: Bearer` belongs to this authenticator, by its form. Access tokens are
    /// whatever nobody else takes.
    fn takes_bearer(&self, _token: &str) -> bool {
        false
    }

    /// This authenticator's credential in other headers.
    ///
    /// # Errors
    /// [`AuthnError::Malformed`] when it is there twice or cannot be read. [`AuthnError::Invalid`] when it is one that
    /// browsers send by themselves and proves nobody by its form.
    fn find<'r>(&self, _headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        Ok(None)
    }

    /// Whose credential it is. Where the subject is the identifier of a user of this service, the identity
    /// [says so](crate::identity::IdentityBuilder::of_this_service); any other names its
    /// [issuer](crate::identity::IdentityBuilder::issuer). One that does neither is nobody's user: `CurrentUser` and the
    /// account endpoints refuse it with 403, and an event says why.
    ///
    /// # Errors
    /// When it proves nobody, or the store that would tell does not answer.
    fn authenticate<'a>(&'a self, credential: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>>;
}

/// Why a credential proves nobody. The words are for the operator and never sent to the client.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthnError {
    /// It cannot be read, or there are several: 400.
    Malformed(&'static str),
    /// It is forged, expired, revoked or unknown: 401. One that browsers send by themselves counts as absent.
    Invalid(&'static str),
    /// Another site caused the request, and the credential is one that browsers send by themselves: 403.
    CrossSite(&'static str),
    /// It is good, and used more often than it may be: 429.
    Limited(Box<Refusal>),
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
