//! Users of other issuers: their tokens are verified here, with the keys that the issuers publish.
//!
//! [`AuthBuilder::trust`](crate::auth::AuthBuilder::trust) takes an [`Issuer`]. The same attributes then serve callers
//! with tokens of that issuer. A service that only verifies needs no `SECRET_KEY`.
//!
//! # Tokens
//!
//! The `iss` of a token selects the issuer, and nothing else is believed before the signature is verified. The rules of
//! [`token`](crate::token) apply, with these differences:
//!
//! - `iat`, `jti` and `client_id` may be missing. The client is `client_id`, `azp` or `appid`.
//! - Roles come from the claim that [`Issuer::roles_at`] names. Without it, callers have no roles.
//! - The session (`sid`) is not kept: it is no session of this service.
//!
//! # Keys
//!
//! The first token of an issuer fetches its keys; the request waits. From then on a task in the background fetches them
//! again, before they are five minutes old.
//!
//! - A token with an unknown key fetches the keys at once, but at most every 30 seconds. If the last fetch succeeded,
//!   the answer is 401, otherwise 503.
//! - While the issuer does not answer, the keys of its last answer verify tokens for an hour. Then the answer is 503.
//! - A well-formed answer replaces the keys. A failed one never does.
//! - Keys that are not for signatures, of another type or algorithm, secret, or weak are passed over, and an event says
//!   so. Of two keys with one id neither is used.
//!
//! # Credentials that an issuer is asked about
//!
//! [`Issuer::introspection`] accepts bearer tokens that are no JWTs, and [`Issuer::better_auth`] sessions and API keys.
//! The issuer is asked about each.
//!
//! - An answer about a live credential is remembered for 30 seconds at most, and never past its end; about an API key
//!   for 5 seconds. The time begins with the question. A refusal is remembered for 5 seconds, and a failure not at all.
//!   The memory is keyed by hashes, and bounded.
//! - One question serves all requests with the credential. Above 16 questions at once, and while an issuer answers 429,
//!   the answer is 503 with `Retry-After`.
//! - One client address causes four questions at once. It is answered 429 above that, and while it sends more than 100
//!   credentials that are refused, ten of which are forgotten each second. Behind a proxy, `TRUSTED_PROXIES` tells the
//!   addresses of clients apart.
//! - An answer of another form, or about another credential, is a failure: 503.
//! - Such a credential names no issuer, so one issuer alone takes bearer tokens that are no JWTs.
//!
//! # Connections
//!
//! Issuers are reached over HTTPS, or over HTTP on this machine. A host name that leads to a private address is
//! refused, unless [`Issuer::internal`] names it. Redirects are not followed, and proxies of the environment are not
//! used. An answer has at most 256 KiB and comes within 5 seconds.
//!
//! # Leaked passwords
//!
//! [`HaveIBeenPwned`] asks that service with the same client, if a policy for passwords names it.

mod asked;
mod better_auth;
mod event;
mod fetch;
mod introspection;
mod issuer;
mod keys;
mod leaks;
mod lookup;
mod token;
mod trusted;

pub(crate) use asked::{Asked, CookieFault};
pub(crate) use fetch::Client;
pub(crate) use issuer::Source;
pub use issuer::{ClaimPath, Introspection, Issuer, TokenType};
pub use leaks::HaveIBeenPwned;
pub(crate) use lookup::{Found, NotAsked};
pub(crate) use trusted::{Attempt, Refused, Trusted};

#[cfg(test)]
mod tests;
