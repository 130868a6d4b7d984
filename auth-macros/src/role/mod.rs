//! `#[derive(Role)]`: what was written ([`syntax`]) is checked ([`lower`], [`name`], [`hierarchy`]) into what it means
//! ([`model`]), from which the implementations are written ([`expand`]).

mod derive;
mod expand;
mod hierarchy;
mod lower;
mod model;
mod name;
mod syntax;

pub(crate) use derive::derive;

#[cfg(test)]
mod tests;
