use core::{
    any::type_name,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{extract::Request, handler::Handler, response::Response};
use pin_project_lite::pin_project;

use crate::{
    body,
    guard::{Enforced, Exemption, Proven},
    limit::Reported,
    policy::{Access, Policy, Via},
};

use super::Guarded;

/// A handler as the router calls it. The adapter does what a policy needs outside of its guard:
///
/// - It writes the report of the limits to the response.
/// - It bounds the body, and turns the error that follows from a longer or slower one into 413 or 408.
/// - It lets the arguments of an exempt handler use the exemption from the cross-site check.
/// - It replaces a response of a wrapped handler that the guard has not admitted.
#[derive(Clone)]
pub(super) struct Adapted<H> {
    handler: H,
    enforced: Enforced,
    is_wrapped: bool,
    reports_limits: bool,
    is_exempt: bool,
    bounds_body: bool,
}

impl<H> Adapted<H> {
    pub(super) fn new<T: Guarded>(handler: H) -> Self {
        let policy = T::ENFORCED.policy();
        Self {
            handler,
            enforced: T::ENFORCED,
            is_wrapped: is_wrapped::<H>(policy),
            reports_limits: reports_limits(policy),
            is_exempt: policy.is_csrf_exempt(),
            bounds_body: policy.bounds_body(),
        }
    }
}

/// Returns whether something other than the handler's function takes the requests, for example a layer around it.
///
/// The function needs no proof that its guard has run: axum calls the guard, its first argument. Only the name of the
/// type tells the two apart. A closure counts as wrapped, because its name says nothing.
pub(super) fn is_wrapped<H>(policy: &Policy) -> bool {
    !policy.is_of_function(type_name::<H>())
}

/// Returns whether responses may report limits. They do when the handler has limits of its own, or when its policy
/// names API keys. A handler that accepts any credential mostly gets tokens, and all its requests would pay for the
/// report.
fn reports_limits(policy: &Policy) -> bool {
    let is_for_keys = match policy.access() {
        Access::Protected(protection) => protection.via() != Via::ANY && protection.via().accepts(Via::API_KEY),
        Access::Public { .. } => false,
    };
    is_for_keys || !policy.limits().is_empty()
}

impl<T, S, H> Handler<T, S> for Adapted<H>
where
    T: 'static,
    S: Send + Sync + 'static,
    H: Handler<T, S>,
{
    type Future = Adaptation<H::Future>;

    fn call(self, mut request: Request, state: S) -> Self::Future {
        if self.is_exempt {
            Exemption::of_handler(request.extensions_mut());
        }
        if self.bounds_body {
            let bounds = body::watch(&mut request);
            let handler = body::answered(self.handler.call(request, state), bounds);
            return Adaptation::Boxed { handler: boxed(handler, self.enforced, self.is_wrapped, self.reports_limits) };
        }
        let handler = self.handler.call(request, state);
        match (self.is_wrapped, self.reports_limits) {
            (false, false) => Adaptation::Plain { handler },
            (false, true) => Adaptation::Reported { handler: Reported::new(handler) },
            (true, reports) => Adaptation::Boxed { handler: boxed(handler, self.enforced, true, reports) },
        }
    }
}

/// Puts a handler into what its policy needs around it.
fn boxed<F>(handler: F, enforced: Enforced, is_wrapped: bool, reports_limits: bool) -> BoxedHandler
where
    F: Future<Output = Response> + Send + 'static,
{
    match (is_wrapped, reports_limits) {
        (false, false) => Box::pin(handler),
        (false, true) => Box::pin(Reported::new(handler)),
        (true, false) => Box::pin(Proven::new(enforced, handler)),
        (true, true) => Box::pin(Proven::new(enforced, Reported::new(handler))),
    }
}

type BoxedHandler = Pin<Box<dyn Future<Output = Response> + Send>>;

pin_project! {
    /// The future of a handler, with what its adapter adds.
    #[project = Projected]
    pub(super) enum Adaptation<F> {
        Plain { #[pin] handler: F },
        Reported { #[pin] handler: Reported<F> },
        // In a box, so that the futures of the other handlers stay small.
        Boxed { handler: BoxedHandler },
    }
}

impl<F: Future<Output = Response>> Future for Adaptation<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            Projected::Plain { handler } => handler.poll(context),
            Projected::Reported { handler } => handler.poll(context),
            Projected::Boxed { handler } => handler.as_mut().poll(context),
        }
    }
}
