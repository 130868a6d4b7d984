//! The functions `get`, `post` and so on, for handlers that declare a policy.
//!
//! They mirror `axum::routing`, but accept only handlers with a declaration of who may call them.

use axum::{handler::Handler, routing::MethodFilter};

use super::{Guarded, MethodRouter};

/// Routes all methods to `handler`.
pub fn any<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: Guarded + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::any(handler)
}

/// Routes these methods to `handler`.
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
        #[doc = concat!("Routes `", $method, "` requests to `handler`.")]
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
