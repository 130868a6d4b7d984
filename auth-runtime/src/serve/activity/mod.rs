//! What happens on one connection.

mod guards;
mod resets;
mod stalls;
mod state;

pub(super) use guards::{OpenRequest, RunningTask};
pub(super) use stalls::{Stallable, stallable};
pub(super) use state::{Activity, Reason, Version};
