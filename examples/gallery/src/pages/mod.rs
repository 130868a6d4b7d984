//! The pages. maud escapes each text that stands in `( … )`; only `Sanitized` goes out as HTML.

mod fields;
mod home;
mod join;
mod picture;
mod refusals;
mod view;

pub(crate) use home::{home, sign_in};
pub(crate) use join::join;
pub(crate) use picture::{picture, upload};
pub(crate) use refusals::refusals;
pub(crate) use view::View;
