use super::MethodRouter;

/// The handlers of one path, each with its policy. The functions in [`routing`](super::routing) create them.
///
/// A trait in place of the type lets the compiler say what to write for axum's own routes.
#[diagnostic::on_unimplemented(
    message = "axum's own routes do not say who may call them [AUTH135]",
    label = "made without a policy",
    note = "use `get`, `post` and so on of `auth_runtime::prelude`, or add an axum router with `merge_unguarded`"
)]
pub trait GuardedRoutes<S>: private::Sealed {
    #[doc(hidden)]
    fn into_method_router(self) -> MethodRouter<S>;
}

#[diagnostic::do_not_recommend]
impl<S> GuardedRoutes<S> for MethodRouter<S> {
    fn into_method_router(self) -> MethodRouter<S> {
        self
    }
}

mod private {
    pub trait Sealed {}
    impl<S> Sealed for super::MethodRouter<S> {}
}
