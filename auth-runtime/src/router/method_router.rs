use core::{convert::Infallible, fmt};

use axum::{
    extract::Request,
    handler::Handler,
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter as AxumMethodRouter, Route},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::policy::Policy;

use super::{
    Guarded, Takes,
    adapted::{Adapted, is_wrapped},
    unmatched::Unmatched,
};

/// The handlers of one path by method, each with its policy. The functions in [`routing`](super::routing) create it.
#[derive(Clone)]
#[must_use]
pub struct MethodRouter<S = ()> {
    inner: AxumMethodRouter<S>,
    pub(super) handlers: Vec<Declared>,
}

/// What the matrix shows of one handler.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) methods: Methods,
    pub(super) policy: &'static Policy,
    /// Whether a layer or another wrapper stands between the route and the handler.
    pub(super) has_layers: bool,
    /// Whether the policy was compared with the `Auth` of the state that the router was given.
    pub(super) has_met_auth: bool,
}

impl Declared {
    pub(super) fn new<H, T: Guarded>(methods: Methods) -> Self {
        let policy = T::ENFORCED.policy();
        Self { methods, policy, has_layers: is_wrapped::<H>(policy), has_met_auth: false }
    }
}

impl<S> fmt::Debug for MethodRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodRouter").field("handlers", &self.handlers).finish_non_exhaustive()
    }
}

/// The methods of one handler, as the matrix shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Methods {
    Any,
    These(Vec<&'static str>),
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::These(names) => f.write_str(&names.join(",")),
        }
    }
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
        Self { inner: AxumMethodRouter::<S>::new().layer(Unmatched::METHOD), handlers: Vec::new() }
    }

    pub(super) fn any<H, T>(handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        Self {
            inner: axum::routing::any(Adapted::new::<T>(handler)),
            handlers: vec![Declared::new::<H, T>(Methods::Any)],
        }
    }

    /// Adds a handler for these methods.
    ///
    /// # Panics
    /// Panics when a method already has a handler, like axum: at start-up, never during a request.
    #[track_caller]
    pub fn on<H, T>(mut self, filter: MethodFilter, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.inner = self.inner.on(filter, Adapted::new::<T>(handler));
        self.handlers.push(Declared::new::<H, T>(Methods::These(names(filter))));
        self
    }

    /// Wraps all handlers of this path in a `tower` layer. The layer runs before the guards, and the matrix marks the
    /// handlers.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route<Infallible>> + Clone + Send + Sync + 'static,
        L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.handlers.iter_mut().for_each(|handler| handler.has_layers = true);
        Self { inner: self.inner.layer(layer), handlers: self.handlers }
    }

    pub(super) fn into_inner(self) -> AxumMethodRouter<S> {
        self.inner
    }
}

// Written out, because a macro would put its own lines into the compile error of a handler without a policy.
impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
    /// Adds a handler for `GET` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn get<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::GET, handler)
    }

    /// Adds a handler for `POST` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn post<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::POST, handler)
    }

    /// Adds a handler for `PUT` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn put<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::PUT, handler)
    }

    /// Adds a handler for `PATCH` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn patch<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::PATCH, handler)
    }

    /// Adds a handler for `DELETE` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn delete<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::DELETE, handler)
    }

    /// Adds a handler for `HEAD` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn head<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::HEAD, handler)
    }

    /// Adds a handler for `OPTIONS` requests.
    ///
    /// # Panics
    /// Panics when the method already has a handler: at start-up, never during a request.
    #[track_caller]
    pub fn options<H, T>(self, handler: H) -> Self
    where
        H: Takes<T> + Handler<T, S>,
        T: Guarded + 'static,
    {
        self.on(MethodFilter::OPTIONS, handler)
    }
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
