//! What a `GuardedRouter` takes. Traits in place of types let the compiler say what to write for axum's own routes.

use super::{GuardedRouter, MethodRouter};

/// The handlers of one path, each with its policy. The functions in [`routing`](super::routing) create them.
#[diagnostic::on_unimplemented(
    message = "axum's own routes do not say who may call them [AUTH135]",
    label = "made without a policy",
    note = "use `get`, `post` and so on of `auth_runtime::prelude`, or add an axum router with `merge_unguarded`"
)]
pub trait GuardedRoutes<S>: private::Sealed {
    #[doc(hidden)]
    fn into_method_router(self) -> MethodRouter<S>;
}

/// A router whose handlers have policies.
#[diagnostic::on_unimplemented(
    message = "this router does not say who may call its routes [AUTH136]",
    label = "made without policies",
    note = "build it with `GuardedRouter`, or add it with `merge_unguarded(router, \"what controls its access\")`"
)]
pub trait GuardedRouters<S>: private::Sealed {
    #[doc(hidden)]
    fn into_guarded_router(self) -> GuardedRouter<S>;
}

#[diagnostic::do_not_recommend]
impl<S> GuardedRoutes<S> for MethodRouter<S> {
    fn into_method_router(self) -> MethodRouter<S> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<S> GuardedRouters<S> for GuardedRouter<S> {
    fn into_guarded_router(self) -> GuardedRouter<S> {
        self
    }
}

mod private {
    pub trait Sealed {}
    impl<S> Sealed for super::MethodRouter<S> {}
    impl<S> Sealed for super::GuardedRouter<S> {}
}
