use axum::{
    Json,
    handler::Layered,
    http::StatusCode,
    response::{Html, Redirect, Response},
    routing::MethodRouter,
};

/// The values that a route accepts as a handler. `T` is the handler's list of arguments, as in axum's `Handler<T, S>`.
///
/// Functions, closures, and handlers under a layer (`Handler::layer`) implement this trait. It decides nothing about
/// access: [`Guarded`](super::Guarded) does. It tells the compiler the arguments before the compiler looks for an
/// implementation of axum's `Handler`. The compiler then examines one of axum's implementations in place of all
/// seventeen, which makes it faster.
///
/// Implement it for a type of yours that wraps a handler:
///
/// ```
/// use auth_runtime::router::Takes;
///
/// #[derive(Clone)]
/// struct Timed<H>(H);
///
/// impl<T, H: Takes<T>> Takes<T> for Timed<H> {}
/// ```
#[diagnostic::on_unimplemented(
    message = "the arguments of the handler `{Self}` are not known [AUTH151]",
    label = "neither a function nor a wrapper that implements `Takes`",
    note = "pass the handler's function; for a type `W<H>` of yours around a handler, write \
            `impl<T, H: Takes<T>> Takes<T> for W<H>` with an empty body"
)]
pub trait Takes<T> {}

macro_rules! takes {
    ($($argument:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<F, O, M, $($argument),*> Takes<(M, $($argument,)*)> for F where F: FnOnce($($argument),*) -> O {}
    };
}

#[diagnostic::do_not_recommend]
impl<F, O> Takes<((),)> for F where F: FnOnce() -> O {}
takes!(T1);
takes!(T1 T2);
takes!(T1 T2 T3);
takes!(T1 T2 T3 T4);
takes!(T1 T2 T3 T4 T5);
takes!(T1 T2 T3 T4 T5 T6);
takes!(T1 T2 T3 T4 T5 T6 T7);
takes!(T1 T2 T3 T4 T5 T6 T7 T8);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14 T15);
takes!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14 T15 T16);

#[diagnostic::do_not_recommend]
impl<L, H, T, S> Takes<T> for Layered<L, H, T, S> {}

// axum accepts an answer or a method router in place of a handler. These values declare no policy, and `Guarded` says
// so. With these implementations, it is the only error.

#[diagnostic::do_not_recommend]
impl<T> Takes<T> for &'static str {}
#[diagnostic::do_not_recommend]
impl<T> Takes<T> for String {}
#[diagnostic::do_not_recommend]
impl<T> Takes<T> for StatusCode {}
#[diagnostic::do_not_recommend]
impl<T> Takes<T> for Response {}
#[diagnostic::do_not_recommend]
impl<T> Takes<T> for Redirect {}
#[diagnostic::do_not_recommend]
impl<T, B> Takes<T> for Json<B> {}
#[diagnostic::do_not_recommend]
impl<T, B> Takes<T> for Html<B> {}
#[diagnostic::do_not_recommend]
impl<T, S> Takes<T> for MethodRouter<S> {}
