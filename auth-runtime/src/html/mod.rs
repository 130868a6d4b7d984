//! Output that carries text of users: HTML that cannot run, JSON that browsers take for nothing else, and cells of CSV
//! that are no formulas.
//!
//! Templates escape text. This module is for the places where that is not enough. Users may write some HTML there, data
//! stand inside a `<script>` element, or a spreadsheet opens a file.
//!
//! ```
//! use auth_runtime::html::{Sanitized, csv_cell, json_for_script};
//!
//! let comment = Sanitized::new("<b>Hello</b><script>alert(1)</script> <a href=\"javascript:alert(1)\">you</a>");
//! assert_eq!(comment.as_str(), r#"<b>Hello</b> <a rel="noopener noreferrer">you</a>"#);
//! assert_eq!(json_for_script(&"</script>").unwrap(), r#""\u003c/script\u003e""#);
//! assert_eq!(csv_cell("=1+1"), "'=1+1");
//! ```

mod csv;
mod json;
mod sanitized;

pub use csv::csv_cell;
pub use json::{InertJson, json_for_script};
pub use sanitized::Sanitized;
