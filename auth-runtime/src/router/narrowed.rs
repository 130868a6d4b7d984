use crate::{
    auth::HasAuth,
    guard::RunChecks,
    policy::{Access, HasPolicy, Policy},
};

use super::{GuardedRouter, entry::Entry, narrowing::Narrowing};

impl<S: Clone + Send + Sync + 'static> GuardedRouter<S> {
    /// Adds the policy `P` to every route of this router, before and after this call. These include the routes that
    /// [`merge`](Self::merge) and [`nest`](Self::nest) add, fallbacks, services and unguarded routers. A request must
    /// pass both `P` and the policy of its handler, so `P` only narrows who may call.
    ///
    /// ```
    /// use auth_runtime::{HasPolicy, Policy, policy::Rule, prelude::*};
    ///
    /// /// The policy of everything below `/admin`.
    /// struct Staff;
    /// impl HasPolicy for Staff {
    ///     const POLICY: Policy = Policy::protected("app::staff").with_rule(Rule::role("staff"));
    ///     type Checks = ();
    /// }
    ///
    /// #[require_role("editor")]
    /// async fn drafts() {}
    ///
    /// let admin = GuardedRouter::<Auth>::new().route("/drafts", get(drafts)).narrowed_by::<Staff>();
    /// let app = GuardedRouter::new().nest("/admin", admin);
    /// assert_eq!(app.access_matrix().rows()[0].access, "role editor; and role staff");
    /// ```
    ///
    /// `P` runs before the layers that this router has, and before the guards of the handlers. Its limits count the
    /// requests of all routes together. The caller is looked up once.
    ///
    /// Call it before [`with_state`](Self::with_state), which gives `P` the state.
    ///
    /// # Panics
    /// Panics when `P` admits everyone and has no limits. Also panics when it has a CSRF exemption, bounds of a body or
    /// a Content Security Policy, which belong on handlers.
    ///
    /// The router panics at start-up where a handler contradicts `P`, as soon as it is merged, nested or given its
    /// state. Contradictions are a `#[public]` handler below a policy that asks for a caller, a CSRF exemption without
    /// a use, and a `via` or an issuer that the two do not share. The message names all these handlers.
    #[track_caller]
    pub fn narrowed_by<P>(mut self) -> Self
    where
        S: HasAuth,
        P: HasPolicy,
        P::Checks: RunChecks<S>,
    {
        assert_fits_a_group(const { &P::POLICY });
        self.narrowings.push(Narrowing::of::<P>());
        self.auth = Some(S::auth);
        self
    }

    /// Puts the policies of [`narrowed_by`](Self::narrowed_by) around all routes that the router has.
    #[track_caller]
    pub(super) fn close(&mut self) {
        for narrowing in core::mem::take(&mut self.narrowings) {
            self.entries.iter_mut().for_each(|entry| entry.narrow(narrowing.policy));
            let has_fallback = self.entries.iter().any(Entry::may_have_fallback);
            if self.router.has_routes() || has_fallback {
                let router = core::mem::take(&mut self.router);
                self.router = narrowing.around(router, has_fallback);
                self.needs_state = true;
            }
        }
        let faults: Vec<_> = self.entries.iter().filter_map(Entry::contradiction).collect();
        assert!(
            faults.is_empty(),
            "policies of `narrowed_by` or `policy(…)` contradict handlers: {}",
            faults.join("; ")
        );
    }
}

#[track_caller]
fn assert_fits_a_group(policy: &Policy) {
    let name = policy.full_name();
    assert!(!policy.is_csrf_exempt(), "`{name}` has a CSRF exemption, which belongs on a handler, not on a group");
    assert!(!policy.bounds_body(), "`{name}` bounds the body, which belongs on a handler, not on a group");
    assert!(policy.csp().is_none(), "`{name}` changes the Content Security Policy, which belongs on a handler");
    assert!(
        matches!(policy.access(), Access::Protected(_)) || !policy.limits().is_empty(),
        "`{name}` admits everyone and has no limits, so it narrows nothing"
    );
}
