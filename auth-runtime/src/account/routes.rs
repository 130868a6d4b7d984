use crate::{
    auth::{Auth, HasAccounts, HasAuth},
    router::GuardedRouter,
};

use super::{
    Registration,
    endpoints::endpoints,
    part::{Part, Parts},
    prefix,
};

/// Returns the router of the account endpoints, for a state that carries [`Auth`](crate::Auth) and
/// [`Accounts`](crate::store::Accounts). [`AccountRoutes`] adapts it.
pub fn routes<S>() -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    AccountRoutes::new().into_router()
}

/// The account endpoints, adapted: which [parts](Part) there are, and below which path.
///
/// ```
/// use auth_runtime::{account::{AccountRoutes, Part}, auth::{HasAccounts, HasAuth}, prelude::*};
///
/// fn account<S: HasAuth + HasAccounts + Clone + Send + Sync + 'static>() -> GuardedRouter<S> {
///     AccountRoutes::new().without(Part::ApiKeys).without(Part::Introspection).prefix("/account").into_router()
/// }
///
/// # fn show<S: HasAuth + HasAccounts + Clone + Send + Sync + 'static>() {
/// println!("{}", account::<S>().access_matrix());
/// # }
/// ```
///
/// Parts that need a signed-in caller do not need the sign-in of this crate: where [`Part::Tokens`] and
/// [`Part::BrowserSession`] are off, the application signs callers in by itself.
#[derive(Clone, Debug)]
#[must_use = "the endpoints are on a router only after `into_router`"]
pub struct AccountRoutes {
    parts: Parts,
    prefix: String,
    /// Who may register, if the application says so. By default everyone may.
    registration: Option<Registration>,
}

impl Default for AccountRoutes {
    fn default() -> Self {
        Self::new()
    }
}

impl AccountRoutes {
    /// Creates the endpoints of [`account::routes()`](super::routes), below `/auth`: all parts but
    /// [`Part::EmailChange`] and [`Part::AccountDeletion`].
    pub fn new() -> Self {
        Self { parts: Parts::DEFAULT, prefix: prefix::DEFAULT.to_owned(), registration: None }
    }

    /// Switches a part on that is off by default.
    pub fn with(mut self, part: Part) -> Self {
        self.parts = self.parts.with(part);
        self
    }

    /// Switches a part off. Its paths then answer 404, like any path without a route.
    pub fn without(mut self, part: Part) -> Self {
        self.parts = self.parts.without(part);
        self
    }

    /// Switches all other parts off, also parts that later versions add.
    pub fn only(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.parts = Parts::of(parts);
        self
    }

    /// Sets the path below which the endpoints stand; `/auth` by default. `/.well-known/jwks.json` stays where it is,
    /// since verifiers look for it there.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets who may open an account, and what new accounts get; [`Registration::open`] by default. What contradicts
    /// itself there is a panic when the router gets its state: at start-up, never during a request. So is a call where
    /// [`Part::Registration`] is off: nobody could register.
    pub fn registration(mut self, registration: Registration) -> Self {
        self.registration = Some(registration);
        self
    }

    /// Returns the router, for a state that carries [`Auth`](crate::Auth) and [`Accounts`](crate::store::Accounts).
    ///
    /// # Panics
    /// Panics at start-up, never during a request, and names all faults: a prefix that is empty, malformed, has
    /// parameters or lies in `/.well-known`, and no part at all.
    ///
    /// The router panics when it gets its state, at start-up, too: where `Auth` has
    /// [`require_verified_email`](crate::auth::AuthBuilder::require_verified_email) and nobody could verify an address,
    /// since [`Part::EmailVerification`] is off.
    #[track_caller]
    pub fn into_router<S>(self) -> GuardedRouter<S>
    where
        S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
    {
        let faults = self.faults();
        assert!(faults.is_empty(), "the account endpoints cannot be made: {}", faults.join("; "));
        let Self { parts, prefix, registration } = self;
        let is_unserved = registration.is_some() && !parts.has(Part::Registration);
        let registration = registration.unwrap_or_default();
        let router = endpoints(parts, &prefix, registration.clone());
        router.demanding(move |auth, _| {
            let faults = if parts.has(Part::Registration) { registration.faults(auth) } else { Vec::new() };
            let unserved = is_unserved.then(unserved);
            faults.into_iter().chain(unserved).chain(contradiction(parts, auth)).collect()
        })
    }

    fn faults(&self) -> Vec<String> {
        let no_part = "no part is on: leave the account endpoints out, or name a part in `only([…])`";
        let no_part = self.parts.is_empty().then(|| no_part.to_owned());
        prefix::fault(&self.prefix).into_iter().chain(no_part).collect()
    }
}

/// Returns the fault of a registration without its endpoint.
fn unserved() -> String {
    "`AccountRoutes::registration(…)` says who may register, and `Part::Registration` is off, so nobody can: leave the \
    call out, or the part in"
        .to_owned()
}

/// Returns what the engine asks of users that these parts leave them no way to do.
fn contradiction(parts: Parts, auth: &Auth) -> Option<String> {
    let signs_in = parts.has_any(&[Part::Tokens, Part::BrowserSession]);
    let contradicts = signs_in && auth.account_rules().requires_verified_email && !parts.has(Part::EmailVerification);
    contradicts.then(|| {
        "`require_verified_email` is on, and the account endpoints are without `Part::EmailVerification`, so nobody could \
        verify an address and sign in: leave the part in, or turn the option off"
            .to_owned()
    })
}
