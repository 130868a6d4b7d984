//! Finds handlers that answer although their guard never ran.
//!
//! A type that implements axum's `Handler` may wrap a guarded handler, take over its policy, and answer without calling
//! it. No type can rule that out, so the router looks at each response. This detects the fault after the wrapper has
//! run.

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

/// The guard that a handler's policy needs, and its decision.
struct Expected {
    guard: TypeId,
    decision: Cell<Decision>,
}

/// What the guard has decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Nothing: the guard has not run.
    None,
    Admitted,
    Refused,
}

/// Notes the decision of the guard of `P`.
#[inline]
pub(super) fn decided<P: HasPolicy>(decision: Decision) {
    // A plain `axum::Router` expects nothing.
    let _ = EXPECTED.try_with(|expected| {
        if expected.guard == TypeId::of::<P>() {
            expected.decision.set(decision);
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
    /// Runs a handler. Replaces a response that the guard has not admitted by 500, unless it is an error already. A
    /// layer may turn the guard's refusal into a redirection, for example to a page for signing in.
    pub(crate) struct Proven<F> {
        #[pin]
        handler: TaskLocalFuture<Expected, F>,
        policy: &'static Policy,
    }
}

impl<F: Future> Proven<F> {
    pub(crate) fn new(enforced: Enforced, handler: F) -> Self {
        let expected = Expected { guard: enforced.guard, decision: Cell::new(Decision::None) };
        Self { handler: EXPECTED.scope(expected, handler), policy: enforced.policy }
    }
}

impl<F: Future<Output = Response>> Future for Proven<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let mut this = self.project();
        let response = ready!(this.handler.as_mut().poll(context));
        let decision = this.handler.take_value().map_or(Decision::None, |expected| expected.decision.get());
        let status = response.status();
        if status.is_client_error()
            || status.is_server_error()
            || decision == Decision::Admitted
            || (decision == Decision::Refused && status.is_redirection())
        {
            return Poll::Ready(response);
        }
        event::unguarded(this.policy);
        Poll::Ready(INTERNAL.into_response())
    }
}
