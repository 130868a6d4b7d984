//! `#[check]`: an asynchronous function that a policy asks. The attribute keeps the function and adds a type of the same
//! name, which a policy can refer to and which knows how to extract the function's arguments.

mod attribute;
mod body;
mod expand;
mod lower;
mod model;
mod policies;

pub(crate) use attribute::attribute;

#[cfg(test)]
mod tests;
