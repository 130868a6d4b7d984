use core::future::Future;

use axum::{
    extract::{FromRequest, FromRequestParts},
    handler::{Handler, Layered},
    response::IntoResponse,
};

use crate::{
    guard::Guard,
    policy::{HasPolicy, Policy},
};

/// Handlers that `GuardedRouter` accepts: their arguments `T` begin with a [`Guard`], and all can be extracted in a router
/// with the state `S`.
///
/// `axum::handler::Handler` asks for everything at once, so all that the compiler can say is that something is missing.
/// Here the number of arguments alone finds out what they are ([`Takes`]); what each must be is then asked one by one
/// ([`Admits`]), and the one that is refused stands in the message.
#[diagnostic::on_unimplemented(
    message = "this is no handler",
    label = "neither a function nor a handler with layers",
    note = "a handler is an `async fn` of at most 16 arguments, of which the policy is one"
)]
pub trait GuardedHandler<T, S>: Sized {
    /// What the handler demands.
    const POLICY: &'static Policy;
    /// The same handler, of which axum knows that it is one.
    type Handler: Handler<T, S>;

    /// The handler itself.
    fn into_handler(self) -> Self::Handler;
}

impl<H: Takes<T>, T, S: Admits<H, T>> GuardedHandler<T, S> for H {
    const POLICY: &'static Policy = S::POLICY;
    type Handler = S::Handler;

    fn into_handler(self) -> S::Handler {
        S::handler(self)
    }
}

/// Functions that take the arguments `T`, and nothing else about them.
pub trait Takes<T> {}

#[diagnostic::do_not_recommend]
impl<L, H, T, S> Takes<T> for Layered<L, H, T, S> {}

/// Router states in which the handler `H` of the arguments `T` can be guarded.
///
/// The state is asked, not the handler, so that the compiler waits until it knows which state the router has. Else it
/// would guess one from the arguments, and complain about a router that nobody wrote.
#[diagnostic::on_unimplemented(
    message = "this handler does not say who may call it [AUTH130]",
    label = "no access declared",
    note = "write `#[public]`, `#[protected]` or another access attribute above the handler's `async fn`"
)]
pub trait Admits<H, T>: Sized {
    /// See [`GuardedHandler::POLICY`].
    const POLICY: &'static Policy;
    /// See [`GuardedHandler::Handler`].
    type Handler: Handler<T, Self>;

    /// See [`GuardedHandler::into_handler`].
    fn handler(handler: H) -> Self::Handler;
}

macro_rules! takes {
    ($($argument:ident)+) => {
        impl<F, Fut, M, $($argument),+> Takes<(M, $($argument,)+)> for F where F: FnOnce($($argument),+) -> Fut {}
    };
}

/// All arguments but the last read the head of the request only.
macro_rules! guarded {
    ($($argument:ident)*) => {
        takes!(Head $($argument)* Last);

        impl<F, Fut, Answer, S, M, P, $($argument,)* Last> Admits<F, (M, Guard<P>, $($argument,)* Last)> for S
        where
            F: FnOnce(Guard<P>, $($argument,)* Last) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Answer> + Send,
            Answer: IntoResponse,
            S: Send + Sync + 'static,
            P: HasPolicy,
            Guard<P>: FromRequestParts<S>,
            $($argument: FromRequestParts<S> + Send,)*
            Last: FromRequest<S, M> + Send,
        {
            const POLICY: &'static Policy = &P::POLICY;
            type Handler = F;

            fn handler(handler: F) -> F {
                handler
            }
        }
    };
}

impl<F, Fut> Takes<((),)> for F where F: FnOnce() -> Fut {}
takes!(Only);

/// A handler that takes the guard alone.
impl<F, Fut, Answer, S, M, P> Admits<F, (M, Guard<P>)> for S
where
    F: FnOnce(Guard<P>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Answer> + Send,
    Answer: IntoResponse,
    S: Send + Sync + 'static,
    P: HasPolicy,
    Guard<P>: FromRequest<S, M>,
{
    const POLICY: &'static Policy = &P::POLICY;
    type Handler = F;

    fn handler(handler: F) -> F {
        handler
    }
}

/// A handler with layers of its own, as `axum::handler::Handler::layer` makes it.
impl<L, H, T, S> Admits<Layered<L, H, T, S>, T> for S
where
    S: Admits<H, T>,
    Layered<L, H, T, S>: Handler<T, S>,
{
    const POLICY: &'static Policy = S::POLICY;
    type Handler = Layered<L, H, T, S>;

    fn handler(handler: Self::Handler) -> Self::Handler {
        handler
    }
}

// axum's handlers take at most sixteen arguments, of which the guard is the first.
guarded!();
guarded!(T1);
guarded!(T1 T2);
guarded!(T1 T2 T3);
guarded!(T1 T2 T3 T4);
guarded!(T1 T2 T3 T4 T5);
guarded!(T1 T2 T3 T4 T5 T6);
guarded!(T1 T2 T3 T4 T5 T6 T7);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13);
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14);
