use core::{convert::Infallible, fmt};

use axum::{
    extract::Request,
    handler::Handler,
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter as AxumMethodRouter, Route},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::policy::{Access, Policy, Via};

use super::{
    Guarded,
    layers::{Exempt, ReportLimits},
    unmatched::Unmatched,
};

/// The handlers of one path by method, each with its policy. The functions in [`routing`](super::routing) create it.
#[must_use]
pub struct MethodRouter<S = ()> {
    inner: AxumMethodRouter<S>,
    pub(super) policies: Vec<(Methods, &'static Policy)>,
}

impl<S> fmt::Debug for MethodRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodRouter").field("policies", &self.policies).finish_non_exhaustive()
    }
}

/// The methods of one handler, as the matrix shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Methods {
    Any,
    These(Vec<&'static str>),
}

impl Methods {
    /// Returns whether all methods are safe: they must not change anything (RFC 9110, section 9.2.1).
    pub(super) fn are_safe(&self) -> bool {
        match self {
            Self::Any => false,
            Self::These(names) => names.iter().all(|name| matches!(*name, "GET" | "HEAD" | "OPTIONS" | "TRACE")),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
    pub(super) fn new() -> Self {
        Self { inner: AxumMethodRouter::<S>::new().layer(Unmatched::METHOD), policies: Vec::new() }
    }

    pub(super) fn any<H, T>(handler: H) -> Self
    where
        H: Handler<T, S>,
        T: Guarded + 'static,
    {
        let inner = match (tells_of_limits(T::POLICY), T::POLICY.is_csrf_exempt()) {
            (false, false) => axum::routing::any(handler),
            (false, true) => axum::routing::any(Exempt(handler)),
            (true, false) => axum::routing::any(ReportLimits(handler)),
            (true, true) => axum::routing::any(ReportLimits(Exempt(handler))),
        };
        Self { inner, policies: vec![(Methods::Any, T::POLICY)] }
    }

    /// Adds a handler for these methods.
    ///
    /// # Panics
    /// Panics when a method already has a handler, like axum: at start-up, never during a request.
    pub fn on<H, T>(mut self, filter: MethodFilter, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: Guarded + 'static,
    {
        self.inner = match (tells_of_limits(T::POLICY), T::POLICY.is_csrf_exempt()) {
            (false, false) => self.inner.on(filter, handler),
            (false, true) => self.inner.on(filter, Exempt(handler)),
            (true, false) => self.inner.on(filter, ReportLimits(handler)),
            (true, true) => self.inner.on(filter, ReportLimits(Exempt(handler))),
        };
        self.policies.push((Methods::These(names(filter)), T::POLICY));
        self
    }

    /// Wraps all handlers of this path in a `tower` layer.
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route<Infallible>> + Clone + Send + Sync + 'static,
        L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { inner: self.inner.layer(layer), policies: self.policies }
    }

    pub(super) fn into_inner(self) -> AxumMethodRouter<S> {
        self.inner
    }
}

/// Returns whether responses may report limits. They do when the handler has limits of its own, or when its policy
/// names API keys. A handler that accepts any credential mostly gets tokens, and all its requests would pay for the
/// report.
fn tells_of_limits(policy: &Policy) -> bool {
    let is_for_keys = match policy.access() {
        Access::Protected(protection) => protection.via() != Via::ANY && protection.via().accepts(Via::API_KEY),
        Access::Public { .. } => false,
    };
    is_for_keys || !policy.limits().is_empty()
}

macro_rules! chained {
    ($($name:ident $filter:ident $method:literal;)*) => {
        impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
            $(
                #[doc = concat!("Adds a handler for `", $method, "` requests.")]
                ///
                /// # Panics
                /// Panics when the method already has a handler: at start-up, never during a request.
                pub fn $name<H, T>(self, handler: H) -> Self
                where
                    H: Handler<T, S>,
                    T: Guarded + 'static,
                {
                    self.on(MethodFilter::$filter, handler)
                }
            )*
        }
    };
}

chained! {
    get GET "GET";
    post POST "POST";
    put PUT "PUT";
    patch PATCH "PATCH";
    delete DELETE "DELETE";
    head HEAD "HEAD";
    options OPTIONS "OPTIONS";
}

fn names(filter: MethodFilter) -> Vec<&'static str> {
    let all = [
        (MethodFilter::GET, "GET"),
        (MethodFilter::POST, "POST"),
        (MethodFilter::PUT, "PUT"),
        (MethodFilter::PATCH, "PATCH"),
        (MethodFilter::DELETE, "DELETE"),
        (MethodFilter::HEAD, "HEAD"),
        (MethodFilter::OPTIONS, "OPTIONS"),
        (MethodFilter::TRACE, "TRACE"),
        (MethodFilter::CONNECT, "CONNECT"),
    ];
    // `or` is the only operation of the filter: adding a method that it already contains changes nothing.
    all.into_iter().filter(|(one, _)| filter.or(*one) == filter).map(|(_, name)| name).collect()
}
