use auth_runtime::public;

#[public]
mod handlers {}

fn main() {}
