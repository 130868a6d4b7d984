//! Routers that require a policy for every handler, and the table of all policies.

mod adapted;
mod callers;
mod collisions;
mod completed;
mod contradiction;
mod demands;
mod describe;
mod entry;
mod grouped;
mod guarded;
mod guarded_routes;
mod layers;
mod matrix;
mod method_router;
mod narrowed;
mod narrowing;
mod parameters;
mod quotas;
#[cfg(feature = "web")]
mod route_methods;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod router;
pub mod routing;
mod serve;
mod services;
mod takes;
mod unmatched;

pub(crate) use demands::Handlers;
pub use guarded::Guarded;
pub use guarded_routes::GuardedRoutes;
pub use layers::{LimitHeaders, LimitHeadersService};
pub use matrix::{AccessMatrix, MatrixRow};
pub use method_router::MethodRouter;
#[cfg(feature = "web")]
pub(crate) use route_methods::RouteMethods;
pub use router::{GuardedRouter, GuardedRouters};
#[doc(hidden)]
pub use services::GuardedServices;
pub use takes::Takes;
