use axum::Router;

/// An application that [`serve`](super::serve) takes: a [`GuardedRouter`](crate::GuardedRouter) or an [`axum::Router`],
/// each with its state, and what [`web::hardened`](crate::web::hardened) returns.
#[diagnostic::on_unimplemented(
    message = "`serve` takes a router that has its state [AUTH161]",
    label = "no router with its state",
    note = "give the router its state with `.with_state(…)`, and write `?` behind `web::hardened(…)`",
    note = "pass the router itself, without `.into_make_service()`"
)]
pub trait Application {
    /// Returns the router that answers the requests.
    #[doc(hidden)]
    fn into_routes(self) -> Router;
}

#[diagnostic::do_not_recommend]
impl<A: Into<Router>> Application for A {
    fn into_routes(self) -> Router {
        self.into()
    }
}
