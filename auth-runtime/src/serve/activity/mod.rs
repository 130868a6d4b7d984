//! What happens on one connection.

mod guards;
mod resets;
mod state;

pub(super) use guards::{OpenRequest, RunningTask};
pub(super) use state::{Activity, Reason, Version};
