//! What a router becomes once all its routes are there.

use axum::Router;

#[cfg(feature = "web")]
use super::route_methods::RouteMethods;
use super::{
    AccessMatrix, GuardedRouter, callers, demands::assert_fits, entry::Entry, narrowing::with_state_for_groups,
};

impl<S: Clone + Send + Sync + 'static> GuardedRouter<S> {
    /// Sets the state of the routes.
    ///
    /// Sends a `tracing` event for each handler that accepts a kind of credential that the [`Auth`](crate::Auth) of the
    /// state does not recognise, or that requires a role of callers without roles. Sends another one when `Auth`
    /// declares a protected resource and the router does not serve its metadata.
    ///
    /// # Panics
    /// Panics at start-up, never during a request. The message names all handlers that are at fault:
    ///
    /// - A handler asks for an issuer that the `Auth` of the state does not know.
    /// - A handler contradicts a policy of [`narrowed_by`](Self::narrowed_by).
    /// - A quota of [`AuthBuilder::quota`](crate::auth::AuthBuilder::quota) has a name that no limit has, neither here
    ///   nor on a router that was given this `Auth` before. Or it contradicts a limit: a request costs more than the
    ///   burst, or two limits of one handler would be the same.
    /// - A router of [`AccountRoutes`](crate::account::AccountRoutes) leaves out a part that the `Auth` needs, or its
    ///   `Registration` contradicts itself or grants what no account can have.
    #[track_caller]
    pub fn with_state<S2: Clone + Send + Sync + 'static>(mut self, state: S) -> GuardedRouter<S2> {
        self.close();
        if let Some(auth) = self.auth.map(|auth| auth(&state)) {
            assert_fits(&self.entries, &self.demands, &auth);
            self.entries.iter_mut().for_each(|entry| entry.meet(&auth));
            if auth.has_metadata() && !self.entries.iter().any(Entry::is_metadata) {
                callers::tell_of_missing_metadata();
            }
        }
        let router = match self.needs_state {
            true => with_state_for_groups(self.router.with_state(state.clone()), state),
            false => self.router.with_state(state),
        };
        GuardedRouter {
            router,
            entries: self.entries,
            auth: None,
            narrowings: Vec::new(),
            needs_state: false,
            demands: Vec::new(),
        }
    }

    /// Returns the plain router, for code that expects one.
    ///
    /// The matrix does not know the routes that are added to the plain router. Each of these routes is open unless its
    /// handler declares a policy. To serve this router, call
    /// [`into_make_service_with_connect_info`](Self::into_make_service_with_connect_info) instead. To add routes of
    /// other crates, call [`merge_unguarded`](Self::merge_unguarded).
    ///
    /// Sends a `tracing` event when a limit or a check of a handler reads path parameters that its route does not have.
    /// Sends another one when a handler's rule holds for no caller or for all of them.
    ///
    /// # Panics
    /// Panics on a router with [`narrowed_by`](Self::narrowed_by) that has not been given its state: at start-up, never
    /// during a request.
    #[track_caller]
    pub fn into_router(mut self) -> Router<S> {
        self.close();
        assert!(!self.needs_state, "a router with `narrowed_by` needs its state: call `.with_state(…)` before this");
        self.entries.iter().for_each(Entry::tell_of_mistakes);
        self.router
    }

    /// Returns who may call each handler: every route with its policy.
    ///
    /// Once the router has its state, the limits show the quotas of
    /// [`AuthBuilder::quota`](crate::auth::AuthBuilder::quota), with the quotas that they replace.
    pub fn access_matrix(&self) -> AccessMatrix {
        let groups = self.narrowings.iter().map(|narrowing| narrowing.policy).collect::<Vec<_>>();
        AccessMatrix::new(self.entries.iter().map(|entry| entry.row(&groups)))
    }

    /// Returns the methods that the routes have.
    #[cfg(feature = "web")]
    pub(crate) fn methods(&self) -> RouteMethods {
        RouteMethods::of(&self.entries)
    }
}
