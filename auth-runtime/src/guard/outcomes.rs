use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{Extensions, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::identity::Identity;

use super::Outcome;

/// A layer that puts the [`Outcome`] of the guards among the extensions of every response, whether the request was
/// admitted or refused. A response of a route without a guard has no outcome.
///
/// Without this layer the guards note no outcome, and their requests do not pay for it. Layers outside of it read the
/// outcome, so add it before them. It stands outside of [`CatchPanics`], so that an
/// answer to a panic has an outcome, too:
///
/// ```
/// use auth_runtime::{error::CatchPanics, guard::{Outcome, Outcomes}, prelude::*};
/// use axum::{extract::Request, middleware::{self, Next}, response::Response};
///
/// async fn access_log(request: Request, next: Next) -> Response {
///     let (method, path) = (request.method().clone(), request.uri().path().to_owned());
///     let response = next.run(request).await;
///     let outcome = response.extensions().get::<Outcome>();
///     let caller = outcome.and_then(Outcome::identity).map_or("-", |caller| caller.subject());
///     let code = outcome.and_then(Outcome::code).unwrap_or("-");
///     println!("{method} {path:?} {} {caller:?} {code}", response.status().as_u16());
///     response
/// }
///
/// #[protected]
/// async fn notes() {}
///
/// let app = GuardedRouter::<Auth>::new()
///     .route("/notes", get(notes))
///     .layer(CatchPanics::new())
///     .layer(Outcomes::new())
///     .layer(middleware::from_fn(access_log));
/// ```
///
/// Where several guards decide, for example under
/// [`narrowed_by`](crate::GuardedRouter::narrowed_by), the outcome is that of the guard that refused, or else that of
/// the handler. The guards of `narrowed_by` stand outside of the layers that their router has when it gets its state.
/// So there, add this layer and its readers after `with_state(…)`, or to the router around.
///
/// [`CatchPanics`]: crate::error::CatchPanics
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcomes(());

impl Outcomes {
    /// Creates the layer.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for Outcomes {
    type Service = OutcomesService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        OutcomesService { inner }
    }
}

/// The service that [`Outcomes`] creates.
#[derive(Clone, Copy, Debug)]
pub struct OutcomesService<S> {
    inner: S,
}

impl<S, A, B> Service<Request<A>> for OutcomesService<S>
where
    S: Service<Request<A>, Response = Response<B>>,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = OutcomesFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<A>) -> Self::Future {
        let slot = Slot::of(request.extensions_mut());
        OutcomesFuture { answer: self.inner.call(request), slot }
    }
}

pin_project! {
    /// The future of [`OutcomesService`].
    pub struct OutcomesFuture<F> {
        #[pin]
        answer: F,
        slot: Slot,
    }
}

impl<F> fmt::Debug for OutcomesFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutcomesFuture").finish_non_exhaustive()
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for OutcomesFuture<F> {
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.answer.poll(context));
        if let Ok(response) = &mut answer
            && Outcome::of(response.extensions()).is_none()
            && let Some(outcome) = this.slot.take()
        {
            response.extensions_mut().insert(outcome);
        }
        Poll::Ready(answer)
    }
}

/// The place in a request where its guards note their outcome.
#[derive(Clone)]
pub(super) struct Slot(Arc<Mutex<Option<Outcome>>>);

impl Slot {
    /// Returns the slot of a request. Two layers around one handler share it.
    fn of(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_with(|| Self(Arc::default())).clone()
    }

    /// Returns whether a layer asks for the outcome of the request.
    pub(super) fn is_in(extensions: &Extensions) -> bool {
        extensions.get::<Self>().is_some()
    }

    /// Notes a guard's outcome, where a layer wants it. A later guard of the same request replaces it.
    pub(super) fn note(extensions: &Extensions, outcome: impl FnOnce() -> Outcome) {
        if let Some(slot) = extensions.get::<Self>() {
            slot.change(|noted| *noted = Some(outcome()));
        }
    }

    /// Notes the caller whom an argument has identified after the guard, as in a public handler.
    pub(super) fn note_caller(extensions: &Extensions, caller: &Identity) {
        if let Some(slot) = extensions.get::<Self>() {
            slot.change(|noted| {
                if let Some(outcome) = noted {
                    outcome.identified(caller);
                }
            });
        }
    }

    fn take(&self) -> Option<Outcome> {
        self.change(|noted| noted.clone())
    }

    /// No holder of the lock panics between two changes, so a poisoned lock guards a complete outcome.
    fn change<T>(&self, change: impl FnOnce(&mut Option<Outcome>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
