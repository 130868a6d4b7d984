use core::fmt;

use crate::token::{jose::JoseError, json::JsonError};

/// The reason why an access token was refused. Operators see it in events; the client gets the same answer for all
/// reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenError {
    /// The token was refused before any claim was read.
    Jose(JoseError),
    /// `typ` is missing or is not the type of access tokens (RFC 9068, section 4).
    WrongType,
    /// The claims are not a single strict JSON object in UTF-8.
    ClaimsMalformed,
    /// A member name occurs twice in one object of the claims (RFC 7519, section 4).
    ClaimsDuplicate,
    /// There are too many members, roles or levels of nesting.
    ClaimsTooLarge,
    /// A required claim is missing (RFC 9068, section 2.2).
    ClaimMissing(Claim),
    /// A claim has the wrong type or is empty.
    ClaimType(Claim),
    /// `iss` names another issuer.
    WrongIssuer,
    /// `aud` does not name this service.
    WrongAudience,
    /// `exp` has passed.
    Expired,
    /// `nbf` is in the future.
    NotYetValid,
    /// `iat` is in the future.
    IssuedInFuture,
    /// The time from `iat` to `exp` is longer than permitted.
    LifetimeTooLong,
    /// `cnf` binds the token to a key, and this verifier does not check proofs of possession (RFC 9449, section 7.2).
    BoundToKey,
    /// The issuer has banned the user.
    Banned,
}

/// The claims that the verifier reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Claim {
    /// `iss`, the issuer.
    Issuer,
    /// `sub`, the subject of the token.
    Subject,
    /// `aud`, the services that the token is for.
    Audience,
    /// `exp`, the time of expiry.
    ExpiresAt,
    /// `nbf`, the time from which the token is valid.
    NotBefore,
    /// `iat`, the time of issue.
    IssuedAt,
    /// `jti`, its id.
    TokenId,
    /// `client_id`, the client to which the token was issued.
    Client,
    /// `scope`, the scopes, separated by spaces.
    Scope,
    /// `roles`, a list of roles.
    Roles,
    /// `sid`, the session.
    Session,
    /// `session_generation`, the generation of the session's tokens.
    Generation,
    /// `auth_time`, the time at which the person signed in.
    AuthTime,
    /// `acr`, the level at which the person was authenticated.
    Acr,
    /// `amr`, the methods by which the person was authenticated.
    Amr,
}

impl Claim {
    /// Returns the name of the claim's member.
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
    /// Returns a stable code for events and metrics.
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
            Self::Banned => "user_banned",
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
            Self::Banned => f.write_str("the issuer has banned the user"),
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

impl From<JsonError> for TokenError {
    fn from(fault: JsonError) -> Self {
        match fault {
            JsonError::Malformed => Self::ClaimsMalformed,
            JsonError::Duplicate => Self::ClaimsDuplicate,
            JsonError::TooLarge => Self::ClaimsTooLarge,
        }
    }
}
