//! Accounts of another system, from a CSV file.

mod error;
mod plan;
mod row;
mod seen;

pub use self::{
    error::{ImportError, RowFault},
    plan::{ImportPlan, Importer},
};
