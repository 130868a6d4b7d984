use core::fmt;

use crate::token::{jose::JoseError, json::JsonFault};

/// Why an access token was refused. For operators: the client is told one thing for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenError {
    /// Refused before any claim was looked at.
    Jose(JoseError),
    /// `typ` is missing or not that of an access token (RFC 9068, section 4).
    WrongType,
    /// The claims are not one strict JSON object in UTF-8.
    ClaimsMalformed,
    /// A member name stands twice in one object of the claims (RFC 7519, section 4).
    ClaimsDuplicate,
    /// Too many members, roles, or levels of nesting.
    ClaimsTooLarge,
    /// A claim that is required is not there (RFC 9068, section 2.2).
    ClaimMissing(Claim),
    /// A claim of the wrong type, or empty.
    ClaimType(Claim),
    /// `iss` is another issuer.
    WrongIssuer,
    /// `aud` does not name this service.
    WrongAudience,
    /// `exp` is past.
    Expired,
    /// `nbf` is in the future.
    NotYetValid,
    /// `iat` is in the future.
    IssuedInFuture,
    /// From `iat` to `exp` is longer than permitted.
    LifetimeTooLong,
    /// `cnf` binds the token to a key, and no proof of it is checked (RFC 9449, section 7.2).
    BoundToKey,
}

/// The claims an access token is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Claim {
    /// `iss`, the issuer.
    Issuer,
    /// `sub`, whom the token is about.
    Subject,
    /// `aud`, the services it is for.
    Audience,
    /// `exp`, when it ends.
    ExpiresAt,
    /// `nbf`, when it begins.
    NotBefore,
    /// `iat`, when it was issued.
    IssuedAt,
    /// `jti`, its id.
    TokenId,
    /// `client_id`, the client that it was issued to.
    Client,
    /// `scope`, separated by spaces.
    Scope,
    /// `roles`, a list.
    Roles,
    /// `sid`, the session.
    Session,
    /// `session_generation`, of the session's tokens.
    Generation,
    /// `auth_time`, when the person signed in.
    AuthTime,
    /// `acr`, how well they did.
    Acr,
    /// `amr`, the methods they used.
    Amr,
}

impl Claim {
    /// The member's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "iss",
            Self::Subject => "sub",
            Self::Audience => "aud",
            Self::ExpiresAt => "exp",
            Self::NotBefore => "nbf",
            Self::IssuedAt => "iat",
            Self::TokenId => "jti",
            Self::Client => "client_id",
            Self::Scope => "scope",
            Self::Roles => "roles",
            Self::Session => "sid",
            Self::Generation => "session_generation",
            Self::AuthTime => "auth_time",
            Self::Acr => "acr",
            Self::Amr => "amr",
        }
    }
}

impl TokenError {
    /// A stable code for events and metrics.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Jose(error) => error.reason(),
            Self::WrongType => "typ_not_access_token",
            Self::ClaimsMalformed => "claims_malformed",
            Self::ClaimsDuplicate => "claims_duplicate",
            Self::ClaimsTooLarge => "claims_too_large",
            Self::ClaimMissing(_) => "claim_missing",
            Self::ClaimType(_) => "claim_type",
            Self::WrongIssuer => "iss_wrong",
            Self::WrongAudience => "aud_wrong",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedInFuture => "issued_in_future",
            Self::LifetimeTooLong => "lifetime_too_long",
            Self::BoundToKey => "cnf_without_proof",
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jose(error) => error.fmt(f),
            Self::WrongType => f.write_str("the token is not typed as an access token"),
            Self::ClaimsMalformed => f.write_str("the claims are not a JSON object"),
            Self::ClaimsDuplicate => f.write_str("a claim stands twice"),
            Self::ClaimsTooLarge => f.write_str("the claims have too many members"),
            Self::ClaimMissing(claim) => write!(f, "`{}` is missing", claim.name()),
            Self::ClaimType(claim) => write!(f, "`{}` is empty or of the wrong type", claim.name()),
            Self::WrongIssuer => f.write_str("the token is from another issuer"),
            Self::WrongAudience => f.write_str("the token is for another audience"),
            Self::Expired => f.write_str("the token has expired"),
            Self::NotYetValid => f.write_str("the token is not valid yet"),
            Self::IssuedInFuture => f.write_str("the token was issued in the future"),
            Self::LifetimeTooLong => f.write_str("the token lives longer than permitted"),
            Self::BoundToKey => f.write_str("the token is bound to a key"),
        }
    }
}

impl core::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Jose(error) => Some(error),
            _ => None,
        }
    }
}

impl From<JoseError> for TokenError {
    fn from(error: JoseError) -> Self {
        Self::Jose(error)
    }
}

impl From<JsonFault> for TokenError {
    fn from(fault: JsonFault) -> Self {
        match fault {
            JsonFault::Malformed => Self::ClaimsMalformed,
            JsonFault::Duplicate => Self::ClaimsDuplicate,
            JsonFault::TooLarge => Self::ClaimsTooLarge,
        }
    }
}
