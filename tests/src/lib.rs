//! Code that the test binaries of this crate share.

mod demands;
mod error_pages;
pub mod http;
pub mod markdown;
pub mod packages;
pub mod postgres;
pub mod program;
pub mod programs;
pub mod shapes;

pub use demands::demands;
pub use error_pages::{ErrorPage, error_pages, files, read, root};

/// Compiles and runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
