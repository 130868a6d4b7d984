use axum::Router;

use crate::router::{GuardedRouter, RouteMethods};

/// A router that [`hardened`](super::hardened) takes: a `GuardedRouter`, which knows its methods, or an `axum::Router`,
/// which does not.
#[diagnostic::on_unimplemented(
    message = "`hardened` takes a router that has its state [AUTH161]",
    label = "no router with its state",
    note = "give the router its state with `.with_state(…)`"
)]
pub trait Routes: private::Sealed {
    /// Returns the router, and the methods of its routes if it knows them.
    #[doc(hidden)]
    fn into_routes(self) -> (Router, Option<RouteMethods>);
}

#[diagnostic::do_not_recommend]
impl Routes for GuardedRouter {
    fn into_routes(self) -> (Router, Option<RouteMethods>) {
        let methods = self.methods();
        (self.into_router(), Some(methods))
    }
}

#[diagnostic::do_not_recommend]
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
