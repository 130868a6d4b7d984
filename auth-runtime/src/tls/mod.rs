//! Certificates from files, and their reload.

mod certificate;
mod files;

pub(crate) use certificate::{Certificate, Reloaded};
pub(crate) use files::{TlsFault, TlsFiles};
