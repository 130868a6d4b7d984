use core::fmt;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    account::context::{AccountContext, NoAccountsError},
    auth::{Auth, HasAuth},
    guard::{GuardRejection, Rejection, refuse},
    store::Standing,
};

/// Changes accounts on behalf of the application, together with all consequences for their sessions.
///
/// The stores only keep records. A role that is changed directly in a store appears in tokens only after the next
/// refresh. A change through this type takes effect sooner: this process refuses the old access tokens at once, and the
/// other processes within [`AuthBuilder::revocation_delay`](crate::auth::AuthBuilder::revocation_delay).
///
/// Roles and scopes are checked before they are stored, so that the account can still sign in with them. The limits are
/// 88 roles and an access token of [`AuthBuilder::access_token_bytes`](crate::auth::AuthBuilder::access_token_bytes).
/// [`GrantError`](crate::account::GrantError) lists the rules.
///
/// A change that has begun is completed even if the caller's future is dropped. So a client that disconnects, and
/// thereby drops its handler, cannot leave an account with new roles and old tokens.
///
/// An account that does not exist is an error ([`AdministrationError::Unknown`](super::AdministrationError::Unknown)),
/// so `?` overlooks no mistyped identifier.
///
/// This type is also an extractor, for the handlers of administration pages. It checks no permission, so these handlers
/// need a guard. [`administration`](super::administration()) has ready-made endpoints that check who may change whom.
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth, id: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::account::Administration;
///
/// let administration = Administration::new(&auth)?;
/// administration.set_roles(id, ["moderator"]).await?;
/// administration.set_scopes(id, [""; 0]).await?; // takes all scopes away
/// administration.set_active(id, false).await?; // signed out everywhere
/// # Ok(()) }
/// ```
///
/// The first superuser of a new application is made by its own code, for example by a command at the server:
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::account::Administration;
///
/// // `shop make-superuser alice`
/// let administration = Administration::new(&auth)?;
/// let alice = administration.find_by_login("alice").await?;
/// administration.set_superuser(&alice.id, true).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Administration {
    pub(in crate::account) context: AccountContext,
    /// The accounts on which the decision about a change rests; empty for the application's own code, which decides by
    /// itself.
    pub(in crate::account) standings: Vec<Standing>,
}

impl Administration {
    /// Creates the administration of the accounts that the engine was built with.
    ///
    /// # Errors
    /// Returns [`NoAccountsError`] when the engine was built without accounts.
    pub fn new(auth: &Auth) -> Result<Self, NoAccountsError> {
        AccountContext::of(auth).map(Self::of)
    }

    /// Creates the administration of the accounts of this context.
    pub(super) const fn of(context: AccountContext) -> Self {
        Self { context, standings: Vec::new() }
    }
}

impl fmt::Debug for Administration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Administration").finish_non_exhaustive()
    }
}

impl<S: HasAuth + Sync> FromRequestParts<S> for Administration {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        Self::new(&auth)
            .map_err(|_| refuse(Rejection::Misconfigured("`Auth` was built without `.accounts(…)`"), &auth, parts))
    }
}
