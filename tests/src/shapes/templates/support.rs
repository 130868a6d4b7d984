//! What the handlers use.

use auth_runtime::{check, Auth, Identity};

/// The state.
#[derive(Clone, Debug, axum::extract::FromRef)]
pub struct App {
    /// The engine.
    pub auth: Auth,
}

/// The roles.
#[derive(Clone, Copy, Debug, auth_runtime::Role)]
pub enum Role {
    /// Reads.
    Member,
    /// Writes.
    #[role(implies = Member)]
    Admin,
}

/// Returns whether the caller is Alice.
#[check]
pub async fn is_alice(who: Identity) -> bool {
    who.subject() == "alice"
}

/// What generic handlers choose from.
pub trait Choice: Send + Sync + 'static {
    /// The choice.
    const NAME: &'static str;
}

/// The first choice.
#[derive(Clone, Copy, Debug)]
pub struct First;

impl Choice for First {
    const NAME: &'static str = "first";
}
