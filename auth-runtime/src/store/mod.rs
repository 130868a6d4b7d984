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
//! [`Accounts`] is one handle to all of them but the first. The crate has three implementations: `MemoryStore` (feature
//! `memory`), `SqliteStore` (feature `sqlite`) and `PostgresStore` (feature `postgres`). `connect` opens the store for
//! a database URL.
//!
//! To write your own store, implement the traits and run the conformance suite `store::suite` (feature `testing`) on
//! it. Later versions add fields to the records. A store therefore builds a record by its `new`, sets the remaining
//! public fields, and reads records with `..` in patterns. The suite fails a store that loses a field.
//!
//! A store that fails returns [`StoreError`](crate::error::StoreError), never "not found". A failed store becomes
//! status 503. A missing record becomes 401, or an anonymous caller where a cookie was looked up.

use core::pin::Pin;

mod account;
mod account_change;
#[cfg(any(feature = "memory", feature = "sqlite", feature = "postgres"))]
mod account_edit;
mod account_query;
mod account_store;
mod account_update;
mod accounts;
mod active;
mod admission;
mod api_key;
mod api_key_store;
mod attempt;
mod attempt_limits;
mod attempt_store;
#[cfg(all(test, any(feature = "sqlite", feature = "postgres")))]
mod child;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod connect;
mod create_error;
mod credential;
mod debug;
mod ending;
mod foreign_accounts;
#[cfg(any(feature = "memory", feature = "sqlite", feature = "postgres"))]
mod fresh;
mod id;
#[cfg(all(test, any(feature = "sqlite", feature = "postgres")))]
mod killed;
mod live_session;
mod login_key;
#[cfg(feature = "memory")]
mod memory;
mod one_time;
mod parse_name_error;
#[cfg(feature = "postgres")]
mod postgres;
mod retired_name;
mod revocation;
mod revocation_signal;
mod rotation;
mod rotation_verdict;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod schema;
mod session;
mod session_store;
#[cfg(feature = "sqlite")]
mod sqlite;
mod standing;
#[cfg(all(test, any(feature = "sqlite", feature = "postgres")))]
mod statements;
#[cfg(any(test, feature = "testing"))]
pub mod suite;
mod touch;
mod user;

pub use crate::store::parse_name_error::ParseNameError;
pub use account::{Account, NewAccount, Profile};
pub use account_change::{AccountChange, AccountOpening};
pub use account_query::AccountQuery;
pub use account_store::AccountStore;
pub use account_update::AccountUpdate;
pub use accounts::Accounts;
pub(crate) use active::{NotActive, active};
pub use admission::Admission;
pub use api_key::{ApiKeyLimit, ApiKeyRecord};
pub use api_key_store::{ApiKeyError, ApiKeyStore};
pub use attempt::{AccountKey, Attempt, ClientKey};
pub use attempt_limits::AttemptLimits;
pub use attempt_store::AttemptStore;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use connect::{Database, DatabaseBuilder, connect};
pub use create_error::CreateError;
pub use credential::{CookieSwap, FirstCredential, FoundToken};
pub use ending::{EndReason, Ended, Ending};
pub use foreign_accounts::ForeignAccounts;
pub use id::new_id;
pub use login_key::login_key;
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
pub use one_time::{OneTimeRecord, OneTimeTokenStore, Purpose};
#[cfg(all(test, feature = "postgres"))]
pub(crate) use postgres::tests::{
    log::Log, own::OwnServer as OwnPostgres, proxy as postgres_proxy, servers as postgres_servers,
};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresBuilder, PostgresStore};
pub use retired_name::RetiredName;
pub use revocation::{Reissued, Revocation, RevokedTarget};
pub use revocation_signal::RevocationSignal;
pub use rotation::{Fingerprint, Rotated, Rotation};
pub use rotation_verdict::{PresentedToken, RotationVerdict, TokenUse};
pub use session::{ClientLabel, SessionKind, SessionRecord};
pub use session_store::SessionStore;
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteBuilder, SqliteStore};
#[cfg(feature = "postgres")]
#[doc(no_inline)]
pub use sqlx::PgPool;
#[cfg(feature = "sqlite")]
#[doc(no_inline)]
pub use sqlx::SqlitePool;
pub use standing::Standing;
pub use touch::Touch;
pub use user::{User, UserStore, Users};

/// The return type of methods of an object-safe trait, which cannot be `async fn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
