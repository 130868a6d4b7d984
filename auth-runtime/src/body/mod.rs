//! The bounds of a request's body: how long it may be, and in which time it must have arrived.
//!
//! The body of a request is wrapped before its handler is known, and the guard says later which bounds it has:
//!
//! 1. A layer or the router's adapter wraps the body, and keeps the request's [`Bounds`].
//! 2. The guard admits the request, and writes the bounds of its policy there.
//! 3. The wrapped body ends with an error at a bound.
//! 4. The layer turns the answer that follows from the error into 413 or 408.

mod answer;
mod bounded;
mod bounds;
mod cut;
mod event;
mod written;

#[cfg(feature = "web")]
pub(crate) use bounded::{Bounds, bound};
pub(crate) use bounded::{answered, watch};
pub(crate) use cut::TOO_LARGE;
pub(crate) use written::{Unbounded, write};
