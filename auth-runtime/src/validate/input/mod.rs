//! Reads what [`Valid`](super::Valid) stands around.

mod csrf_form;
mod fields;
mod form;
mod json;
mod path;
mod query;
