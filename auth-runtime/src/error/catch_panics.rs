use core::{
    any::Any,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    INTERNAL,
    event::TARGET,
    request_id::{Identified, RequestId, request_id},
};

/// A layer that answers 500 where a handler panics. Without it, the connection ends without an answer.
///
/// The answer is a problem document with the request's identifier. An event of the level `ERROR` has the same
/// `request_id` and the panic's text. `auth_runtime::serve` brings this layer; a router that another server
/// serves needs it:
///
/// ```
/// use auth_runtime::error::CatchPanics;
/// use axum::{Router, routing::get};
///
/// let app: Router = Router::new().route("/", get(|| async { "Hello" })).layer(CatchPanics::new());
/// ```
///
/// The layer sees panics of the handler, of its extractors, and of layers inside of it. It does not see a panic in a
/// task that the handler has spawned, nor one in a body that is sent while it is made.
///
/// With `panic = "abort"` in the profile, a panic ends the process at once, and no layer can answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct CatchPanics(());

impl CatchPanics {
    /// Creates the layer.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for CatchPanics {
    type Service = CatchPanicsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CatchPanicsService { inner }
    }
}

/// The service that [`CatchPanics`] creates.
#[derive(Clone, Copy, Debug)]
pub struct CatchPanicsService<S> {
    inner: S,
}

impl<S> Service<Request> for CatchPanicsService<S>
where
    S: Service<Request>,
    S::Response: IntoResponse,
{
    type Response = Response;
    type Error = S::Error;
    type Future = CatchPanicsFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = RequestId::of(request.headers());
        // What a panic leaves behind is not used again: each request has a future of its own, and axum clones its
        // services for each call.
        let inner = &mut self.inner;
        let handler = match catch_unwind(AssertUnwindSafe(|| inner.call(request))) {
            Ok(future) => Handler::Runs { future },
            Err(panic) => Handler::Panicked { panic: Some(panic) },
        };
        CatchPanicsFuture { handler: id.scope(handler) }
    }
}

pin_project! {
    /// The future of [`CatchPanicsService`].
    pub struct CatchPanicsFuture<F> {
        #[pin]
        handler: Identified<Handler<F>>,
    }
}

impl<F> core::fmt::Debug for CatchPanicsFuture<F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CatchPanicsFuture").finish_non_exhaustive()
    }
}

impl<F: Future<Output = Result<R, E>>, R: IntoResponse, E> Future for CatchPanicsFuture<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().handler.poll(context)
    }
}

pin_project! {
    #[project = HandlerProjection]
    enum Handler<F> {
        Runs { #[pin] future: F },
        Panicked { panic: Option<Panic> },
    }
}

type Panic = Box<dyn Any + Send>;

impl<F: Future<Output = Result<R, E>>, R: IntoResponse, E> Future for Handler<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let panic = match self.project() {
            HandlerProjection::Panicked { panic } => panic.take(),
            HandlerProjection::Runs { future } => {
                let polled = || future.poll(context).map_ok(IntoResponse::into_response);
                match catch_unwind(AssertUnwindSafe(polled)) {
                    Ok(polled) => return polled,
                    Err(panic) => Some(panic),
                }
            }
        };
        Poll::Ready(Ok(answer(panic)))
    }
}

fn answer(panic: Option<Panic>) -> Response {
    let id = request_id();
    let said = panic.as_deref().and_then(text).unwrap_or_default();
    tracing::error!(target: TARGET, request_id = id, panic = ?said, "a handler panicked");
    // The value that a panic carries may panic itself when it is dropped.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
    INTERNAL.problem().with_request_id(id).into_response()
}

/// Returns the text of a panic. `panic_any` can carry any other value, too.
fn text(panic: &(dyn Any + Send)) -> Option<&str> {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        http::Request,
        routing::get,
    };
    use tower::ServiceExt as _;

    use super::*;

    async fn answered(service: impl Service<Request<Body>, Response = Response, Error: core::fmt::Debug>) -> String {
        let request = Request::get("/").header("x-request-id", "request-7").body(Body::empty()).unwrap();
        let response = service.oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        format!("{} {}", status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
    }

    async fn panics() {
        panic!("the secret {}", 7);
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_without_its_text() {
        let answer = answered(CatchPanics::new().layer(Router::new().route("/", get(panics)))).await;
        assert!(answer.starts_with("500 {") && answer.contains("\"request_id\":\"request-7\""), "{answer}");
        assert!(!answer.contains("secret"), "{answer}");
    }

    #[tokio::test]
    async fn a_panic_before_the_first_await_is_one_too() {
        let service =
            tower::service_fn(|_: Request<Body>| -> core::future::Ready<Result<Response, ()>> { panic!("now") });
        let answer = answered(CatchPanics::new().layer(service)).await;
        assert!(answer.starts_with("500 {"), "{answer}");
    }

    #[tokio::test]
    async fn other_answers_pass() {
        let answer = answered(CatchPanics::new().layer(Router::new().route("/", get(|| async { "as it is" })))).await;
        assert_eq!(answer, "200 as it is");
    }

    #[test]
    fn texts_of_panics_are_found() {
        assert_eq!(text(&"a"), Some("a"));
        assert_eq!(text(&String::from("b")), Some("b"));
        assert_eq!(text(&7), None);
    }
}
