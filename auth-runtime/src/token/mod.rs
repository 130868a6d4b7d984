//! Tokens: keys, access tokens (RFC 9068) issued and verified, opaque refresh tokens, and API keys.
//!
//! An access token is a JWT with a short life, which a service verifies without asking another service. The verifier is
//! strict and checks in a fixed order: size, shape, header, key, signature, and only then claims.
//!
//! - A token has at most 16 KiB and exactly three segments of canonical base64url (RFC 7515).
//! - The header is one JSON object in UTF-8 without duplicate members. Its `typ` is `at+jwt` or
//!   `application/at+jwt`. A header with `crit`, `b64`, `enc` or `zip` is refused. `jwk`, `jku`, `x5u` and `x5c` are
//!   never a source of keys, and `kid` only selects among configured keys.
//! - The algorithm belongs to the key. A token with another `alg`, or with any spelling of `none`, is refused.
//! - Claims are read in one pass, borrowed, without allocating. `iss`, `sub`, `aud`, `exp`, `iat`, `jti` and
//!   `client_id` are required. Wrong types, duplicate members at any depth and a token that is bound to a key (`cnf`)
//!   are refused.
//! - A token holds at most 96 roles and authentication methods, and at most 64 members in the objects that are open at
//!   once.
//!
//! aws-lc signs and verifies tokens, with keys that are prepared once.
//!
//! ```
//! use auth_runtime::clock::UnixTime;
//! use auth_runtime::secret::SystemEntropy;
//! use auth_runtime::token::{AccessVerifier, KeyRing, NewAccessToken, SigningKey, TokenIssuer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into())?;
//! let keys = KeyRing::builder().sign_with(key).build()?;
//! let issuer = TokenIssuer::builder(keys.clone(), "https://id.example", "notes").build()?;
//! let verifier = AccessVerifier::builder(keys, "https://id.example", "notes").build()?;
//!
//! let now = UnixTime::from_seconds(1_800_000_000);
//! let alice = NewAccessToken::new("alice", "web").roles(&["editor"]).scope("notes:read notes:write");
//! let token = issuer.issue(&alice, now, &SystemEntropy::new())?;
//! let subject = verifier.verify(token.expose(), now, |claims| claims.subject().to_owned())?;
//! assert_eq!(subject, "alice");
//! # Ok(()) }
//! ```

mod access;
mod api_key;
mod issue;
mod jose;
mod json;
mod key;
mod lifetime;
mod new_access_token;
mod one_time;
mod opaque;
mod refresh;
mod session_secret;
mod settings;
mod sign_in_nonce;
#[cfg(test)]
mod tests;
mod token_hash;

pub use access::{AccessClaims, AccessVerifier, AccessVerifierBuilder, Claim, TokenError};
#[cfg(feature = "remote")]
pub(crate) use access::{Items, List, Registered, read_claims, value};
pub(crate) use access::{MAX_ITEMS, claims_of_verified};
pub use api_key::{ApiKey, ApiKeyFormat, ApiKeyPrefixError, KeyEnvironment, ParseApiKeyError};
pub use issue::{AccessToken, IssueError, TokenIssuer, TokenIssuerBuilder};
#[cfg(feature = "remote")]
pub(crate) use jose::{Compact, Header, MAX_TOKEN, decode_payload};
pub use jose::{JoseError, verify_compact};
#[cfg(feature = "remote")]
pub(crate) use json::{JsonError, Number, Scanner, Span};
pub use key::{
    Algorithm, KeyError, KeyFault, KeyRing, KeyRingBuilder, KeySet, ParseAlgorithmError, SigningKey, VerifyingKey,
};
#[cfg(feature = "remote")]
pub(crate) use key::{NotAKeySet, PassedOver, PublishedKey, PublishedKeys};
pub(crate) use lifetime::{DEFAULT_LIFETIME, DEFAULT_LIFETIME_MINUTES, MAX_LIFETIME_MINUTES};
pub use new_access_token::NewAccessToken;
pub use one_time::{OneTimeToken, ParseOneTimeTokenError};
pub use refresh::{ParseRefreshTokenError, RefreshToken};
pub use session_secret::{ParseSessionSecretError, SessionSecret};
pub(crate) use settings::{CLOCK_SKEW_SECONDS, MAX_LEEWAY_SECONDS};
pub use settings::{SettingFault, SettingsError};
pub(crate) use sign_in_nonce::SignInNonce;
pub use token_hash::TokenHash;

/// A JWK set (RFC 7517) as a JSON value, which axum's `Json` can return.
pub type JwkSet = serde_json::Value;

/// The `typ` of access tokens (RFC 9068, section 2.1).
pub(crate) const ACCESS_TOKEN_TYPE: &str = "at+jwt";
