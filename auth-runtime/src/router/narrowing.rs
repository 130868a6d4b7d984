use core::{
    convert::Infallible,
    future::Future,
    marker::PhantomData,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Extension, Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::Route,
};
use tower_layer::Layer;
use tower_service::Service;
use tracing::Level;

use crate::{
    auth::HasAuth,
    error::INTERNAL,
    guard::{RunChecks, admit},
    limit::Reported,
    policy::{HasPolicy, Policy},
};

use super::parameters::TARGET;

/// A policy that every route of a router must pass, besides the policies of the routes.
#[derive(Debug)]
pub(super) struct Narrowing<S> {
    pub(super) policy: &'static Policy,
    around_routes: fn(Router<S>) -> Router<S>,
    around_all: fn(Router<S>) -> Router<S>,
}

impl<S> Clone for Narrowing<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Narrowing<S> {}

impl<S: HasAuth + Clone + Send + Sync + 'static> Narrowing<S> {
    pub(super) fn of<P>() -> Self
    where
        P: HasPolicy,
        P::Checks: RunChecks<S>,
    {
        Self {
            policy: const { &P::POLICY },
            around_routes: |router| router.route_layer(GroupGuard::<P, S>(PhantomData)),
            around_all: |router| router.layer(GroupGuard::<P, S>(PhantomData)),
        }
    }
}

impl<S> Narrowing<S> {
    /// Puts the policy around the router's routes, and around its fallback if it has one of its own.
    pub(super) fn around(self, router: Router<S>, has_fallback: bool) -> Router<S> {
        if has_fallback { (self.around_all)(router) } else { (self.around_routes)(router) }
    }
}

/// Gives all routes of a router the state that their group's guard needs. axum gives layers no state.
pub(super) fn with_state_for_groups<S, S2>(router: Router<S2>, state: S) -> Router<S2>
where
    S: Clone + Send + Sync + 'static,
    S2: Clone + Send + Sync + 'static,
{
    router.layer(Extension(StateOf(state)))
}

#[derive(Clone)]
struct StateOf<S>(S);

/// The layer that enforces the policy `P` for a group of routes.
struct GroupGuard<P, S>(PhantomData<fn() -> (P, S)>);

impl<P, S> Clone for GroupGuard<P, S> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<P, S> Layer<Route> for GroupGuard<P, S> {
    type Service = GroupGuarded<P, S>;

    fn layer(&self, inner: Route) -> Self::Service {
        GroupGuarded { inner, policy: PhantomData }
    }
}

struct GroupGuarded<P, S> {
    inner: Route,
    policy: PhantomData<fn() -> (P, S)>,
}

impl<P, S> Clone for GroupGuarded<P, S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), policy: PhantomData }
    }
}

impl<P, S> Service<Request> for GroupGuarded<P, S>
where
    S: HasAuth + Clone + Send + Sync + 'static,
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.inner, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let next = self.inner.clone();
        let ready = mem::replace(&mut self.inner, next);
        let answer = answer::<P, S>(ready, request);
        if P::POLICY.limits().is_empty() { Box::pin(answer) } else { Box::pin(Reported::new(answer)) }
    }
}

async fn answer<P, S>(mut inner: Route, request: Request) -> Result<Response, Infallible>
where
    S: HasAuth + Clone + Send + Sync + 'static,
    P: HasPolicy,
    P::Checks: RunChecks<S>,
{
    let (mut parts, body) = request.into_parts();
    let Some(StateOf(state)) = parts.extensions.get::<StateOf<S>>().cloned() else {
        tracing::event!(
            target: TARGET, Level::ERROR, policy = P::POLICY.full_name(), outcome = "failed", reason = "group_without_state",
            error = "the state of a router with `narrowed_by` did not reach its routes: a layer removed it from the request",
        );
        return Ok(INTERNAL.into_response());
    };
    match admit::<S, P>(&state.auth(), &mut parts, &state).await {
        Ok(()) => inner.call(Request::from_parts(parts, body)).await,
        Err(rejection) => Ok(rejection.into_response()),
    }
}
