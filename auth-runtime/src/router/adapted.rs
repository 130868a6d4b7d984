use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{extract::Request, handler::Handler, response::Response};
use pin_project_lite::pin_project;

use crate::{
    guard::{Enforced, Exemption, Proven},
    limit::Reported,
    policy::{Access, Policy, Via},
};

use super::Guarded;

/// A handler as the router calls it. The adapter does what a policy needs outside of its guard:
///
/// - It writes the report of the limits to the response.
/// - It lets the arguments of an exempt handler use the exemption from the cross-site check.
/// - It replaces a response that the guard has not admitted.
#[derive(Clone)]
pub(super) struct Adapted<H> {
    handler: H,
    enforced: Enforced,
    reports_limits: bool,
    is_exempt: bool,
}

impl<H> Adapted<H> {
    pub(super) fn new<T: Guarded>(handler: H) -> Self {
        let policy = T::ENFORCED.policy();
        Self {
            handler,
            enforced: T::ENFORCED,
            reports_limits: reports_limits(policy),
            is_exempt: policy.is_csrf_exempt(),
        }
    }
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
    type Future = Proven<MaybeReported<H::Future>>;

    fn call(self, mut request: Request, state: S) -> Self::Future {
        if self.is_exempt {
            Exemption::of_handler(request.extensions_mut());
        }
        let response = self.handler.call(request, state);
        Proven::new(self.enforced, MaybeReported::new(self.reports_limits, response))
    }
}

pin_project! {
    /// The future of a handler, with or without the report of its limits.
    #[project = Projected]
    pub(super) enum MaybeReported<F> {
        Reported { #[pin] handler: Reported<F> },
        Plain { #[pin] handler: F },
    }
}

impl<F: Future> MaybeReported<F> {
    fn new(reports_limits: bool, handler: F) -> Self {
        if reports_limits { Self::Reported { handler: Reported::new(handler) } } else { Self::Plain { handler } }
    }
}

impl<F: Future<Output = Response>> Future for MaybeReported<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            Projected::Reported { handler } => handler.poll(context),
            Projected::Plain { handler } => handler.poll(context),
        }
    }
}
