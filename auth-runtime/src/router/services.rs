use super::GuardedRouter;

/// Services that `nest_service` and its siblings accept: none. A guard stands before a handler, not before a service.
///
/// The methods exist so that the compiler says what to write in their place.
#[diagnostic::on_unimplemented(
    message = "this service does not say who may call it [AUTH137]",
    label = "added without a policy",
    note = "add it with `public_service(path, service, \"why everyone may call it\")`"
)]
pub trait GuardedServices: private::Sealed {}

#[doc(hidden)]
impl<S> GuardedRouter<S> {
    pub fn nest_service<T: GuardedServices>(self, _path: &str, _service: T) -> Self {
        self
    }

    pub fn route_service<T: GuardedServices>(self, _path: &str, _service: T) -> Self {
        self
    }

    pub fn fallback_service<T: GuardedServices>(self, _service: T) -> Self {
        self
    }
}

mod private {
    pub trait Sealed {}
}
