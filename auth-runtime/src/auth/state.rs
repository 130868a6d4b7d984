use axum::extract::FromRef;

use crate::store::{Accounts, User, Users};

use super::Auth;

/// Router states that carry [`Auth`], which every guarded handler asks. Implemented wherever `Auth: FromRef<Self>`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Auth` [AUTH131]",
    label = "guarded handlers ask the state for `Auth`, and `{Self}` has none",
    note = "add a field `auth: Auth` to `{Self}` and put `#[derive(FromRef)]` on it, or use `Auth` itself as the state"
)]
pub trait HasAuth {
    /// The engine.
    fn auth(&self) -> Auth;
}

#[diagnostic::do_not_recommend]
impl<S> HasAuth for S
where
    Auth: FromRef<S>,
{
    fn auth(&self) -> Auth {
        Auth::from_ref(self)
    }
}

/// Router states that carry the application's user directory, which [`CurrentUser`](crate::guard::CurrentUser) asks.
/// Implemented wherever `Users<U>: FromRef<Self>`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Users<{U}>` [AUTH132]",
    label = "`CurrentUser<{U}>` asks the state for `Users<{U}>`, and `{Self}` has none",
    note = "add a field `users: Users<{U}>` to `{Self}` and put `#[derive(FromRef)]` on it"
)]
pub trait HasUsers<U> {
    /// The user directory.
    fn users(&self) -> Users<U>;
}

#[diagnostic::do_not_recommend]
impl<S, U: User> HasUsers<U> for S
where
    Users<U>: FromRef<S>,
{
    fn users(&self) -> Users<U> {
        Users::from_ref(self)
    }
}

/// Router states that carry [`Accounts`], which the account endpoints ask. Implemented wherever
/// `Accounts: FromRef<Self>`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Accounts` [AUTH133]",
    label = "`account::routes()` asks the state for `Accounts`, and `{Self}` has none",
    note = "add a field `accounts: Accounts` to `{Self}` and put `#[derive(FromRef)]` on it"
)]
pub trait HasAccounts {
    /// Where accounts, and all that belongs to them, are kept.
    fn accounts(&self) -> Accounts;
}

#[diagnostic::do_not_recommend]
impl<S> HasAccounts for S
where
    Accounts: FromRef<S>,
{
    fn accounts(&self) -> Accounts {
        Accounts::from_ref(self)
    }
}
