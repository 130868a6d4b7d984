use core::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::response::{IntoResponse, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::{Document, fixed};

/// The answer to a request that nothing matches: a problem document in place of axum's empty one.
///
/// It is a layer around axum's own answer, which it never asks, rather than a fallback: for axum the router still has
/// none. So an application's fallback replaces it, routers merge as they would without it, and a nested router takes
/// over that of the outer one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unmatched(Document);

impl Unmatched {
    pub(super) const ROUTE: Self = Self(fixed!(404, "not-found", "There is nothing at this address."));

    /// axum adds the `Allow` field.
    pub(super) const METHOD: Self =
        Self(fixed!(405, "method-not-allowed", "The method is not allowed at this address."));
}

impl<S> Layer<S> for Unmatched {
    type Service = Self;

    fn layer(&self, _: S) -> Self {
        *self
    }
}

impl<R> Service<R> for Unmatched {
    type Response = Response;
    type Error = Infallible;
    type Future = Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: R) -> Self::Future {
        ready(Ok(self.0.into_response()))
    }
}
