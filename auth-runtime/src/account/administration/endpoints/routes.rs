use core::{any::type_name, fmt, marker::PhantomData};

use axum::{Extension, middleware::map_response};

use crate::{
    account::{
        answer::oauth::no_store,
        policies::{COOKIE_LOGIN, LOGIN, REGISTER, REGISTRATION_CLOSED},
        prefix,
    },
    auth::{HasAccounts, HasAuth},
    guard::RunChecks,
    policy::{
        Access, HasPolicy, Role,
        outcomes::{Callers, can_be},
    },
    router::{
        GuardedRouter, Handlers,
        routing::{delete, get, post, put},
    },
};

use super::{access, accounts, grants, identity, invitations, role_hierarchy::Hierarchy, standing};

/// Returns the endpoints with which administrators change accounts, for callers whom the policy `P` admits.
///
/// ```
/// use auth_runtime::{HasPolicy, Policy, account, auth::{HasAccounts, HasAuth}, policy::Rule, prelude::*};
///
/// /// Who may administer accounts.
/// struct Staff;
/// impl HasPolicy for Staff {
///     const POLICY: Policy = Policy::protected("app::staff").with_rule(Rule::role("staff"));
///     type Checks = ();
/// }
///
/// fn app<S: HasAuth + HasAccounts + Clone + Send + Sync + 'static>() -> GuardedRouter<S> {
///     account::routes().merge(account::administration::<Staff>().into_router())
/// }
/// # fn show<S: HasAuth + HasAccounts + Clone + Send + Sync + 'static>() {
/// println!("{}", app::<S>().access_matrix());
/// # }
/// ```
///
/// `P` says who is an administrator. Each endpoint then looks at the account of the administrator, as the store has it
/// at this moment:
///
/// - Administrators change only accounts whose roles and scopes they hold themselves, and grant only what they hold.
/// - Only superusers change accounts of superusers, and make or unmake superusers. They may grant every role and
///   scope.
/// - The last active superuser stays one. Administrators cannot take their own last role or scope, and neither
///   deactivate nor delete their own account here.
/// - Administrators change their own address and password by the endpoints of every person, which ask for the password.
///
/// The store compares both accounts again in the step that writes them. A change whose decision no longer holds is 409.
/// Ending a lock, sessions and API keys writes no account, so there the rights count as they were read, a moment
/// before. A token or cookie with a role or scope that its owner has lost is refused at every endpoint.
///
/// Callers need a token or a cookie of this service; API keys are refused. A change needs a login of the last 15
/// minutes. Each change and each refusal is an event with the administrator, the account and the operation.
pub fn administration<P: HasPolicy>() -> AdministrationRoutes<P> {
    AdministrationRoutes {
        prefix: "/auth/admin".to_owned(),
        hierarchy: Hierarchy::NONE,
        invites: true,
        policy: PhantomData,
    }
}

/// The endpoints of [`administration`](administration()), while they are being set up.
#[must_use = "the endpoints are on a router only after `into_router`"]
pub struct AdministrationRoutes<P> {
    prefix: String,
    hierarchy: Hierarchy,
    /// Whether there is an endpoint for invitations.
    invites: bool,
    policy: PhantomData<fn() -> P>,
}

impl<P: HasPolicy> AdministrationRoutes<P> {
    /// Sets the path below which the endpoints stand; `/auth/admin` by default.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Names the application's roles. Administrators then also hold, and may grant, the roles that theirs imply.
    /// Superusers may grant every role of `R`. Another name is 422 for them, and 403 for administrators who do not hold
    /// it. Without it, a role stands for itself alone, and superusers may grant every name.
    pub fn roles<R: Role>(mut self) -> Self {
        self.hierarchy = Hierarchy::of::<R>();
        self
    }

    /// Leaves the endpoint for invitations out, for a service where nobody registers: administrators then create all
    /// accounts. Its path answers 404.
    pub fn without_invitations(mut self) -> Self {
        self.invites = false;
        self
    }

