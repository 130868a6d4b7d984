use axum::Router;

use crate::router::{GuardedRouter, RouteMethods};

/// A router that [`hardened`](super::hardened) takes: a `GuardedRouter`, which knows its methods, or an `axum::Router`,
/// which does not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no router that can be put inside the layers",
    label = "neither a `GuardedRouter` nor an `axum::Router`, each with its state",
    note = "call `.with_state(…)` on the router first"
)]
pub trait Routes: private::Sealed {
    /// Returns the router, and the methods of its routes if it knows them.
    #[doc(hidden)]
    fn into_routes(self) -> (Router, Option<RouteMethods>);
}

impl Routes for GuardedRouter {
    fn into_routes(self) -> (Router, Option<RouteMethods>) {
        let methods = self.methods();
        (self.into_router(), Some(methods))
    }
}

impl Routes for Router {
    fn into_routes(self) -> (Router, Option<RouteMethods>) {
        (self, None)
    }
}

mod private {
    pub trait Sealed {}
    impl Sealed for super::GuardedRouter {}
    impl Sealed for super::Router {}
}
