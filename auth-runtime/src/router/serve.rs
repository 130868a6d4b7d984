use core::{
    convert::Infallible,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, connect_info::IntoMakeServiceWithConnectInfo},
    response::Response,
    routing::{IntoMakeService, future::RouteFuture},
};
use tower_service::Service;

use super::GuardedRouter;

impl GuardedRouter {
    /// Returns the service that `axum::serve` takes, with the address of each client. Limits by address and the account
    /// endpoints need the address.
    ///
    /// ```no_run
    /// # async fn example(auth: auth_runtime::Auth) -> std::io::Result<()> {
    /// use std::net::SocketAddr;
    ///
    /// use auth_runtime::prelude::*;
    ///
    /// #[protected]
    /// async fn me(who: Identity) -> String {
    ///     who.subject().to_owned()
    /// }
    ///
    /// let app = GuardedRouter::new().route("/me", get(me)).with_state(auth);
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
    /// # }
    /// ```
    pub fn into_make_service_with_connect_info<C>(self) -> IntoMakeServiceWithConnectInfo<Router, C> {
        self.into_router().into_make_service_with_connect_info()
    }

    /// Returns the service that `axum::serve` takes, without the addresses of clients. Behind a proxy on a Unix socket
    /// there are none.
    pub fn into_make_service(self) -> IntoMakeService<Router> {
        self.into_router().into_make_service()
    }
}

/// Answers single requests, as tests and other services send them.
impl Service<Request<Body>> for GuardedRouter {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<Body>>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.router.call(request)
    }
}

/// Lets the application pass this router to code that expects an `axum::Router`.
impl<S: Clone + Send + Sync + 'static> From<GuardedRouter<S>> for Router<S> {
    fn from(guarded: GuardedRouter<S>) -> Self {
        guarded.into_router()
    }
}
