//! The functions `get`, `post` and so on, for handlers that declare a policy.
//!
//! They mirror `axum::routing`, but accept only handlers with a declaration of who may call them.
//!
//! The functions are written out. A macro would put its own lines into the compile error of a handler without a policy.

use axum::{handler::Handler, routing::MethodFilter};

use super::{Guarded, MethodRouter, Takes};

/// Routes all methods to `handler`.
pub fn any<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::any(handler)
}

/// Routes these methods to `handler`.
pub fn on<H, T, S>(filter: MethodFilter, handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::new().on(filter, handler)
}

/// Routes `GET` requests to `handler`.
pub fn get<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::GET, handler)
}

/// Routes `POST` requests to `handler`.
pub fn post<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::POST, handler)
}

/// Routes `PUT` requests to `handler`.
pub fn put<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::PUT, handler)
}

/// Routes `PATCH` requests to `handler`.
pub fn patch<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::PATCH, handler)
}

/// Routes `DELETE` requests to `handler`.
pub fn delete<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::DELETE, handler)
}

/// Routes `HEAD` requests to `handler`.
pub fn head<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::HEAD, handler)
}

/// Routes `OPTIONS` requests to `handler`.
pub fn options<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Takes<T> + Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::OPTIONS, handler)
}
