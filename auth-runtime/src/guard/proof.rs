//! Finds handlers that answer although their guard never ran.
//!
//! A type that implements axum's `Handler` may wrap a guarded handler, take over its policy, and answer without calling
//! it. No type can rule that out, so the router looks at each response. This detects the fault after the wrapper has run.

use core::{
    any::TypeId,
    cell::Cell,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;
use tokio::{task::futures::TaskLocalFuture, task_local};

use crate::{
    error::INTERNAL,
    policy::{HasPolicy, Policy},
};

use super::event;

task_local! {
    // A task-local lives in the future of the request. It costs no allocation, and other requests cannot see it.
    static EXPECTED: Expected;
}

/// The guard that a handler's policy needs, and whether it has admitted the request.
struct Expected {
    guard: TypeId,
    has_admitted: Cell<bool>,
}

/// Notes that the guard of `P` has admitted the request.
#[inline]
pub(super) fn admitted<P: HasPolicy>() {
    // A plain `axum::Router` expects nothing.
    let _ = EXPECTED.try_with(|expected| {
        if expected.guard == TypeId::of::<P>() {
            expected.has_admitted.set(true);
        }
    });
}

/// A policy together with the guard that enforces it. Only this crate can create it.
#[derive(Clone, Copy, Debug)]
pub struct Enforced {
    guard: TypeId,
    policy: &'static Policy,
}

impl Enforced {
    pub(crate) const fn of<P: HasPolicy>() -> Self {
        Self { guard: TypeId::of::<P>(), policy: const { &P::POLICY } }
    }

    pub(crate) const fn policy(self) -> &'static Policy {
        self.policy
    }
}

pin_project! {
    /// Runs a handler. Replaces a response that the guard has not admitted by 500, unless it is an error already.
    pub(crate) struct Proven<F> {
        #[pin]
        handler: TaskLocalFuture<Expected, F>,
        policy: &'static Policy,
    }
}

impl<F: Future> Proven<F> {
    pub(crate) fn new(enforced: Enforced, handler: F) -> Self {
        let expected = Expected { guard: enforced.guard, has_admitted: Cell::new(false) };
        Self { handler: EXPECTED.scope(expected, handler), policy: enforced.policy }
    }
}

impl<F: Future<Output = Response>> Future for Proven<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let mut this = self.project();
        let response = ready!(this.handler.as_mut().poll(context));
        let is_refusal = response.status().is_client_error() || response.status().is_server_error();
        if is_refusal || this.handler.take_value().is_some_and(|expected| expected.has_admitted.get()) {
            return Poll::Ready(response);
        }
        event::unguarded(this.policy);
        Poll::Ready(INTERNAL.into_response())
    }
}
