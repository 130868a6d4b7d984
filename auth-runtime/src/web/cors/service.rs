use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method,
        header::{ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY},
    },
    response::{IntoResponse as _, Response},
};
use pin_project_lite::pin_project;
use tower_http::cors;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    auth::is_metadata_path,
    error::{Document, fixed},
    web::event,
};

use super::paths::Paths;

/// The layer that [`Cors`](super::Cors) builds.
#[derive(Clone, Debug)]
pub struct CorsLayer {
    layer: cors::CorsLayer,
    /// `None` for every origin.
    origins: Option<Arc<[HeaderValue]>>,
    paths: Paths,
}

impl CorsLayer {
    pub(super) fn new(layer: cors::CorsLayer, origins: Option<Arc<[HeaderValue]>>) -> Self {
        Self { layer, origins, paths: Paths::default() }
    }

    /// Lets a preflight request for one of these paths learn the path's own methods.
    pub(in crate::web) fn for_paths(self, paths: &[(String, Vec<Method>)]) -> Self {
        Self { paths: Paths::of(paths), ..self }
    }
}

impl<S> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CorsService {
            cors: self.layer.layer(Restored(inner)),
            origins: self.origins.clone(),
            paths: self.paths.clone(),
        }
    }
}

/// The service that [`CorsLayer`] creates.
#[derive(Clone, Debug)]
pub struct CorsService<S> {
    cors: cors::Cors<Restored<S>>,
    origins: Option<Arc<[HeaderValue]>>,
    paths: Paths,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// A page of an allowed origin.
    Allowed,
    /// A page of another origin, or a request with two origins.
    Other,
    /// No page, or a page of this service that sends no `Origin`.
    NoOrigin,
}

impl<S> CorsService<S> {
    fn origin_of(&self, headers: &HeaderMap) -> From {
        let mut fields = headers.get_all(ORIGIN).iter();
        match (fields.next(), fields.next(), &self.origins) {
            (None, ..) => From::NoOrigin,
            (Some(_), None, None) => From::Allowed,
            // Browsers write an origin in one spelling, so bytes are compared.
            (Some(origin), None, Some(allowed)) if allowed.contains(origin) => From::Allowed,
            _ => From::Other,
        }
    }
}

const NOT_ALLOWED: Document = fixed!(403, "origin-not-allowed", "Pages of this origin may not use this service.");

impl<S> Service<Request> for CorsService<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = CorsFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.cors.get_mut().0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        // Every origin may read the metadata of protected resources, which has its own fields for that.
        if is_metadata_path(request.uri().path()) {
            return CorsFuture::Plain { future: self.cors.get_mut().0.call(request) };
        }
        let is_options = request.method() == Method::OPTIONS;
        let is_preflight = is_options && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        match self.origin_of(request.headers()) {
            From::Allowed => {
                if is_options && !is_preflight {
                    request.extensions_mut().insert(PlainOptions);
                    *request.method_mut() = Method::GET;
                }
                let methods = if is_preflight { self.paths.methods_at(&request).cloned() } else { None };
                CorsFuture::Cors { future: self.cors.call(request), methods }
            }
            From::Other if is_preflight => {
                event::refused("origin_not_allowed");
                CorsFuture::Refused
            }
            From::Other | From::NoOrigin => CorsFuture::Plain { future: self.cors.get_mut().0.call(request) },
        }
    }
}

/// Marks an `OPTIONS` request that is no preflight request. tower-http would answer it itself, in place of the handler.
#[derive(Clone, Copy)]
struct PlainOptions;

/// Gives a request its own method back.
#[derive(Clone, Debug)]
struct Restored<S>(S);

impl<S: Service<Request>> Service<Request> for Restored<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        if request.extensions_mut().remove::<PlainOptions>().is_some() {
            *request.method_mut() = Method::OPTIONS;
        }
        self.0.call(request)
    }
}

pin_project! {
    /// The future of [`CorsService`].
    #[project = Projected]
    #[allow(missing_docs, reason = "the macro's variants are no public interface")]
    pub enum CorsFuture<F> {
        #[doc(hidden)]
        Cors { #[pin] future: cors::ResponseFuture<F>, methods: Option<HeaderValue> },
        #[doc(hidden)]
        Plain { #[pin] future: F },
        #[doc(hidden)]
        Refused,
    }
}

impl<F> core::fmt::Debug for CorsFuture<F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CorsFuture").finish_non_exhaustive()
    }
}

impl<F, E> Future for CorsFuture<F>
where
    F: Future<Output = Result<Response<Body>, E>>,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Cors { future, methods } => {
                let mut response = ready!(future.poll(context))?;
                if let Some(methods) = methods.take() {
                    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
                }
                Poll::Ready(Ok(response))
            }
            Projected::Plain { future } => Poll::Ready(Ok(varying(ready!(future.poll(context))?))),
            Projected::Refused => Poll::Ready(Ok(varying(NOT_ALLOWED.into_response()))),
        }
    }
}

/// Tells caches that the answer to a page of another origin may differ.
fn varying(mut response: Response) -> Response {
    response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
    response
}
