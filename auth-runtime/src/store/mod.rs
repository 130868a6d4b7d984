//! Where users, accounts, refresh tokens and API keys are kept.
//!
//! [`UserStore`] is all that the guard needs of an application's users. [`AccountStore`], [`RefreshStore`] and
//! [`ApiKeyStore`] stand behind the ready-made account endpoints; [`Accounts`] is the handle to all of them. The crate
//! brings `MemoryStore` (feature `memory`) and `SqliteStore` (feature `sqlite`). A store of your own implements the traits
//! and runs the conformance suite, `store::suite` (feature `testing`).
//!
//! A store that fails answers [`StoreError`](crate::error::StoreError), never "not found": the one is 503, the other
//! 401.

mod account;
mod account_store;
mod accounts;
mod api_key;
#[cfg(test)]
mod doubles;
mod future;
mod id;
mod login_key;
#[cfg(feature = "memory")]
mod memory;
mod refresh;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(test, feature = "testing"))]
pub mod suite;
mod user;

pub(crate) use account::rfc3339;
pub use account::{Account, NewAccount, Profile};
pub use account_store::{AccountStore, CreateError};
pub use accounts::{Accounts, Stores};
pub use api_key::{ApiKeyError, ApiKeyRecord, ApiKeyStore, KeyLimit};
pub use future::BoxFuture;
pub use id::new_id;
pub use login_key::login_key;
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
pub use refresh::{Claim, InsertError, RefreshRecord, RefreshStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteBuilder, SqliteStore};
pub use user::{User, UserStore, Users};
