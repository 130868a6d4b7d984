//! The import of another system's accounts from a CSV file.

mod error;
mod plan;
mod row;
mod seen;

pub use self::{
    error::{ImportError, RowError},
    plan::{ImportPlan, Importer},
};
