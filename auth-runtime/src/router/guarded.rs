use crate::{
    guard::Guard,
    policy::{HasPolicy, Policy, Rule},
};

/// Argument lists of handlers that begin with a [`Guard`]: what `GuardedRouter` accepts.
#[diagnostic::on_unimplemented(
    message = "this handler does not say who may call it [AUTH130]",
    label = "no access declared",
    note = "write `#[public]`, `#[protected]` or another access attribute above the handler's `async fn`"
)]
pub trait Guarded {
    /// What the handler demands.
    const POLICY: &'static Policy;
}

/// The argument of no handler. Were [`Guard`] the only first argument of its arity, the compiler would take it for granted
/// and complain about the arguments that are there; with two to choose from it looks at the handler, and finds neither.
enum Undeclared {}

macro_rules! guarded {
    ($($argument:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<M, P: HasPolicy, $($argument),*> Guarded for (M, Guard<P>, $($argument,)*) {
            const POLICY: &'static Policy = &P::POLICY;
        }

        #[diagnostic::do_not_recommend]
        impl<M, $($argument),*> Guarded for (M, Undeclared, $($argument,)*) {
            const POLICY: &'static Policy = &Policy::protected("").rule(Rule::Any(&[]));
        }
    };
}

// axum's handlers take at most sixteen arguments, of which the guard is the first. The last argument of a handler stands
// where `T1 … Tn` end; a handler that takes the guard alone has it in the last place.
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
