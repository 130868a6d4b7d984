//! Rules that many types have. Each is a function for `#[validate(custom(function = …))]`.

mod date;
mod list;
mod password;
mod text;
mod url;

pub use date::{date, date_between};
pub use list::unique;
pub use password::{Password, password};
pub use text::{email, phone, plain_lines, plain_text, slug, trimmed, username};
pub use url::{http_url, https_url, url};
