//! Where users, accounts, sessions and API keys are kept.
//!
//! [`UserStore`] is all that the guard needs of an application's users. [`AccountStore`], [`SessionStore`],
//! [`AttemptStore`], [`OneTimeTokenStore`] and [`ApiKeyStore`] stand behind the ready-made account endpoints; [`Accounts`]
//! is the handle to all of them. The crate brings `MemoryStore` (feature `memory`) and `SqliteStore` (feature `sqlite`). A
//! store of your own implements the traits and runs the conformance suite, `store::suite` (feature `testing`).
//!
//! A store that fails answers [`StoreError`](crate::error::StoreError), never "not found": the one is 503, the other
//! 401, or no caller where a cookie was looked up.

mod account;
mod account_store;
mod accounts;
mod api_key;
mod attempts;
#[cfg(test)]
mod doubles;
mod future;
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
pub use future::BoxFuture;
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
