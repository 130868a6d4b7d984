//! The workspace's programs, run as users run them: built, started in an empty folder, ended.

mod binary;
mod running;

pub use binary::binary;
pub use running::{PATIENCE, Running, run_in};
