//! Records what happens on one connection, and decides from it when the connection has to end.

mod guards;
mod resets;
mod stalls;
mod state;

pub(super) use guards::{OpenRequest, RunningTask};
pub(super) use stalls::{Stallable, stallable};
pub(super) use state::{Activity, Reason, Version};
