//! Stores for users, accounts, sessions and API keys.
//!
//! | trait | records | used by |
//! |---|---|---|
//! | [`UserStore`] | the application's users | the guard |
//! | [`AccountStore`] | accounts with their password hashes | the account endpoints |
//! | [`SessionStore`] | sessions, refresh tokens, cookies and revocations | the account endpoints and the guard |
//! | [`AttemptStore`] | counters of failed passwords, and known clients | the account endpoints |
//! | [`OneTimeTokenStore`] | tokens sent by mail | the account endpoints |
//! | [`ApiKeyStore`] | API keys | the account endpoints and the guard |
//!
//! [`Accounts`] is one handle to all of them but the first. The crate has two implementations: `MemoryStore` (feature
//! `memory`) and `SqliteStore` (feature `sqlite`). To write your own store, implement the traits and run the
//! conformance suite `store::suite` (feature `testing`) on it.
//!
//! A store that fails returns [`StoreError`](crate::error::StoreError), never "not found". A failed store becomes
//! status 503. A missing record becomes 401, or an anonymous caller where a cookie was looked up.

use core::pin::Pin;

mod account;
mod account_store;
mod accounts;
mod api_key;
mod attempts;
mod id;
mod login_key;
#[cfg(feature = "memory")]
mod memory;
mod one_time;
mod session;
mod session_store;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(test, feature = "testing"))]
pub mod suite;
mod user;

pub use account::{Account, NewAccount, Profile};
pub use account_store::{AccountStore, CreateError};
pub use accounts::{Accounts, Stores};
pub use api_key::{ApiKeyError, ApiKeyRecord, ApiKeyStore, KeyLimit};
pub(crate) use attempts::account_key;
pub use attempts::{Admission, Attempt, AttemptLimits, AttemptStore};
pub use id::new_id;
pub use login_key::login_key;
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
pub use one_time::{OneTimeRecord, OneTimeTokenStore, Purpose};
pub use session::{ClientLabel, EndReason, Ended, SessionKind, SessionRecord, UnknownName};
pub use session_store::{
    CookieSwap, Ending, FirstCredential, FoundToken, Reissued, Revocation, RevokedTarget, Rotated, Rotation,
    SessionStore, Touch,
};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteBuilder, SqliteStore};
pub use user::{User, UserStore, Users};

/// The return type of methods of an object-safe trait, which cannot be `async fn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
