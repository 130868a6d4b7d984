//! `#[derive(Role)]`: [`lower`], [`name`] and [`hierarchy`] check the enum as written ([`syntax`]) and produce its
//! meaning ([`model`]). From the meaning, [`expand`] emits the implementations.

mod derive;
mod expand;
mod hierarchy;
mod lower;
mod model;
mod name;
mod syntax;

pub(crate) use derive::derive;
pub(crate) use expand::own;

#[cfg(test)]
mod tests;
