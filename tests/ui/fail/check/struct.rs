use auth_runtime::check;

#[check]
struct OwnsPost;

fn main() {}