    /// Returns the router, for a state that carries [`Auth`](crate::Auth) and [`Accounts`](crate::store::Accounts).
    ///
    /// # Panics
    /// Panics at start-up, never during a request: when `P` admits everyone or every signed-in caller, when it accepts
    /// API keys alone, and when the prefix is malformed.
    ///
    /// The router panics when it gets its state, at start-up, too: where it has endpoints for invitations and for
    /// sign-in, and no person could accept an invitation, since registration is closed or its part is off.
    #[track_caller]
    pub fn into_router<S>(self) -> GuardedRouter<S>
    where
        S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
        P::Checks: RunChecks<S>,
    {
        let faults: Vec<String> = prefix::fault(&self.prefix).into_iter().chain(fault_of_policy::<P>()).collect();
        assert!(faults.is_empty(), "the endpoints of administration cannot be made: {}", faults.join("; "));
        let invites = self.invites;
        let narrowed = endpoints(&self.prefix, invites).route_layer(Extension(self.hierarchy)).narrowed_by::<P>();
        // The answers of `P` must not be cached, either, so the layer stands around it.
        let router = GuardedRouter::new().merge(narrowed).route_layer(map_response(no_store));
        router.demanding(move |_, handlers| fault_of_invitations(invites, handlers).into_iter().collect())
    }
}

impl<P> fmt::Debug for AdministrationRoutes<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdministrationRoutes")
            .field("prefix", &self.prefix)
            .field("policy", &type_name::<P>())
            .finish_non_exhaustive()
    }
}

/// Returns why the policy does not say who is an administrator.
fn fault_of_policy<P: HasPolicy>() -> Option<String> {
    let policy = const { &P::POLICY };
    let who = match policy.access() {
        Access::Protected(protection) if can_be(protection.rule(), false, Callers::Any) => return None,
        Access::Protected(_) => "every signed-in caller",
        Access::Public { .. } => "everyone",
    };
    Some(format!("`{}` admits {who}: let it require a role, a scope or a check", policy.full_name()))
}

/// Returns why nobody could accept an invitation. A router without sign-in may be that of administrators alone, where
/// another process registers people.
fn fault_of_invitations(invites: bool, handlers: &Handlers<'_>) -> Option<String> {
    let is_public = [LOGIN, COOKIE_LOGIN].iter().any(|name| handlers.has(name));
    let why = if handlers.has(REGISTRATION_CLOSED) {
        "`Registration::closed()` accepts none"
    } else if is_public && !handlers.has(REGISTER) {
        "`Part::Registration` is off"
    } else {
        return None;
    };
    invites.then(|| {
        format!(
            "administrators can invite persons, and {why}: call `.without_invitations()` on the endpoints of \
             administration, or take `Registration::by_invitation()`"
        )
    })
}

fn endpoints<S>(prefix: &str, invites: bool) -> GuardedRouter<S>
where
    S: HasAuth + HasAccounts + Clone + Send + Sync + 'static,
{
    let account = format!("{prefix}/accounts/{{id}}");
    let below = |path: &str| format!("{account}{path}");
    let router = GuardedRouter::new();
    let router =
        if invites { router.route(&format!("{prefix}/invitations"), post(invitations::invite)) } else { router };
    router
        .route(&format!("{prefix}/accounts"), get(accounts::list).post(accounts::create))
        .route(&account, get(accounts::show).delete(standing::delete))
        .route(&below("/roles"), put(grants::set_roles))
        .route(&below("/scopes"), put(grants::set_scopes))
        .route(&below("/superuser"), put(standing::set_superuser))
        .route(&below("/active"), put(standing::set_active))
        .route(&below("/username"), put(identity::rename))
        .route(&below("/email"), put(identity::change_email))
        .route(&below("/require-reset"), post(identity::require_reset))
        .route(&below("/unlock"), post(identity::unlock))
        .route(&below("/sessions"), get(access::sessions).delete(access::end_sessions))
        .route(&below("/sessions/{session}"), delete(access::end_session))
        .route(&below("/api-keys"), get(access::api_keys).delete(access::revoke_api_keys))
        .route(&below("/api-keys/{key}"), delete(access::revoke_api_key))
}
