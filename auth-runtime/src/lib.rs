//! Declare who may call an axum handler, and how often, on the handler itself.
//!
//! ```
//! use auth_runtime::prelude::*;
//!
//! #[derive(Role)]
//! enum Role {
//!     Member,
//!     #[role(implies = Member)]
//!     Admin,
//! }
//!
//! #[public(because = "load balancer probe")]
//! async fn health() -> &'static str {
//!     "ok"
//! }
//!
//! #[protected]
//! #[rate_limit(10/min)]
//! async fn whoami(who: Identity) -> String {
//!     who.subject().to_owned()
//! }
//!
//! #[require_role(Role::Admin)]
//! async fn stop() {}
//!
//! let app: GuardedRouter<Auth> =
//!     GuardedRouter::new().route("/health", get(health)).route("/me", get(whoami)).route("/stop", post(stop));
//! println!("{}", app.access_matrix());
//! ```
//!
//! The attributes of a handler form its policy. Their order does not matter, and attributes of other crates may stand
//! among them. The guard enforces the policy on every request. A handler without a policy does not compile on a
//! [`GuardedRouter`]; a plain [`axum::Router`] accepts it. Nearly every mistake in an attribute is a compile error that
//! says what to type.
//!
//! # Features
//!
//! Features only add items. No feature changes what the guard decides.
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `macros` | yes | the attributes, `derive(Role)` and `derive(Issuer)` |
//! | `memory` | yes | accounts, sessions, failed attempts, one-time tokens and API keys in memory |
//! | `sqlite` | no | the same on SQLite, bundled, with migrations |
//! | `postgres` | no | the same on PostgreSQL, for several processes |
//! | `import` | no | accounts of another system from a CSV file (`account::Importer`) |
//! | `redis` | no | counters of limits on Redis or Valkey, for several processes (`limit::RedisLimits`) |
//! | `remote` | no | users of other issuers: their keys and tokens (`remote`) |
//! | `upload` | no | files from clients, checked by size, type and content (`upload`) |
//! | `web` | no | layers for browsers and the public (`web`), and a server with deadlines and TLS (`serve`) |
//! | `validation` | no | input that keeps the rules of its type (`validate`), by the crate `validator` |
//! | `garde` | no | the same with the rules of the crate `garde` |
//! | `html` | no | output with text of users: sanitised HTML, JSON inside scripts, cells of CSV (`html`) |
//! | `testing` | no | test identities, tokens that the guard must refuse, a manual clock, suites for stores |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(unreachable_pub, clippy::missing_errors_doc, clippy::missing_panics_doc)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod account;
pub mod auth;
pub mod authn;
mod body;
pub mod clock;
mod csrf;
pub mod error;
pub mod extract;
#[cfg(all(any(test, auth_fuzzing), feature = "remote", feature = "upload", feature = "validation", feature = "web"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod guard;
#[cfg(all(
    any(doc, doctest),
    feature = "macros",
    feature = "memory",
    feature = "sqlite",
    feature = "testing",
    feature = "html",
    feature = "import",
    feature = "remote",
    feature = "upload",
    feature = "validation",
    feature = "web"
))]
pub mod guide;
pub mod health;
#[cfg(feature = "web")]
mod host;
#[cfg(feature = "html")]
pub mod html;
pub mod identity;
pub mod limit;
mod list;
pub mod metadata;
mod names;
pub mod password;
pub mod policy;
#[cfg(feature = "remote")]
pub mod remote;
pub mod router;
pub mod secret;
#[cfg(feature = "web")]
pub mod serve;
mod session;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "web")]
mod tls;
pub mod token;
#[cfg(feature = "upload")]
pub mod upload;
#[cfg(feature = "validation")]
pub mod validate;
#[cfg(feature = "web")]
pub mod web;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub mod prelude;

mod attributes;

#[cfg(feature = "macros")]
pub use attributes::{
    Issuer, Role, authorize, body, check, csrf_exempt, protected, public, rate_limit, require_role, require_scope,
};

#[cfg(all(feature = "macros", feature = "web"))]
pub use attributes::csp;

#[cfg(all(feature = "macros", feature = "upload"))]
pub use attributes::UploadPolicy;
pub use auth::{Auth, HasAuth};
pub use guard::Guard;
pub use identity::Identity;
pub use policy::{HasPolicy, Policy};
pub use router::{GuardedRouter, routing};
#[cfg(feature = "web")]
pub use serve::serve;
pub use store::BoxFuture;

/// The crate of [`SecretString`](secrecy::SecretString), which holds passwords, keys and tokens in signatures.
pub use secrecy;
