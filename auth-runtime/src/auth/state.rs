use std::sync::Arc;

use axum::extract::FromRef;

use crate::store::{Accounts, User, Users};

use super::Auth;

/// Router states that carry [`Auth`], which every guarded handler needs. It is implemented wherever `Auth:
/// FromRef<Self>`.
///
/// A state is a struct with `#[derive(FromRef)]`, the same struct behind an `Arc`, or `Auth` itself:
///
/// ```
/// use std::sync::Arc;
/// use auth_runtime::prelude::*;
/// use axum::extract::{FromRef, State};
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     auth: Auth,
///     greeting: &'static str,
/// }
///
/// #[protected]
/// async fn greet(State(app): State<Arc<App>>, who: Identity) -> String {
///     format!("{}, {}", app.greeting, who.subject())
/// }
///
/// let routes: GuardedRouter<Arc<App>> = GuardedRouter::new().route("/greet", get(greet));
/// ```
///
/// For a `&'static App`, the application writes the impl: `impl FromRef<&'static App> for Auth`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Auth` [AUTH131]",
    label = "guarded handlers ask the state for `Auth`, and `{Self}` has none",
    note = "add a field `auth: Auth` to the state's struct and put `#[derive(FromRef)]` on it, also where the state is an \
            `Arc` of that struct; or use `Auth` itself as the state",
    note = "if the state is `()`: call `.with_state(…)` before the router is served, and write `#[debug_handler(state = App)]`"
)]
pub trait HasAuth {
    /// Returns the engine.
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

/// Router states that carry the application's user directory, which [`CurrentUser`](crate::guard::CurrentUser) needs.
/// It is implemented wherever `Users<U>: FromRef<Self>`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Users<{U}>` [AUTH132]",
    label = "`CurrentUser<{U}>` asks the state for `Users<{U}>`, and `{Self}` has none",
    note = "add a field `users: Users<{U}>` to the state's struct and put `#[derive(FromRef)]` on it, also where the state is \
            an `Arc` of that struct",
    note = "if the state is `()`: call `.with_state(…)` before the router is served, and write `#[debug_handler(state = App)]`"
)]
pub trait HasUsers<U> {
    /// Returns the user directory.
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

/// Router states that carry [`Accounts`], which the account endpoints need. It is implemented wherever `Accounts:
/// FromRef<Self>`.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` carries no `Accounts` [AUTH133]",
    label = "`account::routes()` asks the state for `Accounts`, and `{Self}` has none",
    note = "add a field `accounts: Accounts` to the state's struct and put `#[derive(FromRef)]` on it, also where the state \
            is an `Arc` of that struct",
    note = "if the state is `()`: call `.with_state(…)` before the router is served, and write `#[debug_handler(state = App)]`"
)]
pub trait HasAccounts {
    /// Returns the stores of accounts and of everything that belongs to them.
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

// An application cannot write these impls: neither `Arc` nor `Auth`, `Users` and `Accounts` are its own types.

#[diagnostic::do_not_recommend]
impl<S> FromRef<Arc<S>> for Auth
where
    Auth: FromRef<S>,
{
    fn from_ref(state: &Arc<S>) -> Self {
        Self::from_ref(&**state)
    }
}

#[diagnostic::do_not_recommend]
impl<S, U> FromRef<Arc<S>> for Users<U>
where
    Users<U>: FromRef<S>,
{
    fn from_ref(state: &Arc<S>) -> Self {
        Self::from_ref(&**state)
    }
}

#[diagnostic::do_not_recommend]
impl<S> FromRef<Arc<S>> for Accounts
where
    Accounts: FromRef<S>,
{
    fn from_ref(state: &Arc<S>) -> Self {
        Self::from_ref(&**state)
    }
}
