use core::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::{Request, connect_info::IntoMakeServiceWithConnectInfo},
    response::Response,
    routing::IntoMakeService,
};
use tower::util::BoxCloneSyncService;
use tower_service::Service;

/// A router inside all layers of this module. It is served like a router, and takes no more routes.
///
/// ```compile_fail,E0599
/// # use auth_runtime::{auth::Settings, web};
/// # use axum::{Router, routing::get};
/// # fn example(app: Router, settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
/// let app = web::hardened(app, settings)?;
/// let app = app.route("/late", get(|| async { "inside no layer" }));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Hardened(pub(super) BoxCloneSyncService<Request, Response, Infallible>);

impl Hardened {
    /// Returns the service that `axum::serve` takes, with the address of each client.
    pub fn into_make_service_with_connect_info<C>(self) -> IntoMakeServiceWithConnectInfo<Self, C> {
        axum::ServiceExt::<Request>::into_make_service_with_connect_info(self)
    }

    /// Returns the service that `axum::serve` takes, without the addresses of clients. Behind a proxy on a Unix socket
    /// there are none.
    pub fn into_make_service(self) -> IntoMakeService<Self> {
        axum::ServiceExt::<Request>::into_make_service(self)
    }
}

impl Service<Request> for Hardened {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.0.call(request)
    }
}

/// For tests and servers that take a router. A route that is added to it stands outside the layers.
impl From<Hardened> for Router {
    fn from(hardened: Hardened) -> Self {
        Self::new().fallback_service(hardened)
    }
}

impl fmt::Debug for Hardened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hardened").finish_non_exhaustive()
    }
}
