//! The pages. maud escapes each text that stands in `( … )`.

mod club;
mod fields;
mod people;
mod refusals;
mod register;
mod view;

pub(crate) use club::{dues, events, home, outbox};
pub(crate) use people::people;
pub(crate) use refusals::refusals;
pub(crate) use register::{register, sign_in};
pub(crate) use view::View;
