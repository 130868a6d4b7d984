use core::{convert::Infallible, fmt};
use std::sync::Arc;

use axum::{Router, extract::Request, handler::Handler, response::IntoResponse, routing::Route};
use tower_layer::Layer;
use tower_service::Service;

use crate::auth::{Auth, HasAuth};

use super::{
    Guarded, GuardedRoutes, Takes,
    adapted::Adapted,
    collisions::assert_free,
    demands::{Demand, Handlers},
    entry::{Entry, Openness},
    method_router::{Declared, Methods},
    narrowing::Narrowing,
    unmatched::Unmatched,
};

/// An `axum::Router` that accepts only handlers with a policy, and lists them all.
///
/// As in axum, a path without a route answers 404 and a method without a handler answers 405; here, each with a problem
/// document. A [`fallback`](Self::fallback) replaces the 404.
///
/// ```
/// use auth_runtime::prelude::*;
///
/// #[public]
/// async fn health() -> &'static str {
///     "ok"
/// }
///
/// #[require_role("admin")]
/// async fn stop() {}
///
/// # fn build<S: auth_runtime::HasAuth + Clone + Send + Sync + 'static>() {
/// let app = GuardedRouter::<S>::new().route("/health", get(health)).route("/stop", post(stop));
/// println!("{}", app.access_matrix());
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct GuardedRouter<S = ()> {
    pub(super) router: Router<S>,
    pub(super) entries: Vec<Entry>,
    /// Finds the engine in the state. Only a router with guarded handlers requires that the state has one.
    pub(super) auth: Option<fn(&S) -> Auth>,
    /// The policies that come around all routes once the router is complete.
    pub(super) narrowings: Vec<Narrowing<S>>,
    /// Whether policies of groups stand around routes, and need the state.
    pub(super) needs_state: bool,
    /// What else the engine of the state must fulfil.
    pub(super) demands: Vec<Demand>,
}

impl<S> fmt::Debug for GuardedRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedRouter").field("handlers", &self.entries.len()).finish_non_exhaustive()
    }
}

