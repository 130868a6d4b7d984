use auth_runtime::public;

use std::future::{Ready, ready};

#[public]
pub fn handler() -> Ready<&'static str> {
    ready("hello")
}

fn main() {}
