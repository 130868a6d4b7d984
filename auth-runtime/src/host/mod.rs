//! Hosts in the one spelling in which they are compared, and the list of a service's own.

mod hosts;
mod name;

pub use hosts::{Hosts, HostsError, HostsFault};
pub(crate) use name::Host;
