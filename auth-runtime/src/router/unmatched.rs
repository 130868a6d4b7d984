use core::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::response::{IntoResponse, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::{Document, fixed};

/// The response to a request that no route matches: a problem document in place of axum's empty response.
///
/// It is a layer around axum's own response, which it never calls. It is not a fallback, so axum sees a router without
/// a fallback. An application's fallback therefore replaces it, routers merge as usual, and a nested router inherits
/// the fallback of the outer router.
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
