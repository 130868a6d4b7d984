//! `get`, `post` and their kin for handlers that declare a policy.
//!
//! They mirror `axum::routing` and accept nothing that does not say who may call it.

use axum::{handler::Handler, routing::MethodFilter};

use super::{Guarded, MethodRouter};

/// Route every method to `handler`.
pub fn any<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::any(handler)
}

/// Route these methods to `handler`.
pub fn on<H, T, S>(filter: MethodFilter, handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::new().on(filter, handler)
}

macro_rules! top_level {
    ($($name:ident $filter:ident $method:literal;)*) => {$(
        #[doc = concat!("Route `", $method, "` requests to `handler`.")]
        pub fn $name<H, T, S>(handler: H) -> MethodRouter<S>
        where
            H: Handler<T, S>,
            T: Guarded + 'static,
            S: Clone + Send + Sync + 'static,
        {
            on(MethodFilter::$filter, handler)
        }
    )*};
}

top_level! {
    get GET "GET";
    post POST "POST";
    put PUT "PUT";
    patch PATCH "PATCH";
    delete DELETE "DELETE";
    head HEAD "HEAD";
    options OPTIONS "OPTIONS";
}