impl<S: Clone + Send + Sync + 'static> Default for GuardedRouter<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> GuardedRouter<S> {
    /// Creates a router without routes.
    pub fn new() -> Self {
        Self {
            router: Router::new().layer(Unmatched::ROUTE),
            entries: Vec::new(),
            auth: None,
            narrowings: Vec::new(),
            needs_state: false,
            demands: Vec::new(),
        }
    }

    /// Routes `path` to handlers that the functions of [`routing`](super::routing) have made.
    ///
    /// # Panics
    /// Panics when the path is malformed or taken, like axum: at start-up, never during a request.
    #[track_caller]
    pub fn route(mut self, path: &str, handlers: impl GuardedRoutes<S>) -> Self
    where
        S: HasAuth,
    {
        let handlers = handlers.into_method_router();
        self.list(handlers.handlers.iter().map(|handler| Entry::guarded(path, handler.clone())));
        self.auth = Some(S::auth);
        self.router = self.router.route(path, handlers.into_inner());
        self
    }

    /// Sets the handler for requests that no route matches. The handler declares its policy, too.
    ///
    /// # Panics
    /// Panics when there is a fallback already, or a service at `/`: at start-up, never during a request. axum would
    /// replace the first one silently.
    #[track_caller]
    pub fn fallback<H, T>(mut self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
        S: HasAuth,
    {
        self.assert_no_fallback();
        self.entries.push(Entry::guarded(Entry::FALLBACK, Declared::new::<H, T>(Methods::Any)));
        self.auth = Some(S::auth);
        self.router = self.router.fallback(Adapted::new::<T>(handler));
        self
    }

    /// Serves `path` and everything below it by a service that is open to everyone, for example static files. `reason`
    /// states why it is open, and appears in the matrix.
    ///
    /// # Panics
    /// Panics when `reason` is blank, or the path is malformed or taken: at start-up, never during a request. A
    /// service at `/` is the router's fallback, so it panics beside another fallback, too.
    #[track_caller]
    pub fn public_service<T>(mut self, path: &str, service: T, reason: &'static str) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse + 'static,
        T::Future: Send + 'static,
    {
        assert!(
            !reason.trim().is_empty(),
            "`public_service({path:?}, ..)` has a blank reason: say why this service is public, such as \"style sheets\""
        );
        if path == "/" {
            self.assert_no_fallback();
        }
        self.entries.push(Entry::open(path, Openness::Service { reason }));
        self.router =
            if path == "/" { self.router.fallback_service(service) } else { self.router.nest_service(path, service) };
        self
    }

    /// Adds the routes of a router with handlers that declare no policy. `reason` states what controls their access,
    /// and appears in the matrix, in one row for the whole router, since axum does not list its routes.
    ///
    /// axum joins the methods of a path. So the other router may answer `POST` at a path where this router guards
    /// `GET`. A fallback of the other router answers what no route matches, unless this router sets its own later.
    ///
    /// # Panics
    /// Panics when `reason` is blank, or a method of a path is taken: at start-up, never during a request.
    #[track_caller]
    pub fn merge_unguarded(mut self, router: Router<S>, reason: &'static str) -> Self {
        assert!(
            !reason.trim().is_empty(),
            "`merge_unguarded` has a blank reason: say what controls the access, such as \"only the mesh reaches them\""
        );
        self.entries.push(Entry::open("*", Openness::Unguarded { reason }));
        // When neither router has a fallback, axum keeps the default answer of the router that is merged into the
        // other.
        self.router = router.merge(self.router);
        self
    }

    /// Adds all routes of another guarded router.
    ///
    /// # Panics
    /// Panics when a path is taken, like axum: at start-up, never during a request.
    #[track_caller]
    pub fn merge(mut self, other: impl GuardedRouters<S>) -> Self {
        let mut other = other.into_guarded_router();
        other.close();
        self.list(other.entries);
        self.auth = self.auth.or(other.auth);
        self.needs_state |= other.needs_state;
        self.demands.extend(other.demands);
        self.router = self.router.merge(other.router);
        self
    }

    /// Adds all routes of another guarded router below `path`.
    ///
    /// # Panics
    /// Panics when a path is malformed or taken, like axum: at start-up, never during a request.
    #[track_caller]
    pub fn nest(mut self, path: &str, other: impl GuardedRouters<S>) -> Self {
        assert!(path.is_empty() || path.starts_with('/'), "the path of `nest` begins with `/`: write \"/{path}\"");
        let mut other = other.into_guarded_router();
        other.close();
        self.list(other.entries.into_iter().map(|entry| entry.below(path)));
        self.auth = self.auth.or(other.auth);
        self.needs_state |= other.needs_state;
        self.demands.extend(other.demands);
        self.router = self.router.nest(path, other.router);
        self
    }

    /// Wraps every route so far, and the fallback, in a `tower` layer.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.router = self.router.layer(layer);
        self
    }

    /// Wraps every route so far, but not the fallback, in a `tower` layer.
    ///
    /// # Panics
    /// Panics when there is no route yet, like axum: at start-up, never during a request.
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.router = self.router.route_layer(layer);
        self
    }

    /// Asks `demand` when the router gets its state. Where it returns faults, `with_state` panics with their words.
    pub(crate) fn demanding(
        mut self,
        demand: impl Fn(&Auth, &Handlers<'_>) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        self.demands.push(Arc::new(demand));
        self
    }

    #[track_caller]
    fn list(&mut self, entries: impl IntoIterator<Item = Entry>) {
        let entries: Vec<_> = entries.into_iter().collect();
        assert_free(&self.entries, &entries);
        self.entries.extend(entries);
    }

    fn assert_no_fallback(&self) {
        assert!(!self.entries.iter().any(Entry::is_fallback), "the router has a fallback already, or a service at `/`");
    }
}

/// A router of handlers with policies.
///
/// A trait in place of the type lets the compiler say what to write for axum's own routers.
#[diagnostic::on_unimplemented(
    message = "this router does not say who may call its routes [AUTH136]",
    label = "made without policies",
    note = "for `AccountRoutes` and `account::administration::<P>()`, call `.into_router()`",
    note = "build it with `GuardedRouter`, or add it with `merge_unguarded(router, \"what controls its access\")`"
)]
pub trait GuardedRouters<S>: private::Sealed {
    #[doc(hidden)]
    fn into_guarded_router(self) -> GuardedRouter<S>;
}

#[diagnostic::do_not_recommend]
impl<S> GuardedRouters<S> for GuardedRouter<S> {
    fn into_guarded_router(self) -> GuardedRouter<S> {
        self
    }
}

mod private {
    pub trait Sealed {}
    impl<S> Sealed for super::GuardedRouter<S> {}
}
