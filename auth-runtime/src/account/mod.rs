//! Ready-made account endpoints. They cover registration, sign-in and sign-out, refresh, sessions, passwords,
//! verification of e-mail addresses, the caller's own account, API keys, and the public keys that verify access tokens.
//!
//! | method | path | effect |
//! |---|---|---|
//! | POST | `/auth/register` | opens an account, from JSON |
//! | POST | `/auth/login` | signs in by user name or e-mail address and password, from JSON |
//! | POST | `/auth/session` | signs a browser in, by JSON or a form: sets a cookie; refuses requests of other sites |
//! | POST | `/auth/token` | the OAuth2 token endpoint (RFC 6749): `password` and `refresh_token` grants, as a form |
//! | POST | `/auth/refresh` | exchanges a refresh token for new tokens, from JSON |
//! | POST | `/auth/revoke` | revokes a token (RFC 7009); a refresh token's session ends, too |
//! | POST | `/auth/introspect` | tells callers with the scope `auth:introspect` whether a token is active (RFC 7662) |
//! | POST | `/auth/reauthenticate` | checks the caller's password again, for handlers that require a recent login |
//! | POST | `/auth/logout` | ends the session of the credential and expires its cookie; 204 for a dead cookie, too |
//! | POST | `/auth/logout/all` | ends all sessions of the caller; 401 for a dead cookie, which identifies no user |
//! | GET | `/auth/sessions` | lists the caller's sessions; `sessions_per_user` is their maximum |
//! | DELETE | `/auth/sessions/{id}` | ends one of the caller's sessions; 404 unless it is live |
//! | DELETE | `/auth/sessions` | ends all of the caller's sessions except the current one |
//! | POST | `/auth/password` | changes the password, from JSON: `{current_password?, new_password, revoke_api_keys?}` |
//! | POST | `/auth/password/forgot` | sends a reset token to `{email}` if an account has this address; 202 either way |
//! | POST | `/auth/password/reset` | sets a password for `{token, new_password, revoke_api_keys?}` |
//! | POST | `/auth/email/verify` | verifies an e-mail address for `{token}` |
//! | POST | `/auth/email/send-verification` | sends the caller a verification token |
//! | POST | `/auth/email` | sends a token to another address that the caller wants: `{new_email, current_password?}` |
//! | POST | `/auth/email/change` | gives the account that address for `{token}`; it is verified at once |
//! | GET | `/auth/me` | returns the caller's own account |
//! | DELETE | `/auth/me` | deletes the caller's own account: `{current_password?}` |
//! | GET | `/auth/api-keys` | lists the caller's API keys |
//! | POST | `/auth/api-keys` | creates an API key, and shows it this once |
//! | POST | `/auth/api-keys/{id}/rotate` | creates a key that replaces another, which works until the overlap ends |
//! | DELETE | `/auth/api-keys/{id}` | revokes an API key |
//! | GET | `/.well-known/jwks.json` | returns the public keys (RFC 7517) |
//!
//! [`routes`] has all of them at these paths, except `/auth/email`, `/auth/email/change` and `DELETE /auth/me`. With
//! [`AccountRoutes`] an application chooses [parts](Part), and replaces `/auth` by another path.
//! [`AuthBuilder::quota`](crate::auth::AuthBuilder::quota) sets the quotas of their limits. The page
//! [Adapting the account endpoints](crate::guide::accounts) shows all three.
//!
//! `/auth/token`, `/auth/revoke` and `/auth/introspect` answer errors as `{error, error_description}` (RFC 6749,
//! section 5.2). This includes refusals by their guards and limits. All other endpoints answer errors as problem
//! documents (RFC 9457).
//!
//! [`administration`](administration()) has the endpoints with which administrators change the accounts of others.
//!
//! OAuth clients are public clients. A client has no secret: the server does not verify the `client_id`, and ignores a
//! `client_secret`. The protection is that a refresh token works once, and only for the client to which it was issued.
//! Only `/auth/introspect` authenticates its caller, by a credential of this service.
//!
//! # Refreshing
//!
//! A refresh token works once, and its successor continues the session. A second use means that the token was copied,
//! so it ends the session. The exception is a retry after a lost answer: for 20 seconds
//! ([`AuthBuilder::refresh_grace`](crate::auth::AuthBuilder::refresh_grace)) the same client gets the
//! same successor again.
//!
//! [`AuthBuilder::refresh_retry`](crate::auth::AuthBuilder::refresh_retry) defines what counts as the same client:
//!
//! | [`RefreshRetry`](crate::auth::RefreshRetry) | a retry must have | use it for |
//! |---|---|---|
//! | `SameClientAndUserAgent` (default) | the `client_id` and `User-Agent` of the first use | one program per session |
//! | `SameClient` | the `client_id` of the first use | several programs per session |
//! | `Never` | (every second use ends the session) | sessions for which safety is worth an additional sign-in |
//!
//! Two programs often share a session. A page and its server-side renderer may refresh with one token at the same
//! moment, with two User-Agents. An app may lose the answer, be updated, and retry as `Shop/2.1` instead of `Shop/2.0`.
//! By default the session ends in both cases; with `SameClient` it continues. The price of `SameClient`: during these
//! seconds, a thief's use of a copied token looks like a retry. With every setting, a use under another `client_id`
//! counts as a copy.
//!
//! # Cookies
//!
//! A cookie that continues no live session counts as absent, so a user with a dead cookie can still sign in and
//! register. Refusals do not expire cookies: a parallel request may carry the former value, and its refusal would
//! delete the new cookie. Signing out does expire them:
//!
//! | `POST /auth/logout` with | answer |
//! |---|---|
//! | a live cookie, or a valid token | 204; the session ends, and the cookie is expired |
//! | a dead cookie, alone or beside a valid token | 204; the cookie is expired |
//! | no credential, or an invalid token | 401 |
//! | a cookie, from another site | 403 |
//!
//! The end of all sessions also ends a change of the address that was asked for and not confirmed: whoever had one of
//! the sessions may have asked for it.
//!
//! `POST /auth/logout/all` answers 401 when a dead cookie is the only credential. Signing out leaves the host's other
//! cookies alone, unless [`AuthBuilder::clear_site_data`](crate::auth::AuthBuilder::clear_site_data) is turned on.
//!
//! # People whom the application recognised
//!
//! [`SignIn`] begins a session for a person whom the application recognised itself, by a link, a provider or a passkey.
//! The session is like any other.
//!
//! # Another address, and deletion
//!
//! Both are off by default, and [`AccountRoutes::with`] switches them on: [`Part::EmailChange`] and
//! [`Part::AccountDeletion`]. Both need the password (403 for a wrong one), or a login at most five minutes old, as a
//! change of the password does.
//!
//! - `POST /auth/email` sends a token to the new address and a notice to the present one. The account keeps its address
//!   until `POST /auth/email/change` redeems the token. Then tokens that were sent to the former address end, and the
//!   sessions continue: an address is no credential. The token ends with all sessions.
//! - `DELETE /auth/me` removes the account, its sessions, API keys, one-time tokens and counters. The user name stays
//!   reserved, so that no other user passes for the former owner; the address is free again. The last active superuser
//!   gets 409. Rows of the application that refer to the account are its own concern.
//!
//! # API keys
//!
//! An API key is for a program. `POST /auth/api-keys` takes `{"name": "deploy", "scopes": ["notes:read"]}`, and
//! optionally `"expires_in_days": 30` and `"limit": {"count": 100, "per_seconds": 60}`. The program sends the key as
//! `Authorization: Bearer` or as `X-API-Key`, never in the query. [`ApiKeyFormat`](crate::token::ApiKeyFormat)
//! describes the format of a key.
//!
//! - Scopes: at creation, at most those of the key's owner and of the credential that creates it. Later the key keeps
//!   only the scopes that its owner still has. It has no roles, so handlers that accept keys should require scopes.
//! - Lifetime: 90 days by default, a year at most
//!   ([`AuthBuilder::api_key_lifetimes`](crate::auth::AuthBuilder::api_key_lifetimes)). The key stops working at once
//!   when it is revoked or its owner is deactivated.
//! - Limit: a key's own limit appears in the `RateLimit` fields of handlers that have limits or name keys in `via`, and
//!   of responses that pass [`Auth::layer`](crate::auth::Auth::layer). Once it is reached, every handler answers 429.
//! - Creating and rotating a key requires a login of the last 15 minutes. An API key cannot create, list or revoke
//!   keys.
//! - Rotating takes `{"overlap_hours": 24}`, 168 at most. Both keys work during the overlap.
//!
//! # Registration
//!
//! [`AccountRoutes::registration`] says who may register: everyone, invited persons or nobody. [`Registration`] also
//! has the roles of new accounts, and the application's own members of the body. [`Administration::invite`] invites a
//! person, and [`Administration::create`] creates an account whose owner then sets the password.
//!
//! # Passwords for tokens
//!
//! The `password` grant is refused unless
//! [`AuthBuilder::allow_password_grant`](crate::auth::AuthBuilder::allow_password_grant)
//! turns it on. RFC 9700 forbids it for third-party clients, since they would see the password. `/auth/login` is for
//! the service's own front end.
//!
//! # Passwords
//!
//! After 100 failed attempts in a row the account is locked for a day, and the server verifies no password for it
//! ([`AuthBuilder::password_failures`](crate::auth::AuthBuilder::password_failures)). The lock ends early when the
//! owner resets the password or an administrator calls [`Administration::unlock`].
//!
//! Addresses from which the owner has signed in (the last ten, for 90 days) have their own counters. This holds for the
//! limit of failures and for the limit of attempts per minute. So a guesser at another address cannot lock the owner
//! out. The endpoints that take passwords need the peer's address, and answer 500 without it.
//!
//! Changing a password follows these rules:
//!
//! - The request needs the old password (403 for a wrong one), or a login at most five minutes old (otherwise 401 with
//!   the challenge of RFC 9470).
//! - The answer is 409 when another request changed the password in the meantime.
//! - A change ends all other sessions. A reset ends all sessions.
//! - If the store fails to end sessions when the new password is already set, the server retries for seven seconds.
//!   Then it logs an event that names the account.
//! - If a cookie continues the session, the answer sets a new cookie, and a copy of the old one stops working.
//! - The refresh token stays the same, since a client does not present it to change a password. When both the client
//!   and a thief have used it, the second use is a reuse, and ends the session.
//!
//! API keys survive a password change, since programs depend on them. With `"revoke_api_keys": true` a change or a
//! reset revokes all of them. The mail about the change tells how many keys still work, so that the owner notices a
//! thief's key.
//!
//! Anybody can register with somebody else's address. A reset proves the address, so it revokes all API keys of an
//! account whose address nobody had verified, and the address counts as verified afterwards. A sign-in by a link does
//! the same, see [`Recognised::with_verified_address`].
//!
//! Some bcrypt hashes were made from the first 72 bytes of a longer password. Where
//! [`PasswordsBuilder::accept_truncated_bcrypt`](crate::password::PasswordsBuilder::accept_truncated_bcrypt) allows it,
//! an account with such a hash can sign in once. The answer has `"password_change_required": true`, the server sends a
//! reset token by mail, and the hash stops working. The owner sets a new password by `POST /auth/password` within five
//! minutes, without the old one, or by the mail.
//!
//! The application sends the mail. Without [`AuthBuilder::mail`](crate::auth::AuthBuilder::mail), the two endpoints
//! that exist to send mail answer 501, and registration sends no mail. Messages are sent after the answer, a limited
//! number at a time. A message that cannot be sent causes an event, and the user can request it again.

mod administration;
mod answer;
mod api_keys;
mod context;
mod delete_me;
mod email;
mod endpoints;
mod event;
mod grant;
#[cfg(feature = "import")]
mod import;
mod invitation;
mod jwks;
mod me;
mod part;
mod password;
mod password_attempt;
mod policies;
mod prefix;
mod recognised;
mod registration;
mod request;
mod retry;
mod routes;
mod session;
mod sign_in;
mod sign_out;
mod throttle;
mod uninterrupted;

pub use administration::{
    Administration, AdministrationError, AdministrationRoutes, CreatedUser, NewUser, administration,
};
pub use context::NoAccountsError;
pub use grant::GrantError;
#[cfg(feature = "import")]
pub use import::{ImportError, ImportPlan, Importer, RowError};
pub use invitation::{InviteError, Invited, NewInvitation};
pub use part::Part;
pub use recognised::{
    BegunAppSignIn, BegunSignIn, Elsewhere, ProvenApp, ProvenBrowser, Recognised, Returned, SignIn, SignInError,
    SignInFailure, SignedInApp, SignedInBrowser,
};
pub use registration::{NewMember, Registration};
pub use routes::{AccountRoutes, routes};

pub use crate::session::{OwnPath, ParseOwnPathError};
