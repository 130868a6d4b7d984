//! `#[check]`: an asynchronous function that a policy runs. The attribute keeps the function and adds a type with the
//! same name. A policy can refer to the type, which extracts the function's arguments.

mod asked;
mod attribute;
mod body;
mod expand;
mod lower;
mod model;
mod plain;
mod policies;

pub(crate) use attribute::attribute;

#[cfg(test)]
mod tests;
