use crate::{
    guard::{Enforced, Guard},
    policy::{HasPolicy, Policy, Rule},
};

/// The argument lists of handlers that begin with a [`Guard`]. `GuardedRouter` accepts only these.
///
/// This crate implements the trait; no other crate can. A type of yours that implements axum's `Handler` for these
/// argument lists may wrap a guarded handler, if it implements [`Takes`](super::Takes), too. So may a layer on the
/// handler (`Handler::layer`). It must call that handler, on its own task: a response below 400 without the handler's
/// guard becomes 500, with an event. The wrapper has run by then. A redirection in place of the guard's refusal passes.
/// The access matrix marks wrapped handlers.
///
/// Put layers that answer by themselves, or run what they wrap on another task, on the
/// [`MethodRouter`](super::MethodRouter) or the router. This check finds mistakes, not malice: a wrapper that calls the
/// handler with another state or another request is not found.
#[diagnostic::on_unimplemented(
    message = "this handler does not say who may call it [AUTH130]",
    label = "no access declared",
    note = "declare it above the handler's `async fn`: `#[protected]`, `#[public(because = \"…\")]` or another access attribute"
)]
pub trait Guarded {
    /// The handler's requirements. Other crates cannot name the type, and so cannot implement the trait.
    #[doc(hidden)]
    const ENFORCED: Enforced;
}

/// An argument that no handler has. It gives the compiler a second choice for the first argument. If [`Guard`] were the
/// only choice, the compiler would assume it and complain about the handler's other arguments. With two choices, it
/// examines the handler and finds that neither fits.
enum Undeclared {}

impl HasPolicy for Undeclared {
    const POLICY: Policy = Policy::protected("").with_rule(Rule::Any(&[]));
    type Checks = ();
}

macro_rules! guarded {
    ($($argument:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<M, P: HasPolicy, $($argument),*> Guarded for (M, Guard<P>, $($argument,)*) {
            const ENFORCED: Enforced = Enforced::of::<P>();
        }

        #[diagnostic::do_not_recommend]
        impl<M, $($argument),*> Guarded for (M, Undeclared, $($argument,)*) {
            const ENFORCED: Enforced = Enforced::of::<Undeclared>();
        }
    };
}

// axum's handlers take at most sixteen arguments, and the guard is the first of them. The handler's last argument takes
// the position after `T1 … Tn`. A handler that takes the guard alone has it in the last position.
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
guarded!(T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14 T15);
