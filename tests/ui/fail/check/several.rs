use auth_runtime::check;

#[check(strict)]
fn owns_post<T>(_: T) {}

fn main() {}
